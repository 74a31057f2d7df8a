from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from engine.protocol import AnyEvent, Paused, Resumed
from tests.tui.fake_engine import recording
from tests.tui.picture import Picture
from tests.tui.stage import Stage
from tui.screens.replay import LONGEST_GAP, ReplayScreen, offsets
from tui.state import RunView, apply_all
from tui.widgets.key_line import KeyLine
from tui.widgets.run_display import RunDisplay


@asynccontextmanager
async def replay(events: list[AnyEvent]) -> AsyncIterator[tuple[ReplayScreen, Pilot[None]]]:
    screen = ReplayScreen(events, "a run")
    async with Stage(screen).run_test(size=(80, 24)) as pilot:
        screen.held = True
        yield screen, pilot


def shown(screen: ReplayScreen) -> RunView:
    return screen.query_one(RunDisplay).view


async def test_a_replay_ends_where_the_run_ended() -> None:
    events = recording("finished")
    async with replay(events) as (screen, _):
        assert shown(screen).state == "running"
        screen.play(5.0)
        assert 0 < shown(screen).step < 700
        screen.play(1000.0)
        assert shown(screen) == apply_all(RunView(), events)


async def test_keys_hold_hasten_and_begin_anew() -> None:
    async with replay(recording("finished")) as (screen, pilot):
        await pilot.press("greater_than_sign", "greater_than_sign", "less_than_sign")
        title = str(screen.query_one("#replay").border_title)
        assert "‖ 2×" in title
        await pilot.press("end")
        assert shown(screen).state == "finished"
        assert "■ the end" in str(screen.query_one("#replay").border_title)
        await pilot.press("home")
        assert shown(screen).step <= 1
        screen.held = False
        await pilot.press("space")
        assert screen.held


async def test_the_last_line_says_what_space_does() -> None:
    async with replay(recording("finished")) as (screen, pilot):
        line = screen.query_one(KeyLine)
        await pilot.press("space")
        assert "space Hold" in str(line.render())
        await pilot.press("space")
        assert "space Go on" in str(line.render())
        await pilot.press("end")
        assert "space Again" in str(line.render())


def test_long_pauses_are_played_short() -> None:
    events: list[AnyEvent] = [Paused(step=1, time=10.0), Resumed(step=1, time=5000.0), Resumed(step=1, time=5000.5)]

    assert offsets(events) == [0.0, LONGEST_GAP, LONGEST_GAP + 0.5]


def test_picture(picture: Picture) -> None:
    screen = ReplayScreen(recording("finished"), "best so far")
    screen.held = True
    assert picture(Stage(screen), (80, 24), "end")
