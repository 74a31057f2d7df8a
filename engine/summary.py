"""One run in a list of runs: what its folder tells, read from the end of its story."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import NamedTuple

from engine.errors import EngineError
from engine.event_log import last, last_of_each
from engine.lock import is_held
from engine.protocol import (
    AnyEvent,
    Checkpoint,
    Evaluation,
    Event,
    Failed,
    Finished,
    LearningRate,
    Started,
    Step,
)
from engine.requests import RunSummary
from engine.run_label import label_of, label_stamp
from engine.runs import TURNS, Run
from engine.workspace import DamagedRun, Workspace

_STEPPED = (*TURNS, Step, Evaluation, Checkpoint, LearningRate)


class _Read(NamedTuple):
    """The last events of a story that its summary is made of, and how much of the log was read for them."""

    size: int = 0
    stepped: AnyEvent | None = None
    turn: AnyEvent | None = None
    scored: AnyEvent | None = None
    began: AnyEvent | None = None
    saved: AnyEvent | None = None


class Summaries:
    """The list of a workspace's runs. It remembers what it has read: of a story that grows it reads what is new."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: dict[str, tuple[object, _Read, RunSummary]] = {}

    def read(self, in_line: Collection[str] = ()) -> list[RunSummary]:
        """All runs, newest first, then what cannot be read. Those in line are queued, if nobody works on them.

        Raises:
            StorageError: the workspace cannot be read.
        """
        known: dict[str, tuple[object, _Read, RunSummary]] = {}
        found = []
        for run in self._workspace.runs():
            try:
                stamp = _stamp(run, run.id in in_line)
                before, read, now = self._known.get(run.id, (None, _Read(), None))
                if now is None or before != stamp:
                    read, now = _summary(run, run.id in in_line, read)
                known[run.id] = stamp, read, now
                found.append(now)
            except EngineError as error:
                found.append(_damaged(DamagedRun(run.folder, str(error))))
        self._known = known
        return found + [_damaged(entry) for entry in self._workspace.damaged()]


def _summary(run: Run, in_line: bool, before: _Read) -> tuple[_Read, RunSummary]:
    held = is_held(run.lock_file)
    kinds = (_STEPPED, TURNS, (Evaluation, Finished), (Started,), (Checkpoint,))
    events, size = last_of_each(run.events_file, kinds, before.size)
    read = _Read(size, *(new or old for new, old in zip(events, before[1:], strict=True)))
    state = run.state_after(read.turn, held)
    end, scored = read.stepped, read.scored
    seconds = end.time - read.began.time if end and read.began else 0.0
    return read, RunSummary(
        id=run.id,
        name=run.info.name,
        tuning=run.info.tuning,
        state="queued" if in_line and state not in ("running", "paused") else state,
        step=step_of(end),
        steps=run.info.steps,
        saved=step_of(read.saved),
        created=run.info.created,
        seconds=end.seconds if isinstance(end, Finished) else seconds,
        scores=scored.scores if isinstance(scored, Evaluation | Finished) else {},
        parent=run.info.parent,
        title=run.info.scenario.title,
        error=end.message if isinstance(end, Failed) else "",
        label=label_of(run),
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
    return found.st_size, found.st_mtime_ns, run.info, is_held(run.lock_file), in_line, label_stamp(run)


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
