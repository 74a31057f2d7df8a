"""The main screen while the terminal changes its size."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.apps import app_on, document, keys, main_screen, pane, press, running
from tests.tui.fake_engine import FakeEngine, Told, recording
from tests.tui.picture import settled
from tui.widgets.top_line import TopLine

RUN = "ab12-instruction-tune"
TWO_TASKS = Path(__file__).parents[1] / "recordings" / "two_tasks.toml"
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


async def test_the_first_line_says_what_there_is_room_for(tmp_path: Path) -> None:
    story = recording("finished", RUN)
    engine = FakeEngine({RUN: Told(story[:120], story[120:])})
    async with running(app_on(tmp_path, engine, TWO_TASKS), SMALL) as pilot:
        line = main_screen(pilot).query_one(TopLine)
        assert "MB" not in line.right.plain
        await resized(pilot, LARGE)
        assert "MB" in line.right.plain


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
