"""The main screen as a whole: its panes at any size, and windows over it."""

from pathlib import Path

from tests.tui.apps import app_on, first_border, lines, press, running
from tui.widgets.example_list import ExampleList
from tui.widgets.prompt_line import PromptLine


async def test_the_keys_1_to_3_go_to_the_panes_on_any_terminal(tmp_path: Path) -> None:
    for size in [(120, 40), (80, 24)]:
        async with running(app_on(tmp_path), size) as pilot:
            await press(pilot, "2")
            assert pilot.app.screen.query_one("#training").has_focus_within
            await press(pilot, "3")
            assert isinstance(pilot.app.focused, PromptLine)
            await press(pilot, "escape")
            assert isinstance(pilot.app.focused, ExampleList)


async def test_a_small_terminal_shows_one_pane_at_a_time(tmp_path: Path) -> None:
    async with running(app_on(tmp_path), (80, 24)) as pilot:
        await press(pilot, "2")

        shown = [
            pilot.app.screen.query_one(f"#{name}").region.height > 0 for name in ("examples", "training", "console")
        ]
        assert shown == [False, True, False]


async def test_where_one_pane_fits_the_others_are_tabs_in_its_border(tmp_path: Path) -> None:
    async with running(app_on(tmp_path), (80, 24)) as pilot:
        assert first_border(pilot).startswith("1 Examples  2 Training  3 Console ──")
        await pilot.click(offset=(first_border(pilot).index("2") + 4, 1))
        await press(pilot)
        assert pilot.app.screen.query_one("#training").has_focus_within

    async with running(app_on(tmp_path), (120, 40)) as pilot:
        assert first_border(pilot).startswith("1 Examples ──")


async def test_a_tiny_terminal_says_what_it_needs_and_loses_nothing(tmp_path: Path) -> None:
    async with running(app_on(tmp_path), (50, 12)) as pilot:
        assert pilot.app.screen.query_one("#too-small").region.height > 0

        await pilot.resize_terminal(120, 40)
        await press(pilot)
        assert len(lines(pilot)) == 10


async def test_a_question_stands_in_the_middle(tmp_path: Path) -> None:
    async with running(app_on(tmp_path), (80, 24)) as pilot:
        for key in ("e", "b", "m", "f"):
            await press(pilot, key)
            window = pilot.app.screen.query(".dialog, #form").first().region
            assert abs((80 - window.right) - window.x) <= 1
            await press(pilot, "escape")


async def test_nothing_shines_through_the_screens(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "o")

        assert [screen.styles.background.a for screen in pilot.app.screen_stack] == [1, 1, 1]
