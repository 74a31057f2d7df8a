"""Training on the main screen, with an engine that replays recordings."""

from pathlib import Path

from engine.errors import InputError, Problem
from engine.workspace import Workspace
from tests.tui.apps import app_on, document, main_screen, press, running, said
from tests.tui.fake_engine import RECORDINGS, FakeEngine, Told, trained, training
from tui.widgets.run_list import RunList


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

        main_screen(pilot).throttle.now()
        await press(pilot, "space")
        assert ("resume", "ab12-tuning") in engine.calls


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
        main_screen(pilot).throttle.now()
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


async def test_a_run_that_waits_in_no_engine_can_be_put_in_line(tmp_path: Path) -> None:
    engine = FakeEngine({"ab12-tuning": Told()}, scenario="greetings")
    async with running(app_on(tmp_path, engine)) as pilot:
        await press(pilot, "space")

        assert ("resume", "ab12-tuning") in engine.calls
