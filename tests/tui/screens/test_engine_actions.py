"""The engine and its runs on the main screen, with an engine that replays recordings."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
from textual.pilot import Pilot
from textual.screen import Screen

from engine.protocol import AnyEvent
from engine.requests import RunSummary
from engine.workspace import Workspace
from tests.tui.apps import app_on, keys, main_screen, press, running, said
from tests.tui.fake_engine import RECORDINGS, FakeEngine, Told, recording, trained, training
from tests.tui.runs_on_disk import add_run
from tui.panes.training import TrainingPane
from tui.screens.runs import RunsScreen
from tui.state import RunView
from tui.widgets.engine_word import EngineWord
from tui.widgets.quiet_static import QuietStatic
from tui.widgets.run_list import RunList
from tui.widgets.top_line import TopLine


async def test_the_last_line_has_the_keys_that_do_something_now(tmp_path: Path) -> None:
    story = recording("finished", "ab12-tuning")
    engine = FakeEngine(scenario="greetings")
    async with running(app_on(tmp_path, engine)) as pilot:
        assert "a Add  e Edit  / Find  t Train  o Open  r Runs" in keys(pilot)

        engine.told["ab12-tuning"] = Told(story[:20], story[20:])
        main_screen(pilot).look_at_runs()
        await press(pilot)
        main_screen(pilot).throttle.now()
        await press(pilot, "end")
        assert "a Add  / Find  t Train  space Pause  o Open  r Runs" in keys(pilot)


async def test_saving_and_undoing_stand_in_the_last_line_once_there_is_an_edit(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "d")
        assert "w Save  u Undo" in keys(pilot)
        await press(pilot, "u")
        assert "Save" not in keys(pilot) and "Undo" not in keys(pilot)


async def test_a_narrow_first_line_has_the_run_s_time_whole(tmp_path: Path) -> None:
    engine = training(told=120)
    async with running(app_on(tmp_path, engine), (60, 16)) as pilot:
        assert str(pilot.app.screen.query_one(TopLine).render()).endswith("▶ instruction-tune  16 %  2.0 s")


async def test_the_screen_is_drawn_as_often_as_the_settings_say(tmp_path: Path) -> None:
    engine = training()
    (tmp_path / "settings.toml").write_text("updates = 5\n")
    async with running(app_on(tmp_path, engine)) as pilot:
        await engine.advance("ab12-tuning", 1)
        await press(pilot)

        assert main_screen(pilot).throttle.seconds == 0.2


async def test_a_step_leaves_the_last_line_alone(tmp_path: Path) -> None:
    engine = training()
    asked: list[Screen[object]] = []
    async with running(app_on(tmp_path, engine)) as pilot:
        pane = pilot.app.screen.query_one(TrainingPane)
        pilot.app.screen.bindings_updated_signal.subscribe(pane, asked.append)
        await engine.advance("ab12-tuning", 60)
        await press(pilot)
        main_screen(pilot).throttle.now()
        await press(pilot)

    assert asked == []


async def test_the_first_line_shows_the_run_that_goes_on(tmp_path: Path) -> None:
    engine = training()
    async with running(app_on(tmp_path, engine)) as pilot:
        line = pilot.app.screen.query_one(TopLine)
        assert "%" in line.right.plain

        await engine.finish("ab12-tuning")
        await press(pilot)
        assert line.right.plain == "engine ready"


async def test_an_engine_that_is_gone_is_said_with_a_way_on(tmp_path: Path) -> None:
    engine = trained()
    async with running(app_on(tmp_path, engine)) as pilot:
        engine.change("gone", "The engine has ended.")
        await press(pilot)
        assert "no engine" in pilot.app.screen.query_one(TopLine).right.plain

        engine.calls.clear()
        await press(pilot, "ctrl+r")
        assert ("connect",) in engine.calls
        assert pilot.app.screen.query_one(TopLine).right.plain == "engine ready"


async def test_the_screen_of_all_runs_says_that_the_engine_is_gone_and_brings_it_back(tmp_path: Path) -> None:
    engine = trained()
    async with running(app_on(tmp_path, engine)) as pilot:
        await press(pilot, "r")
        assert "Reconnect" not in keys(pilot)
        word = pilot.app.screen.query_one(EngineWord)

        engine.change("gone", "The engine has ended.")
        await press(pilot)
        assert word.display and str(word.content) == "✗ The engine has ended. ctrl+r tries now."
        assert "^r Reconnect" in keys(pilot)

        await press(pilot, "ctrl+r")
        assert engine.connection == "connected"
        assert not word.display and "Reconnect" not in keys(pilot)


async def test_the_screen_of_all_runs_opened_without_an_engine_says_so_at_once(tmp_path: Path) -> None:
    engine = trained()
    async with running(app_on(tmp_path, engine)) as pilot:
        engine.change("gone", "The engine has ended.")
        await press(pilot, "r")

        assert "The engine has ended." in str(pilot.app.screen.query_one(EngineWord).content)


async def test_on_other_screens_a_message_says_that_the_engine_is_gone_once(tmp_path: Path) -> None:
    engine = trained()
    async with running(app_on(tmp_path, engine)) as pilot:
        await press(pilot, "o")
        for _ in range(2):
            engine.change("gone", "The engine has ended.")
            await press(pilot)

        assert [notice.message for notice in pilot.app._notifications] == ["The engine has ended. ctrl+r tries now."]
        assert "^r Reconnect" in keys(pilot)


async def test_all_runs_are_shown_and_left_again(tmp_path: Path) -> None:
    async with running(app_on(tmp_path, trained())) as pilot:
        await press(pilot, "r")
        assert isinstance(pilot.app.screen, RunsScreen)
        await press(pilot, "escape")
        assert main_screen(pilot).is_current


async def test_a_mistake_in_the_background_is_a_message_and_not_the_end(tmp_path: Path) -> None:
    engine = trained()
    async with running(app_on(tmp_path, engine)) as pilot:

        async def mistake() -> list[object]:
            raise ZeroDivisionError

        engine.runs = mistake  # type: ignore[assignment,method-assign]
        main_screen(pilot).look_at_runs()
        await press(pilot)

        assert "A mistake in tunetui itself" in said(pilot)
        await press(pilot, "down")


async def test_a_run_that_was_interrupted_is_told_once(tmp_path: Path) -> None:
    story = recording("interrupted", "ab12-tuning")
    engine = CountingEngine({"ab12-tuning": Told(story)}, scenario="greetings")
    async with running(app_on(tmp_path, engine)) as pilot:
        await press(pilot, "down", "up", "down")

        assert engine.tellings == 1


async def test_a_run_that_was_killed_goes_on_and_is_followed_again(tmp_path: Path) -> None:
    engine = training(KilledEngine)
    async with running(app_on(tmp_path, engine)) as pilot:
        assert view(pilot).state == "interrupted"

        await press(pilot, "space")
        await engine.advance("ab12-tuning", 40)
        await press(pilot)

        assert (view(pilot).state, view(pilot).step) == ("running", engine.told["ab12-tuning"].view().step)


async def test_without_an_engine_what_the_folders_of_runs_say_is_shown(tmp_path: Path) -> None:
    story = recording("finished", "ab12-instruction-tune")[:20]
    engine = FakeEngine({"ab12-instruction-tune": Told(story)})
    add_run(Workspace(tmp_path / "workspace"), "ab12-instruction-tune", story)
    async with running(app_on(tmp_path, engine, RECORDINGS / "two_tasks.toml")) as pilot:
        assert view(pilot).state == "running"

        engine.change("gone", "The engine has ended.")
        await press(pilot)
        assert view(pilot).state == "interrupted"
        assert "space begins it anew" in shown(pilot, ".word")
        assert "The engine has ended. ctrl+r tries now." in shown(pilot, "EngineWord")

        await press(pilot, "space")
        assert ("resume", "ab12-instruction-tune") in engine.calls


async def test_an_engine_that_another_app_has_started_is_found(tmp_path: Path) -> None:
    engine = trained()
    async with running(app_on(tmp_path, engine)) as pilot:
        engine.change("gone", "The engine has ended.")
        engine.is_there = True
        main_screen(pilot).look_at_runs()
        await press(pilot)

        assert pilot.app.screen.query_one(TopLine).right.plain == "engine ready"


def view(pilot: Pilot[None]) -> RunView:
    main_screen(pilot).throttle.now()
    return next(row.view for row in pilot.app.screen.query_one(RunList)._rows if row.run)


def shown(pilot: Pilot[None], place: str) -> str:
    return str(pilot.app.screen.query_one(TrainingPane).query_one(place, QuietStatic).content)


class KilledEngine(FakeEngine):
    """The engine was killed while it trained: its runs say nothing more until they are resumed."""

    killed = True

    async def runs(self) -> list[RunSummary]:
        state = "interrupted" if self.killed else "running"
        return [msgspec.structs.replace(run, state=state) for run in await super().runs()]

    async def resume(self, run: str) -> None:
        self.killed = False
        await super().resume(run)

    async def events(self, run: str, after: int = -1) -> AsyncIterator[list[AnyEvent]]:
        if self.killed:
            yield list(self.told[run].told)
        else:
            async for events in super().events(run, after):
                yield events


class CountingEngine(FakeEngine):
    """Counts how often a story is told from its beginning."""

    tellings = 0

    async def events(self, run: str, after: int = -1) -> AsyncIterator[list[AnyEvent]]:
        self.tellings += 1
        async for events in super().events(run, after):
            yield events
