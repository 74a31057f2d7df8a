"""Screens that are drawn once as they open, let everything else have its turn, and stand still while covered."""

import asyncio
from typing import TypeVar

from textual import events
from textual.app import RenderResult
from textual.geometry import Size
from textual.screen import Screen

from tui.screens.below import Below, below

T = TypeVar("T")


class QuietScreen(Screen[T]):
    """A screen that handles one event at a time, and is not drawn more often than it is seen to change.

    Textual goes through all that waits for a screen in one go, and as it opens it has the styles of everything on it
    found three times, and draws it four times: as it comes into sight, at its size, with the classes of its size, and
    once more.

    Where a screen is covered, Textual draws the one above as a whole whenever anything changes in the one below: while
    a model trains, ten times a second, and over the line all of it.
    """

    _has_size = False
    _below: Below | None = None
    """What is seen below it as it opens: half of the work of its first drawing, and done before."""

    @property
    def is_current(self) -> bool:
        """Whether it is to be drawn: only the one on top is. Through a window one sees what was below it."""
        return self.is_active and self._has_size

    async def on_event(self, event: events.Event) -> None:
        """Handle it, and let the event loop go round until it has looked for keys and for what is due."""
        if isinstance(event, events.Resize) and event.size != self.app.size:
            return  # the terminal has another by now; laid out for both, they would follow each other for ever
        if isinstance(event, events.Compose):
            self._take_classes_of_size()
        elif isinstance(event, events.ScreenResume) and not self._has_size:
            event.refresh_styles = False
        await super().on_event(event)
        if isinstance(event, events.Resize) and not self._has_size:
            self._has_size, self._repaint_required = True, False
            self._below = below(self)
            self.refresh(repaint=False, layout=True)  # which draws all of it
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    def render(self) -> RenderResult:  # type: ignore[override]  # what any widget may give
        """Its ground, or what is seen below it."""
        if self._below is None:
            return super().render()
        seen, self._below = self._below, None
        return seen

    def _screen_resized(self, size: Size) -> None:
        """Lay it out, if it is not laid out for this size already."""
        if self._layout_required or size != self._compositor.size:
            super()._screen_resized(size)
        if self.is_modal:
            self.refresh()  # what one sees below it is laid out after it

    def _take_classes_of_size(self) -> None:
        """What is mounted afterwards has the right styles at once."""
        width, height = self.app.size
        for size, breakpoints in ((width, self.HORIZONTAL_BREAKPOINTS), (height, self.VERTICAL_BREAKPOINTS)):
            self.add_class(*self._get_breakpoint_classes(size, breakpoints or []))
