"""The main screen while the terminal changes its size."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.apps import app_on, document, keys, main_screen, pane, press, running
from tests.tui.picture import settled

TINY, SMALL, LARGE = (20, 5), (80, 24), (120, 40)


async def resized(pilot: Pilot[None], *sizes: tuple[int, int]) -> None:
    """Make the terminal so large, one size after the other."""
    for size in sizes:
        await pilot.resize_terminal(*size)
        await settled(pilot)


@pytest.mark.parametrize("before", [[], ["tab"], ["tab", "tab"], ["3"], ["3", "shift+tab"], ["slash"]])
async def test_what_had_the_focus_has_it_again(tmp_path: Path, before: list[str]) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, *before)
        focused = pilot.app.focused
        for size in (SMALL, LARGE):
            await resized(pilot, TINY, size)
            assert pilot.app.focused is focused
            assert focused and focused.region


@pytest.mark.parametrize("window", ["ctrl+p", "f1", "comma", "a"])
async def test_behind_a_window_nothing_else_gets_the_focus(tmp_path: Path, window: str) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, window)
        await resized(pilot, TINY, (1, 1), LARGE)
        await press(pilot, "escape")
        assert "a Add" in keys(pilot)

        await press(pilot, "down", "d")
        assert document(pilot).edited == 1
        assert pane(pilot).rows is main_screen(pilot).focused
