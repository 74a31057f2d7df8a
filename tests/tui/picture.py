"""A screen as a picture that is the same on every machine: what the snapshot tests compare."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input, TextArea
from textual.worker import WorkerCancelled

from tests.tui.stillness import all_handled
from tui.screens.engine_actions import LIVE


def at(*sizes: tuple[int, int]) -> pytest.MarkDecorator:
    """Run the test at each of these sizes, columns by lines."""
    return pytest.mark.parametrize("size", sizes, ids=[f"{width}x{height}" for width, height in sizes])


at_both_sizes = at((80, 24), (120, 40))
"""Those at which every screen has its picture; key screens have one at 60x16, too."""

Before = Callable[[Pilot[None]], Awaitable[None]]


class Picture(Protocol):
    """Compares the app's screen with its picture."""

    def __call__(self, app: App[None], size: tuple[int, int], *keys: str, before: Before | None = None) -> bool: ...


async def settled(pilot: Pilot[None]) -> None:
    """Wait until nothing is on its way: workers done (not those that follow a run), messages handled, no blinking."""
    await all_handled()
    while pending := [each for each in pilot.app.workers if each.group != LIVE and not each.is_finished]:
        with suppress(WorkerCancelled):
            await pilot.app.workers.wait_for_complete(pending)
        await all_handled()
    for screen in pilot.app.screen_stack:
        for widget in [*screen.query(Input), *screen.query(TextArea)]:
            widget.cursor_blink = False
    await all_handled()
