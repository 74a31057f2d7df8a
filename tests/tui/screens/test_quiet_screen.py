"""Screens that let others have their turn, and stand still while they are covered."""

import asyncio
from pathlib import Path

from textual.app import ComposeResult, RenderResult
from textual.events import Key, Resize
from textual.geometry import Size
from textual.widget import Widget

from tests.tui.apps import app_on, main_screen, press, running
from tests.tui.fake_engine import FakeEngine, Told, recording
from tests.tui.picture import settled
from tests.tui.stage import Stage
from tui.screens.quiet_screen import QuietScreen
from tui.widgets.top_line import TopLine


class Counting(QuietScreen[None]):
    """Counts the keys that it has handled."""

    handled = 0

    def on_key(self) -> None:
        self.handled += 1


class Inside(Widget):
    """Notes the classes of its screen whenever it is drawn."""

    def render(self) -> RenderResult:
        assert isinstance(self.screen, Sized)
        self.screen.drawn_with.append(set(self.screen.classes))
        return ""


class Sized(QuietScreen[None]):
    """Has classes of its size."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-wide"), (100, "-wider")]  # noqa: RUF012 (as Textual has it)
    VERTICAL_BREAKPOINTS = [(30, "-high")]  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        self.drawn_with: list[set[str]] = []

    def compose(self) -> ComposeResult:
        yield Inside()


async def test_a_screen_is_drawn_with_the_classes_of_its_size_from_the_first() -> None:
    screen = Sized()
    async with Stage(screen).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert [each for each in screen.drawn_with if each != {"-wide"}] == []

        await pilot.resize_terminal(120, 40)
        await settled(pilot)
        assert screen.classes == {"-wider", "-high"}


async def test_a_screen_that_opens_is_drawn_once(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        drawn: list[str] = []
        pilot.app._display = lambda screen, renderable: drawn.append(type(screen).__name__)  # type: ignore[method-assign]
        for key in ("comma", "escape", "f1"):
            await press(pilot, key)

        assert drawn.count("SettingsScreen") == drawn.count("HelpScreen") == 1


async def test_a_size_that_the_terminal_has_no_more_is_passed_over() -> None:
    screen = Sized()
    async with Stage(screen).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for width in (120, 80, 120):
            screen.post_message(Resize(Size(width, 40), Size(width, 40)))
        await settled(pilot)

        assert screen.size == (80, 24)
        assert screen.classes == {"-wide"}


async def test_others_have_their_turn_between_two_events() -> None:
    screen = Counting()
    async with Stage(screen).run_test() as pilot:
        await settled(pilot)
        for key in "abc":
            screen.post_message(Key(key, key))
        seen = []
        while screen.handled < 3:
            await asyncio.sleep(0)
            seen.append(screen.handled)

        assert {1, 2} < set(seen)


async def test_a_screen_below_a_window_is_not_drawn_and_catches_up(tmp_path: Path) -> None:
    story = recording("finished", "ab12-tuning")
    engine = FakeEngine({"ab12-tuning": Told(story[:20], story[20:])}, scenario="greetings")
    async with running(app_on(tmp_path, engine)) as pilot:
        await press(pilot, "question_mark")
        drawn: list[object] = []
        pilot.app._display = lambda screen, renderable: drawn.append(renderable)  # type: ignore[method-assign]

        await engine.finish("ab12-tuning")
        await settled(pilot)
        assert main_screen(pilot).query_one(TopLine).right.plain == "engine ready"
        assert not drawn

        await press(pilot, "escape")
        assert drawn


async def test_what_is_seen_below_a_window_is_drawn_at_the_size_of_the_terminal(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "question_mark")
        below = main_screen(pilot).query_one("#examples")
        widths: list[int] = []
        pilot.app._display = lambda screen, renderable: widths.append(below.outer_size.width)  # type: ignore[method-assign]
        await pilot.resize_terminal(80, 24)
        await settled(pilot)

        assert widths[-1] == 80
