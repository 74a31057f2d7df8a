"""What one sees below a window: the screen under it, dimmed."""

from collections.abc import Sequence
from typing import Any

from textual._context import visible_screen_stack
from textual.css.styles import RulesMap
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import Screen
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual


class Below(Visual):
    """Lines that are drawn already."""

    def __init__(self, strips: Sequence[Strip]) -> None:
        self._strips = strips

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """The lines."""
        return list(self._strips)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """As wide as they are."""
        return max((strip.cell_length for strip in self._strips), default=0)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """As many as they are."""
        return len(self._strips)


def below(window: Screen[Any]) -> Below | None:
    """What is seen below a window; None where it lets nothing be seen."""
    visible_screen_stack.set(window.app._background_screens)
    seen = Screen.render(window)
    if not isinstance(seen, BackgroundScreen):
        return None
    dimmed = (
        Strip(seen.process_segments(strip, seen.color), strip.cell_length).apply_style(window.rich_style)
        for strip in seen.screen._compositor.render_strips()
    )
    return Below(list(dimmed))
