"""The workspace: the folder that holds a user's runs, and the examples that they were trained on.

Nothing is made on disk before the first run. See `docs/runs.md` for what is where.
"""

import re
import secrets
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import platformdirs

from engine import atomic
from engine.errors import EngineError, InputError, Problem, closest
from engine.example_store import ExampleStore
from engine.examples import Example
from engine.lock import hold
from engine.runs import Run, RunInfo, run_lock, write_info
from engine.scenario import Scenario
from engine.storage import reading_from, writing_to

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_SHOWN = 5
"""Candidates named in an error."""


@dataclass(frozen=True)
class DamagedRun:
    """A folder among the runs that cannot be read as one."""

    folder: Path
    reason: str

    @property
    def id(self) -> str:
        """The name of its folder."""
        return self.folder.name


class Workspace:
    """A folder of runs."""

    def __init__(self, folder: Path | None = None) -> None:
        """Name the folder; it need not be there yet. Left out: the user's data folder of this system.

        Raises:
            InputError: it is a file.
        """
        self.folder = (folder or platformdirs.user_data_path("tunetui", appauthor=False)).absolute()
        with reading_from(self.folder):
            is_file = self.folder.exists() and not self.folder.is_dir()
        if is_file:
            raise InputError(Problem(file=str(self.folder), found="a file", expected="a folder for the workspace"))
        self._runs = self.folder / "runs"
        self._examples = ExampleStore(self.folder / "data")

    def create(self, info: RunInfo, examples: Iterable[Example]) -> Run:
        """Make the folder of a new run, whole or not at all, and keep its examples.

        Id and data hash are settled here, and absolute paths are shortened to their last part, in a copy of `info`.

        Raises:
            StorageError: the workspace cannot be written, or its disk is full.
        """
        with self._changing():
            folder = self._runs / self._new_id(info.tuning)
            info = msgspec.structs.replace(
                info,
                id=folder.name,
                name=Path(info.name).name,
                scenario=_without_absolute_paths(info.scenario),
                data=self._examples.add(examples),
            )
            with atomic.folder(folder) as temporary:
                write_info(temporary, info)
                (temporary / "checkpoints").mkdir()
                (temporary / "events.jsonl").touch()
        return Run(folder, info)

    def examples(self, run: Run) -> list[Example]:
        """The examples of a run, in their order.

        Raises:
            EngineError: they are missing or damaged.
        """
        return self._examples.get(run.info.data)

    def examples_with(self, run: Run, instructions: Collection[str]) -> list[Example]:
        """Those examples of a run that have one of a few instructions.

        Raises:
            EngineError: they are missing or damaged.
        """
        return self._examples.with_instructions(run.info.data, instructions)

    def runs(self) -> list[Run]:
        """All runs that can be read, newest first.

        Raises:
            StorageError: the workspace cannot be read.
        """
        runs = [entry for entry in self._entries() if isinstance(entry, Run)]
        return sorted(runs, key=lambda run: (run.info.created, run.id), reverse=True)

    def damaged(self) -> list[DamagedRun]:
        """What lies among the runs and cannot be read, each with the reason.

        Raises:
            StorageError: the workspace cannot be read.
        """
        return [entry for entry in self._entries() if isinstance(entry, DamagedRun)]

    def find(self, text: str, *, with_model: bool = False) -> Run:
        """The run that a user means by an id, a unique beginning of one, or `latest`.

        `with_model` passes over the latest ones that have learnt nothing: they wait, or ended before a checkpoint.

        Raises:
            InputError: there is none, or there are several, or it is damaged.
            StorageError: the workspace cannot be read.
        """
        latest = (run for run in self.runs() if run.has_model) if with_model and text == "latest" else ()
        entry = next(iter(latest), None) or self.find_any(text)
        if isinstance(entry, DamagedRun):
            hint = f"`tunetui remove {entry.id}` removes it"
            raise InputError(Problem(key="RUN", found=f"{entry.id} cannot be read: {entry.reason}", hint=hint))
        return entry

    def find_any(self, text: str) -> Run | DamagedRun:
        """`find` that also gives damaged runs, so that they can be removed.

        Raises:
            InputError: there is none, or there are several.
            StorageError: the workspace cannot be read.
        """
        runs = self.runs()
        if text == "latest" and runs:
            return runs[0]
        entries: dict[str, Run | DamagedRun] = {run.id: run for run in runs}
        entries |= {run.id: run for run in self.damaged()}
        if text in entries:
            return entries[text]
        candidates = [name for name in entries if name.startswith(text)] if text else []
        if len(candidates) != 1:
            raise InputError(_ambiguous(text, candidates) if candidates else _unknown(text, list(entries)))
        return entries[candidates[0]]

    def finished(self, scenario: Scenario, tuning: str) -> Run | None:
        """The newest finished run of this tuning of the very same scenario.

        Raises:
            StorageError: the workspace cannot be read.
        """
        asked = _without_absolute_paths(scenario)
        runs = (run for run in self.runs() if (run.info.tuning, run.info.scenario) == (tuning, asked))
        return next((run for run in runs if run.state() == "finished"), None)

    def remove(self, run: Run | DamagedRun) -> None:
        """Remove a run, and its examples when no other run has them.

        Raises:
            EngineError: it is running, or cannot be removed.
        """
        with self._changing():
            with run_lock(run.folder):
                atomic.remove_folder(run.folder)
            self._forget_unnamed_examples()

    def _forget_unnamed_examples(self) -> None:
        # A search in the text, because a run of a newer tunetui keeps its examples too.
        with reading_from(self._runs):
            named = b"".join(path.read_bytes() for path in self._runs.glob("*/run.json"))
        for digest in self._examples.hashes():
            if digest.encode() not in named:
                self._examples.remove(digest)

    def _entries(self) -> Iterator[Run | DamagedRun]:
        with reading_from(self._runs):
            paths = list(self._runs.iterdir()) if self._runs.exists() else []
            folders = [path for path in paths if path.is_dir() and not path.name.startswith(".")]
        for folder in folders:
            try:
                yield Run.open(folder)
            except EngineError as error:
                if folder.exists():  # otherwise it was removed meanwhile
                    yield DamagedRun(folder, str(error))

    def _new_id(self, tuning: str) -> str:
        while True:
            start = "".join(secrets.choice(_LETTERS) for _ in range(4))
            if not any(self._runs.glob(start + "-*")):
                return f"{start}-{path_safe(tuning)}"

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Let one process at a time add and remove runs, in folders that only their owner can open."""
        for folder in (self.folder, self._runs, self._examples.folder):
            with writing_to(folder):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with hold(self._runs / ".lock", wait=True):
            atomic.remove_leftovers(self._runs)
            atomic.remove_leftovers(self._examples.folder)
            yield


def path_safe(name: str) -> str:
    """The name in small letters, digits and hyphens, 40 at most."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_name)[:40].strip("-") or "run"


def _without_absolute_paths(scenario: Scenario) -> Scenario:
    files = [msgspec.structs.replace(file, path=_shortened(file.path)) for file in scenario.files]
    return msgspec.structs.replace(scenario, files=files, base=_shortened(scenario.base))


def _shortened(path: str) -> str:
    return Path(path).name if path.startswith(("/", "~")) else path


def _ambiguous(text: str, candidates: list[str]) -> Problem:
    more = f" and {len(candidates) - _SHOWN} more" if len(candidates) > _SHOWN else ""
    found = f"{text!r} is the beginning of {', '.join(candidates[:_SHOWN])}{more}"
    return Problem(key="RUN", found=found, expected="the beginning of one id")


def _unknown(text: str, ids: list[str]) -> Problem:
    expected = "an id, the beginning of one, or `latest`"
    alike = closest(text, ids) or next((name for name in ids if text and text in name), "")
    if alike:
        hint = f"did you mean {alike}?"
    elif ids:
        hint = "`tunetui runs` lists them"
    else:
        hint = "there are no runs here yet; `tunetui train SCENARIO` makes one"
    return Problem(key="RUN", found=f"no run {text!r}", expected=expected, hint=hint)
