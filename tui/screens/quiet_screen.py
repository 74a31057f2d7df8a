"""Screens that let everything else have its turn, and that stand still while another one is over them."""

import asyncio
from typing import TypeVar

from textual.events import Event
from textual.screen import Screen

T = TypeVar("T")


class QuietScreen(Screen[T]):
    """A screen that handles one event at a time, and is not drawn while it is covered.

    Textual goes through all that waits for a screen in one go. When it opens it comes into sight, gets its size, and
    gets the classes of that size: it is drawn after each, and in all that is long enough to be noticed.

    Where a screen is covered, Textual draws the one above as a whole whenever anything changes in the one below: while
    a model trains, ten times a second, and over the line all of it.
    """

    @property
    def is_current(self) -> bool:
        """Whether it is to be drawn: only the one on top is. Through a window one sees what was below it."""
        return self.is_active

    async def on_event(self, event: Event) -> None:
        """Handle it, and let the event loop go round."""
        await super().on_event(event)
        await asyncio.sleep(0)
