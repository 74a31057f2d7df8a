"""What the main screen makes of the panes' messages, with an engine that replays recordings."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
from textual.pilot import Pilot
from textual.screen import Screen

from engine.errors import InputError, Problem
from engine.examples import Example
from engine.protocol import AnyEvent
from engine.requests import RunSummary
from engine.workspace import Workspace
from tests.tui.apps import app_on, document, fill, keys, main_screen, press, running, said
from tests.tui.fake_engine import RECORDINGS, FakeEngine, Told, recording
from tests.tui.runs_on_disk import add_run
from tui.panes.console import ConsolePane
from tui.panes.training import TrainingPane
from tui.screens.example_form import ExampleForm
from tui.screens.runs import RunsScreen
from tui.state import RunView
from tui.widgets.engine_word import EngineWord
from tui.widgets.last_answer import LastAnswer
from tui.widgets.quiet_static import QuietStatic
from tui.widgets.run_list import RunList
from tui.widgets.top_line import TopLine


def trained() -> FakeEngine:
    """An engine with one finished run."""
    return FakeEngine({"ab12-tuning": Told(recording("finished", "ab12-tuning"))}, scenario="greetings")


def training(kind: type[FakeEngine] = FakeEngine) -> FakeEngine:
    """An engine with a run that goes on."""
    story = recording("finished", "ab12-tuning")
    return kind({"ab12-tuning": Told(story[:20], story[20:])}, scenario="greetings")


async def test_training_takes_the_unsaved_edits_along(tmp_path: Path) -> None:
    engine = FakeEngine(scenario="greetings")
    async with running(app_on(tmp_path, engine)) as pilot:
        await press(pilot, "d", "t")
        (run,) = Workspace(tmp_path / "workspace").runs()

        assert ("queue", run.id) in engine.calls
        assert "Hello" not in [row.instruction for row in Workspace(tmp_path / "workspace").examples(run)]
        assert len(run.info.scenario.examples) == 1
        assert document(pilot).dirty


async def test_what_cannot_be_trained_is_said(tmp_path: Path) -> None:
    engine = FakeEngine(scenario="greetings")
    async with running(app_on(tmp_path, engine)) as pilot:
        engine.refuse = "The disk is full."
        await press(pilot, "t")

        assert said(pilot) == "The disk is full."


async def test_a_run_is_paused_and_goes_on_from_everywhere(tmp_path: Path) -> None:
    engine = training()
    async with running(app_on(tmp_path, engine)) as pilot:
        await press(pilot, "space")
        assert ("pause", "ab12-tuning") in engine.calls

        pilot.app.screen.query_one(TrainingPane).throttle.now()
        await press(pilot, "space")
        assert ("resume", "ab12-tuning") in engine.calls


async def test_the_last_line_has_the_keys_that_do_something_now(tmp_path: Path) -> None:
    story = recording("finished", "ab12-tuning")
    engine = FakeEngine(scenario="greetings")
    async with running(app_on(tmp_path, engine)) as pilot:
        assert "a Add  e Edit  / Find  t Train  o Open  r Runs" in keys(pilot)

        engine.told["ab12-tuning"] = Told(story[:20], story[20:])
        main_screen(pilot).look_at_runs()
        await press(pilot)
        pilot.app.screen.query_one(TrainingPane).throttle.now()
        await press(pilot, "end")
        assert "a Add  / Find  t Train  space Pause  c Compare  o Open  r Runs" in keys(pilot)


async def test_saving_and_undoing_stand_in_the_last_line_once_there_is_an_edit(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "d")
        assert "w Save  u Undo" in keys(pilot)
        await press(pilot, "u")
        assert "Save" not in keys(pilot) and "Undo" not in keys(pilot)


async def test_a_narrow_first_line_has_the_run_s_time_whole(tmp_path: Path) -> None:
    story = recording("finished", "ab12-tuning")
    engine = FakeEngine({"ab12-tuning": Told(story[:120], story[120:])}, scenario="greetings")
    async with running(app_on(tmp_path, engine), (60, 16)) as pilot:
        assert str(pilot.app.screen.query_one(TopLine).render()).endswith("▶ instruction-tune  16 %  2.0 s")


async def test_a_step_leaves_the_last_line_alone(tmp_path: Path) -> None:
    story = recording("finished", "ab12-tuning")
    engine = FakeEngine({"ab12-tuning": Told(story[:20], story[20:])}, scenario="greetings")
    asked: list[Screen[object]] = []
    async with running(app_on(tmp_path, engine)) as pilot:
        training = pilot.app.screen.query_one(TrainingPane)
        pilot.app.screen.bindings_updated_signal.subscribe(training, asked.append)
        await engine.advance("ab12-tuning", 60)
        await press(pilot)
        training.throttle.now()
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


async def test_a_prompt_is_answered_and_stays_in_sight(tmp_path: Path) -> None:
    engine = trained()
    engine.answers["Hello"] = "greeting"
    async with running(app_on(tmp_path, engine), (80, 24)) as pilot:
        await press(pilot, "3", *"Hello", "enter", "escape")
        await press(pilot, "1")

        exchange = pilot.app.screen.query_one(LastAnswer).exchange
        assert exchange is not None
        assert exchange.replies[0].text == "greeting"
        assert exchange.expected == ("greeting",)


async def test_an_answer_becomes_an_example_once_it_is_corrected(tmp_path: Path) -> None:
    async with running(app_on(tmp_path, trained())) as pilot:
        console = pilot.app.screen.query_one(ConsolePane)

        console.post_message(ConsolePane.AddExample(Example("Servus", "farewell", "greet")))
        await press(pilot, "escape")
        assert not document(pilot).dirty

        console.post_message(ConsolePane.AddExample(Example("Servus", "farewell", "greet")))
        await press(pilot)
        assert isinstance(pilot.app.screen, ExampleForm)
        await fill(pilot, response="greeting")
        await press(pilot, "ctrl+s")

        assert [row.response for row in map(document(pilot).__getitem__, range(6)) if row.instruction == "Servus"] == [
            "greeting"
        ]


async def test_an_answer_that_is_not_to_be_an_example_is_not_added(tmp_path: Path) -> None:
    async with running(app_on(tmp_path, trained())) as pilot:
        before = len(document(pilot))
        for key in ("escape", "ctrl+s"):
            pilot.app.screen.query_one(ConsolePane).post_message(
                ConsolePane.AddExample(Example("Servus", "farewell", "greet"))
            )
            await press(pilot, key)
            assert len(document(pilot)) == before + (key == "ctrl+s")


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


async def test_a_run_that_waits_in_no_engine_can_be_put_in_line(tmp_path: Path) -> None:
    engine = FakeEngine({"ab12-tuning": Told()}, scenario="greetings")
    async with running(app_on(tmp_path, engine)) as pilot:
        await press(pilot, "space")

        assert ("resume", "ab12-tuning") in engine.calls


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


async def test_what_was_done_to_a_run_is_said(tmp_path: Path) -> None:
    engine = training()
    step = engine.told["ab12-tuning"].view().step
    async with running(app_on(tmp_path, engine)) as pilot:
        await press(pilot, "2", "w")
        assert said(pilot) == f"instruction-tune is saved as it is after step {step}."

        await press(pilot, "l", *"0.002", "enter")
        assert said(pilot) == "instruction-tune trains on with a learning rate of 0.002."


async def test_a_run_that_has_to_wait_says_for_what(tmp_path: Path) -> None:
    engine = training()
    async with running(app_on(tmp_path, engine)) as pilot:
        pilot.app.screen.query_one(TrainingPane).throttle.now()
        await press(pilot, "space", "t")

        assert "in line behind instruction-tune, which is paused: space lets it go on." in said(pilot)


async def test_a_request_that_makes_no_sense_any_more_is_refused_in_a_sentence(tmp_path: Path) -> None:
    engine = trained()
    async with running(app_on(tmp_path, engine)) as pilot:

        async def refuse(run: str) -> None:
            raise InputError(Problem(key="RUN", found=f"{run} is finished"))

        engine.resume = refuse  # type: ignore[method-assign]
        main_screen(pilot).ask_engine(engine.resume("ab12-tuning"))
        await press(pilot)

        assert "ab12-tuning is finished" in said(pilot)


async def test_the_next_start_has_the_same_tuning_in_hand(tmp_path: Path) -> None:
    scenario = RECORDINGS / "two_tasks.toml"
    async with running(app_on(tmp_path, FakeEngine(), scenario)) as pilot:
        await press(pilot, "2", "down")
        await main_screen(pilot).keep_place_if_moved()

    async with running(app_on(tmp_path, FakeEngine(), scenario)) as pilot:
        tunings = pilot.app.screen.query_one(RunList)
        assert tunings.highlighted == 1


def view(pilot: Pilot[None]) -> RunView:
    pilot.app.screen.query_one(TrainingPane).throttle.now()
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
