"""A run's folder: what was asked (`run.json`), what happened (`events.jsonl`), and its checkpoints.

`docs/runs.md` describes the folder for readers with other tools.
"""

import platform
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from engine import __version__, atomic
from engine.errors import EngineError
from engine.event_log import EventLog, last, read
from engine.lock import Held, hold, is_held
from engine.protocol import (
    LAST_WORDS,
    AnyEvent,
    Evaluation,
    Event,
    Failed,
    Finished,
    Paused,
    Resumed,
    Scores,
    Started,
    Stopped,
)
from engine.scenario import Scenario, spelled_out
from engine.storage import reading_from

FORMAT = 1
"""Of the run's folder. A folder of a newer format is not read."""

State = Literal["queued", "running", "paused", "interrupted", "failed", "stopped", "finished"]

TURNS = (Started, Paused, Resumed, *LAST_WORDS)
"""Events that change a run's state."""

_CHECKPOINT = re.compile(r"step-(\d{8,})")


class Versions(msgspec.Struct, frozen=True, kw_only=True):
    """What a run was made with."""

    tunetui: str
    torch: str
    python: str

    @classmethod
    def installed(cls) -> "Versions":
        """Those of this process. Torch is asked for its version without being imported."""
        from importlib.metadata import version  # the app's first frame does not wait for it

        return cls(tunetui=__version__, torch=version("torch"), python=platform.python_version())


class _Format(msgspec.Struct):
    format: int


class RunInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked of a run. It holds nothing about the person or the machine: no names, no absolute paths."""

    format: int = FORMAT
    id: str = ""
    """Set by the workspace."""
    name: str
    """Of the scenario: the stem of its file."""
    scenario: Scenario
    """As run, every default written out."""
    tuning: str
    steps: int
    """At most; 0 until a run that counts epochs begins."""
    seed: int
    created: Annotated[datetime, Meta(tz=True)] = msgspec.field(default_factory=lambda: datetime.now(UTC))
    versions: Versions = msgspec.field(default_factory=Versions.installed)
    device: str = "auto"
    """What was asked for; once the run has begun, what it is."""
    threads: int = 0
    """0 until the run begins."""
    precision: str = ""
    """Empty until the run begins."""
    data: str = ""
    """Hash of the examples, set by the workspace."""
    base: str = ""
    """Hash of the weights that the run starts from; empty for fresh ones."""
    parent: str = ""
    """Id of the run that this one starts from, if it is one."""


class Run:
    """One run's folder. Made by `Workspace.create`, opened by `Run.open`."""

    def __init__(self, folder: Path, info: RunInfo) -> None:
        self.folder = folder
        self.info = info

    @classmethod
    def open(cls, folder: Path) -> "Run":
        """Read a run's `run.json`.

        Raises:
            EngineError: it is not a run, is damaged, or was made by a newer tunetui.
        """
        with reading_from(folder):
            try:
                text = (folder / "run.json").read_bytes()
            except FileNotFoundError:
                raise EngineError(f"{folder} has no run.json.") from None
        try:
            found = msgspec.json.decode(text, type=_Format).format
            if found > FORMAT:
                raise EngineError(
                    f"{folder} was made by a newer tunetui: its format is {found}, this one reads up to {FORMAT}. "
                    "Update tunetui to read it."
                )
            info = msgspec.json.decode(text, type=RunInfo)
        except ValueError as error:
            raise EngineError(f"{folder / 'run.json'} is damaged: {error}.") from error
        return cls(folder, msgspec.structs.replace(info, id=folder.name))

    @property
    def id(self) -> str:
        """The name of its folder."""
        return self.folder.name

    @property
    def log_file(self) -> Path:
        """Where the process that runs it writes what is only for developers."""
        return self.folder / "log.txt"

    def settle(self, info: RunInfo) -> None:
        """Write down what is known only when the run begins. Only for who holds the lock.

        Raises:
            StorageError: it cannot be written; what was there is unchanged.
        """
        write_info(self.folder, info)
        self.info = info

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the run, so that nobody else runs or removes it, and clear what a killed process left in it.

        Raises:
            EngineError: another process holds it.
        """
        with run_lock(self.folder):
            atomic.remove_leftovers(self.folder)
            atomic.remove_leftovers(self.checkpoint_folder)
            yield

    def log(self) -> EventLog:
        """Open the event log for writing. Only for who holds the lock.

        Raises:
            StorageError: it cannot be opened.
        """
        return EventLog(self.events_file, self.id)

    @property
    def events_file(self) -> Path:
        """For a `Tail`, which follows a run that is going on."""
        return self.folder / "events.jsonl"

    def events(self, after: int = -1) -> Iterator[AnyEvent]:
        """The story so far, behind the event numbered `after`.

        Raises:
            StorageError: it cannot be read.
        """
        return read(self.events_file, after)

    def state(self) -> State:
        """How it stands with the run: what its last word says, and whether a process holds its lock.

        Raises:
            StorageError: its folder cannot be read.
        """
        held = is_held(self.lock_file)
        return self.state_after(last(self.events_file, *TURNS), held)

    def state_after(self, event: Event | None, held: bool) -> State:
        """The same for who has read the last of its `TURNS`, and asked before that whether its lock is held."""
        if isinstance(event, Finished):
            return "finished"
        if isinstance(event, Stopped):
            return "stopped"
        if isinstance(event, Failed):
            return "failed"
        # Asked before and after: whoever takes the lock meanwhile makes the run running, not interrupted.
        if held or is_held(self.lock_file):
            return "paused" if isinstance(event, Paused) else "running"
        return "interrupted" if event else "queued"

    def scores(self) -> Scores:
        """Those of its last evaluation; empty where there was none.

        Raises:
            StorageError: its folder cannot be read.
        """
        event = last(self.events_file, Evaluation, Finished)
        return event.scores if isinstance(event, Evaluation | Finished) else {}

    def checkpoints(self) -> list[Path]:
        """The folders of its checkpoints, in the order of their steps. Whoever loads one checks its hashes.

        Raises:
            StorageError: its folder cannot be read.
        """
        with reading_from(self.folder):
            found = [path for path in self.checkpoint_folder.iterdir() if _CHECKPOINT.fullmatch(path.name)]
        return sorted(found, key=lambda path: int(path.name.removeprefix("step-")))

    @property
    def has_model(self) -> bool:
        """Whether it has one, or somebody works on it.

        Raises:
            StorageError: its folder cannot be read.
        """
        return is_held(self.lock_file) or bool(self.checkpoints())

    @property
    def base_folder(self) -> Path:
        """A copy of the base, where that is a folder beside the scenario."""
        return self.folder / "base"

    @property
    def checkpoint_folder(self) -> Path:
        """Holds a folder for each checkpoint, `step-` and the step in eight digits."""
        return self.folder / "checkpoints"

    @property
    def lock_file(self) -> Path:
        """Held by the process that works on the run."""
        return self.folder / "lock"


@contextmanager
def run_lock(folder: Path) -> Iterator[None]:
    """Hold the lock of a run's folder, readable or not.

    Raises:
        EngineError: another process holds it.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(hold(folder / "lock"))
        except Held:
            raise EngineError(
                f"{folder.name} is running in another process. End it there (Ctrl-C), or wait for it."
            ) from None
        yield


def write_info(folder: Path, info: RunInfo) -> None:
    """Write `run.json`, whole or not at all.

    Raises:
        StorageError: it cannot be written; what was there is unchanged.
    """
    text = msgspec.json.encode(spelled_out(info))
    atomic.write_bytes(folder / "run.json", msgspec.json.format(text) + b"\n")
