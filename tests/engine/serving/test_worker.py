"""Runs at work in the engine that have to wait: for room on the disk, or for processes of their own."""

import time
from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.protocol import Checkpoint, Event, Finished, Interrupted, Paused, Resumed, Started, Step, Stopped
from engine.runs import Run
from engine.serving.line import Line
from engine.serving.worker import Worker
from engine.workspace import Workspace
from tests.engine.disks import FakeDisk
from tests.engine.fakes import Fakes
from tests.engine.serving.runs import queued


def at_work(run: Run) -> Worker:
    """A worker with this run in line."""
    line = Line()
    line.add([run.id])
    return Worker(Workspace(run.folder.parent.parent), line)


def until(worker: Worker, run: Run, kind: type[Event]) -> None:
    while not any(isinstance(event, kind) for event in run.events()):
        time.sleep(worker.rest)
        worker.advance()


def to_the_end(worker: Worker) -> None:
    while worker.is_busy:
        time.sleep(worker.rest)
        worker.advance()


def kinds(run: Run) -> list[type[Event]]:
    return [type(event) for event in run.events() if not isinstance(event, Step)]


def test_a_full_disk_lets_the_engine_rest_between_two_tries(fake_disk: FakeDisk, tmp_path: Path) -> None:
    run = queued(Workspace(tmp_path / "workspace"), checkpoint_every=0)
    worker = at_work(run)
    until(worker, run, Step)
    fake_disk.fill()
    while not worker.rest:
        worker.advance()
    assert worker.rest == 2
    assert run.state() == "paused"
    fake_disk.make_room()
    worker.resume(run.id)
    assert worker.rest == 0
    until(worker, run, Resumed)
    assert run.state() == "running"
    worker.stop(run.id)
    assert kinds(run) == [Started, Paused, Resumed, Checkpoint, Stopped]


def test_a_run_that_finds_the_disk_full_keeps_its_place_until_there_is_room(
    fake_disk: FakeDisk, tmp_path: Path
) -> None:
    run = queued(Workspace(tmp_path / "workspace"), steps=1)
    worker = at_work(run)
    fake_disk.room = 0
    worker.advance()
    assert (worker.rest, worker.line.ids, run.state()) == (2, [run.id], "queued")
    fake_disk.make_room()
    worker.resume(run.id)
    to_the_end(worker)
    assert run.state() == "finished"


def test_a_run_on_several_devices_is_paused_and_resumed(tmp_path: Path, fakes: Fakes) -> None:
    run = queued(Workspace(tmp_path / "workspace"), devices=2)
    worker = at_work(run)
    until(worker, run, Step)
    worker.pause(run.id)
    assert run.state() == "paused"
    with pytest.raises(EngineError, match="runs on several devices"):
        worker.step(run.id)
    fakes.words = ("2",)
    worker.resume(run.id)
    to_the_end(worker)
    assert kinds(run) == [Started, Interrupted, Paused, Resumed, Started, Finished]


def test_an_engine_that_leaves_lets_the_processes_of_its_run_save_and_end(tmp_path: Path, fakes: Fakes) -> None:
    run = queued(Workspace(tmp_path / "workspace"), devices=2)
    worker = at_work(run)
    until(worker, run, Step)
    worker.leave("SIGTERM")
    assert run.state() == "interrupted"
    assert kinds(run) == [Started, Interrupted]
