"""What a run does while there is no room on the disk."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine import headless
from engine.architectures import Transformer
from engine.protocol import AnyEvent, Checkpoint, Event, Finished, Paused, Resumed, Started, Step
from engine.queueing import queue
from engine.reserve import SIZE
from engine.runs import Run
from engine.scenario import Scenario, Tuning
from engine.storage import StorageError
from engine.training.sitting import Sitting, sitting
from engine.workspace import Workspace
from tests.engine.disks import FakeDisk, MountedDisk
from tests.engine.headless_runs import ROWS
from tests.engine.small import CHARACTERS, identical, weights

Disk = FakeDisk | MountedDisk


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step is written at once, and nobody waits before trying again."""
    monkeypatch.setattr("engine.event_log.STEP_DELAY", 0.0)
    monkeypatch.setattr("engine.training.sitting.Sitting.patience", 0.0)


def scenario(steps: int, checkpoint_every: int) -> Scenario:
    settings = Tuning(steps=steps, threads=1, batch_size=5, evaluate_every=0, checkpoint_every=checkpoint_every)
    model = Transformer(width=8, layers=1, heads=1, context=16)
    return Scenario(title="Digits", examples=ROWS, tokenizer=CHARACTERS, model=model, tunings={"it": settings})


def queued(folder: Path, steps: int = 8, checkpoint_every: int = 4) -> Run:
    workspace = Workspace(folder / "workspace")
    return queue(scenario(steps, checkpoint_every), "digits", folder, "it", workspace=workspace)


def workspace_of(run: Run) -> Workspace:
    return Workspace(run.folder.parent.parent)


def at_step(step: int, act: Callable[[], None]) -> Callable[[Event], None]:
    """Acts when the event of that step has been logged."""

    def hear(event: Event) -> None:
        if isinstance(event, Step) and event.step == step:
            act()

    return hear


def until_full(work: Sitting) -> Iterator[AnyEvent]:
    """What happens until nothing happens any more."""
    while event := next(work):
        yield event


def words(run: Run) -> list[str]:
    return [f"{type(event).__name__} {getattr(event, 'step', '')}" for event in run.events()]


def test_a_checkpoint_without_room_pauses_the_run_until_there_is_some(small_disk: Disk, tmp_path: Path) -> None:
    run = queued(tmp_path)
    with sitting(run, workspace_of(run), on_event=at_step(6, small_disk.fill)) as work:
        *_, paused = until_full(work)
        assert isinstance(paused, Paused)
        assert paused.step == 8
        assert f"{run.checkpoint_folder} cannot be written: its disk is full" in paused.reason
        assert run.state() == "paused"
        assert [path.name for path in run.checkpoint_folder.iterdir()] == ["step-00000004"]
        headless.load_run(run, "cpu")
        assert next(work) is None
        small_disk.make_room()
        told = list(work)
    assert [type(event) for event in told] == [Resumed, Checkpoint, Finished]
    assert words(run)[-5:] == ["Step 8", "Paused 8", "Resumed 8", "Checkpoint 8", "Finished 8"]
    assert [event.n for event in run.events()] == list(range(len(words(run))))


def test_a_log_without_room_pauses_the_run_and_misses_nothing(small_disk: Disk, tmp_path: Path) -> None:
    run = queued(tmp_path, steps=120, checkpoint_every=0)
    with sitting(run, workspace_of(run), on_event=at_step(3, small_disk.fill)) as work:
        heard = list(until_full(work))
        assert isinstance(heard[-1], Paused)
        assert f"{run.folder} cannot be written: its disk is full" in heard[-1].reason
        assert heard[-1].step < 120
        assert run.state() == "paused"
        assert [next(work) for _ in range(5)] == [None] * 5
        assert list(run.events()) == heard
        small_disk.make_room()
        heard += [event for event in work if event]
    assert list(run.events()) == heard
    assert [event.step for event in heard if isinstance(event, Step)] == list(range(1, 121))
    assert [type(event) for event in heard if isinstance(event, Paused | Resumed)] == [Paused, Resumed]


def test_what_a_run_keeps_of_the_disk_is_given_back_at_the_end(tmp_path: Path) -> None:
    run = queued(tmp_path)
    with sitting(run, workspace_of(run)) as work:
        next(work)
        assert (run.folder / ".reserve").stat().st_size == SIZE
        list(work)
    assert not (run.folder / ".reserve").exists()


def test_the_weights_are_those_of_a_run_that_always_had_room(
    small_disk: Disk, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    runs = [queued(tmp_path_factory.mktemp("large")), queued(tmp_path)]
    with sitting(runs[0], workspace_of(runs[0])) as work:
        list(work)
    with sitting(runs[1], workspace_of(runs[1]), on_event=at_step(3, small_disk.fill)) as work:
        list(until_full(work))
        small_disk.make_room()
        list(work)
    one, other = (weights(headless.load_run(run, "cpu").model) for run in runs)
    assert identical(one, other)


def test_training_in_the_foreground_waits_and_goes_on_by_itself(small_disk: Disk, tmp_path: Path) -> None:
    asked = iter(range(20))

    def should_stop() -> str:
        if next(asked, None) == 10:  # after eight steps: the second time that it asks while it waits
            small_disk.make_room()
        return ""

    workspace = Workspace(tmp_path / "workspace")
    settings = {"workspace": workspace, "on_event": at_step(6, small_disk.fill), "should_stop": should_stop}
    run = headless.train(scenario(8, 4), "digits", tmp_path, "it", **settings)  # type: ignore[arg-type]
    assert words(run)[-4:] == ["Paused 8", "Resumed 8", "Checkpoint 8", "Finished 8"]


def test_who_stops_a_run_that_waits_for_room_can_resume_it_later(small_disk: Disk, tmp_path: Path) -> None:
    asked = iter(range(20))
    workspace = Workspace(tmp_path / "workspace")
    with pytest.raises(StorageError, match=r"its disk is full\. Make room there"):
        headless.train(
            scenario(8, 4),
            "digits",
            tmp_path,
            "it",
            workspace=workspace,
            on_event=at_step(6, small_disk.fill),
            should_stop=lambda: "SIGINT" if next(asked) > 9 else "",
        )
    (run,) = workspace.runs()
    assert run.state() == "interrupted"
    small_disk.make_room()
    headless.resume(run, workspace=workspace)
    assert [event.step for event in run.events() if isinstance(event, Started)] == [0, 4]
    assert run.state() == "finished"


def test_a_last_word_without_room_is_said_when_the_run_is_resumed(fake_disk: FakeDisk, tmp_path: Path) -> None:
    run = queued(tmp_path)

    def fill(event: Event) -> None:
        if isinstance(event, Checkpoint) and event.step == 8:
            fake_disk.room = 0

    with pytest.raises(StorageError), sitting(run, workspace_of(run), on_event=fill) as work:
        list(work)
    assert run.state() == "interrupted"
    fake_disk.make_room()
    headless.resume(run, workspace=workspace_of(run))
    assert words(run)[-3:] == ["Checkpoint 8", "Started 8", "Finished 8"]
