"""One run in a list of runs: what its folder tells, read from the end of its story."""

from collections.abc import Collection
from datetime import UTC, datetime

from engine.errors import EngineError
from engine.event_log import last
from engine.lock import is_held
from engine.protocol import (
    Checkpoint,
    Evaluation,
    Event,
    Failed,
    Finished,
    Interrupted,
    LearningRate,
    Paused,
    Resumed,
    Started,
    Step,
    Stopped,
)
from engine.requests import RunSummary
from engine.runs import Run
from engine.workspace import DamagedRun, Workspace

_STEPPED = (
    Started,
    Step,
    Evaluation,
    Checkpoint,
    Paused,
    Resumed,
    LearningRate,
    Interrupted,
    Stopped,
    Failed,
    Finished,
)


class Summaries:
    """The list of a workspace's runs. It remembers those whose story has not grown."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: dict[str, tuple[object, RunSummary]] = {}

    def read(self, in_line: Collection[str] = ()) -> list[RunSummary]:
        """All runs, newest first, then what cannot be read. Those in line are queued, if nobody works on them.

        Raises:
            StorageError: the workspace cannot be read.
        """
        known: dict[str, tuple[object, RunSummary]] = {}
        found = []
        for run in self._workspace.runs():
            try:
                stamp = _stamp(run, run.id in in_line)
                before = self._known.get(run.id)
                known[run.id] = before if before and before[0] == stamp else (stamp, summary(run, run.id in in_line))
                found.append(known[run.id][1])
            except EngineError as error:
                found.append(_damaged(DamagedRun(run.folder, str(error))))
        self._known = known
        return found + [_damaged(entry) for entry in self._workspace.damaged()]


def summary(run: Run, in_line: bool = False) -> RunSummary:
    """What a list says about a run.

    Raises:
        StorageError: its folder cannot be read.
    """
    state = run.state()
    end = last(run.events_file, *_STEPPED)
    match end:
        case None:
            seconds = 0.0
        case Finished():
            seconds = end.seconds
        case _:
            began = last(run.events_file, Started)
            seconds = end.time - began.time if began else 0.0
    return RunSummary(
        id=run.id,
        name=run.info.name,
        tuning=run.info.tuning,
        state="queued" if in_line and state not in ("running", "paused") else state,
        step=step_of(end),
        steps=run.info.steps,
        created=run.info.created,
        seconds=seconds,
        scores=run.scores(),
        parent=run.info.parent,
        title=run.info.scenario.title,
        error=end.message if isinstance(end, Failed) else "",
    )


def last_step(run: Run) -> int:
    """The step that the run had come to.

    Raises:
        StorageError: its folder cannot be read.
    """
    return step_of(last(run.events_file, *_STEPPED))


def step_of(event: Event | None) -> int:
    """The step that an event tells of; 0 where it tells of none."""
    return getattr(event, "step", 0)


def _stamp(run: Run, in_line: bool) -> object:
    try:
        found = run.events_file.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, run.info, is_held(run.lock_file), in_line


def _damaged(entry: DamagedRun) -> RunSummary:
    return RunSummary(
        id=entry.id,
        name="",
        tuning="",
        state="failed",
        step=0,
        steps=0,
        created=datetime.fromtimestamp(0, UTC),
        seconds=0.0,
        scores={},
        parent="",
        title="",
        damaged=entry.reason,
    )
