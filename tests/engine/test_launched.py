import os
import subprocess
import time
from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.example_sources import Row
from engine.launch import ROOT, devices_of, launch
from engine.launched import Launched
from engine.protocol import Event, Failed, Finished, Interrupted, Paused, Resumed, Started, Step, Stopped
from engine.queueing import queue
from engine.runs import Run
from engine.scenario import Pretraining, Scenario, Tuning
from engine.workspace import Workspace
from tests.engine.fakes import Fakes


def queued(folder: Path, tuning: str = "it") -> Run:
    scenario = Scenario(
        title="Digits",
        examples=[Row(instruction="1 up", response="2", split="train")],
        tunings={"it": Tuning(devices=2), "alone": Tuning()},
        pretraining=Pretraining(devices=3, rules=["reverse"]),
    )
    return queue(scenario, "digits", folder, tuning, workspace=Workspace(folder / "workspace"))


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return queued(tmp_path)


def to_the_end(work: Launched) -> list[Event]:
    events: list[Event] = []
    for event in work:
        if event:
            events.append(event)
        else:
            time.sleep(0.02)
    return events


def until(work: Launched, kind: type[Event]) -> None:
    while not isinstance(next(work), kind):
        time.sleep(0.02)


def kinds(run: Run) -> list[type[Event]]:
    return [type(event) for event in run.events() if not isinstance(event, Step)]


def test_what_the_processes_log_is_heard_to_the_end(run: Run, fakes: Fakes) -> None:
    events = to_the_end(fakes.at(run, "3"))
    assert [type(event) for event in events] == [Started, Step, Step, Step, Finished]
    assert events == fakes.heard == list(run.events())


def test_what_was_logged_before_is_not_heard_again(run: Run, fakes: Fakes) -> None:
    with run.lock(), run.log() as log:
        log.append(Interrupted(step=0, reason="SIGTERM"))
    assert [event.n for event in to_the_end(fakes.at(run, "1"))] == [1, 2, 3]


def test_interrupted_they_finish_the_step_and_end(run: Run, fakes: Fakes) -> None:
    work = fakes.at(run)
    until(work, Step)
    assert run.state() == "running"
    work.interrupt("SIGINT")
    assert run.state() == "interrupted"
    assert isinstance(fakes.heard[-1], Interrupted)
    assert fakes.heard == list(run.events())


def test_a_paused_run_is_held_without_a_process_and_goes_on(run: Run, fakes: Fakes) -> None:
    work = fakes.at(run)
    until(work, Step)
    work.pause("asked for")
    assert run.state() == "paused"
    with pytest.raises(EngineError, match="running in another process"), run.lock():
        pass
    fakes.words = ("2",)
    work.resume()
    to_the_end(work)
    assert kinds(run) == [Started, Interrupted, Paused, Resumed, Started, Finished]
    steps = [event.step for event in run.events() if isinstance(event, Step)]
    assert steps == list(range(1, len(steps) + 1))
    assert fakes.heard == list(run.events())


@pytest.mark.parametrize("paused", [False, True])
def test_a_stopped_run_has_ended_for_good(paused: bool, run: Run, fakes: Fakes) -> None:
    work = fakes.at(run)
    until(work, Started)
    if paused:
        work.pause()
    work.stop("asked for")
    assert run.state() == "stopped"
    assert kinds(run)[-1] is Stopped
    assert fakes.heard == list(run.events())


def test_a_run_that_failed_says_why(run: Run, fakes: Fakes) -> None:
    with pytest.raises(EngineError, match="the loss is gone; look for it"):
        to_the_end(fakes.at(run, "1", "failed"))
    assert run.state() == "failed"
    assert isinstance(fakes.heard[-1], Failed)


def test_processes_that_end_before_their_time_are_quoted(run: Run, fakes: Fakes) -> None:
    run.log_file.write_text("tunetui: something old\n")
    with pytest.raises(EngineError, match=r"^the devices are gone$"):
        to_the_end(fakes.at(run, "1", "says"))
    with pytest.raises(EngineError, match=f"{run.id} has ended without a word: see "):
        to_the_end(fakes.at(run, "1", "silently"))
    assert run.state() == "interrupted"


def test_what_needs_the_model_in_this_process_is_refused(run: Run, fakes: Fakes) -> None:
    work = fakes.at(run)
    with pytest.raises(EngineError, match="or when it is paused"):
        work.save()
    with pytest.raises(EngineError, match="keeps the learning rate"):
        work.set_learning_rate(0.1)


def test_each_tuning_says_how_many_devices_it_takes(tmp_path: Path) -> None:
    assert [devices_of(queued(tmp_path, name)) for name in ("it", "alone", "pretraining")] == [2, 1, 3]


def test_as_many_processes_are_started_away_from_the_working_folder(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}
    monkeypatch.setattr(subprocess, "Popen", lambda command, **how: asked.update(how, command=command))
    launch(run, "cpu")
    command = asked["command"]
    assert isinstance(command, list)
    assert "--nproc-per-node=2" in command
    assert command[-4:] == ["engine.training.rank", str(run.folder), "--device", "cpu"]
    environment = asked["env"]
    assert isinstance(environment, dict)
    assert environment["PYTHONPATH"].split(os.pathsep)[0] == str(ROOT)
    assert environment["PYTHONSAFEPATH"] == "1"
    assert asked["start_new_session"] is True
