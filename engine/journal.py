"""Edits on disk until they are saved: after a crash, a kill or a closed terminal they are offered back.

A journal is a file of JSON lines in a folder of the workspace: first which files were edited, with their hashes, then
every edit, undo and redo as it was made. It is written at once and without a buffer, so that it outlives the process,
and a thread brings it to the disk (fsync), so that it outlives the machine's power; a slow disk holds up nobody who
types. What a full disk refuses is written with the next edit. The journal is locked by the process that writes it, so
that nobody takes the edits of a living app for those of a dead one.
"""

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Literal

import msgspec

from engine import atomic
from engine.apart import apart_if_large
from engine.document import Document
from engine.edits import Edit, Splice
from engine.errors import EngineError
from engine.examples import Example, Split
from engine.lock import Held, hold, is_held
from engine.marks import Changed, Deleted, New, mark
from engine.packed_rows import Rows
from engine.storage import reading_from, writing_to

PIECE = 50_000
"""Bytes of a line that are written together, at least."""

PACKED = 1_000_000
"""Bytes of a line from which on its examples are packed."""


class Head(msgspec.Struct, frozen=True):
    """What was edited."""

    scenario: str
    hashes: dict[str, str]
    time: float
    """Seconds since 1970, of the first edit."""


class _Row(msgspec.Struct, omit_defaults=True, gc=False, rename={"instruction": "i", "response": "r"}):
    instruction: str
    response: str
    task: str = ""
    split: Split | Literal[""] = ""
    extra: dict[str, object] | None = None
    deleted: bool = False
    mark: Literal["", "new", "changed"] = ""


class _Change(msgspec.Struct):
    part: int
    at: int
    old: int
    new: list[_Row]


class _Line(msgspec.Struct):
    label: str
    splices: list[_Change]


class Journal:
    """The edits of one document, kept as they are made. Nothing is on disk before the first."""

    def __init__(self, folder: Path, document: Document, now: Callable[[], float] = time.time) -> None:
        """The journal of a document in a folder; `now` dates it."""
        self.folder, self.document, self._now = folder, document, now
        self._file: int | None = None
        self._path: Path | None = None
        self._lock = ExitStack()
        self._disk: ThreadPoolExecutor | None = None
        self._refused: OSError | None = None
        self._waiting: list[Head | Edit] = []
        """What is not written to its end, as the disk was full."""
        self._written = 0
        """Bytes of the first that waits."""
        self._writing = Lock()
        """An edit of many examples is written by a thread, and the file is not closed meanwhile."""

    def add(self, edit: Edit) -> None:
        """Keep an edit.

        Raises:
            StorageError: the folder cannot be written, or its disk is full; or an edit before did not reach the disk.
        """
        with self._writing, writing_to(self.folder):
            self._waiting.append(edit)
            if self._file is None:
                self._begin()
            refused, self._refused = self._refused, None
            while self._waiting:
                self._write(self._waiting[0])
                del self._waiting[0]
            if refused:
                raise refused

    def clear(self) -> None:
        """All is saved, or is to be forgotten: remove what is on disk."""
        if self._path is not None:
            with writing_to(self.folder):
                self._path.unlink(missing_ok=True)
        self.close()
        if self._lock_path is not None:
            self._lock_path.unlink(missing_ok=True)
        self._path = None
        self._waiting.clear()
        self._written = 0

    def close(self) -> None:
        """Let go of the file, once it is on the disk; what is in it stays for the next start."""
        with self._writing:
            if self._disk:
                self._disk.shutdown()
                self._disk = None
            if self._file is not None:
                os.close(self._file)
                self._file = None
            self._lock.close()

    @property
    def _lock_path(self) -> Path | None:
        return self._path.with_suffix(".lock") if self._path else None

    def _begin(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in range(1000):
            path = self.folder / f"{_name(self.document.path)}-{number}.jsonl"
            if path.exists():
                continue
            try:
                self._lock.enter_context(hold(path.with_suffix(".lock")))
            except Held:
                continue
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            self._path = path
            self._disk = ThreadPoolExecutor(1, "journal")
            self._disk.submit(atomic.sync_folder, self.folder)
            hashes = {str(path): digest for path, digest in self.document.hashes.items()}
            self._waiting.insert(0, Head(str(self.document.path), hashes, self._now()))
            return
        raise EngineError(f"{self.folder} holds a thousand journals of {self.document.path.name}; remove old ones.")

    def _write(self, what: Head | Edit) -> None:
        """Write a line. One that is not written to its end does not count when it is read, and is gone on with here."""
        if self._file is not None:
            there = self._written
            for piece in chain(_line(what), [b"\n"]):
                rest = memoryview(piece)[there:]
                there -= len(piece) - len(rest)
                while rest:
                    written = os.write(self._file, rest)
                    self._written += written
                    rest = rest[written:]
            self._written = 0
            if self._disk:
                self._disk.submit(self._sync, self._file)

    def _sync(self, file: int) -> None:
        try:
            os.fsync(file)
        except OSError as error:
            self._refused = error


class LeftBehind(msgspec.Struct, frozen=True):
    """A journal whose app is gone."""

    path: Path
    head: Head
    edits: list[Edit]
    behind: list[Edit] = []
    """Edits behind a place that cannot be read. They would not find theirs."""
    damaged: bool = False
    """Whether there is such a place."""

    def fits(self, document: Document) -> bool:
        """Whether the examples are still those that were edited, so that every edit finds its place."""
        hashes = {str(path): digest for path, digest in document.hashes.items()}
        return not document.dirty and self.head.hashes == hashes

    def texts(self, edits: Iterable[Edit]) -> Rows:
        """What was typed, for a document that these edits do not fit: the examples that they brought."""
        splices = [splice for edit in edits for splice in edit.splices]
        rows = (row for splice in splices for row in splice.new if mark(row) in ("new", "changed"))
        texts = (Example(row.instruction, row.response, row.task, row.split) for row in rows)
        return Rows(texts, packed=any(splice.new.packed for splice in splices))

    def put_aside(self) -> Path:
        """Keep it under another name, by which it is not offered again; the name.

        Raises:
            StorageError: it cannot be renamed.
        """
        with writing_to(self.path.parent):
            self.path.with_suffix(".lock").unlink(missing_ok=True)
            return self.path.rename(self.path.with_suffix(f".{time.time_ns()}.damaged"))

    def remove(self) -> None:
        """Forget it.

        Raises:
            StorageError: it cannot be removed.
        """
        with writing_to(self.path.parent):
            self.path.unlink(missing_ok=True)
            self.path.with_suffix(".lock").unlink(missing_ok=True)


def left_behind(folder: Path, scenario: Path) -> list[LeftBehind]:
    """The journals of a scenario whose apps are gone, oldest first. A last line that is cut short is left out.

    What cannot be read in another place makes a journal `damaged`.

    Raises:
        StorageError: the folder cannot be read.
    """
    with reading_from(folder):
        paths = [path for path in folder.glob(f"{_name(scenario)}-*.jsonl") if not is_held(path.with_suffix(".lock"))]
        found = [apart_if_large(path.stat().st_size, _read, path) for path in paths]
    return sorted((journal for journal in found if journal), key=lambda journal: journal.head.time)


def _read(path: Path) -> LeftBehind | None:
    head: Head | None = None
    edits: list[Edit] = []
    behind: list[Edit] = []
    damaged = False
    with path.open("rb") as lines:
        for line in lines:
            try:
                if head is None:
                    head = msgspec.json.decode(line, type=Head)
                else:
                    edit = _edit(msgspec.json.decode(line, type=_Line), packed=len(line) > PACKED)
                    (behind if damaged else edits).append(edit)
            except (ValueError, RecursionError):
                damaged = damaged or line.endswith(b"\n")  # the last line may be cut short
                head = head or Head("", {}, path.stat().st_mtime)
    return LeftBehind(path, head, edits, behind, damaged) if head and (edits or damaged) else None


def _line(what: Head | Edit) -> Iterator[bytes]:
    """A head, or an edit as JSON (`_Line`), in pieces: with many examples it is long."""
    if isinstance(what, Head):
        yield msgspec.json.encode(what)
        return
    piece = b'{"label":' + msgspec.json.encode(what.label) + b',"splices":['
    for number, splice in enumerate(what.splices):
        piece += b"," * (number > 0) + b'{"part":%d,"at":%d,"old":%d,"new":[' % (splice.part, splice.at, splice.old)
        for at, rows in splice.new.pieces():
            piece += b"," * (at > 0) + msgspec.json.encode(list(map(_row, rows)))[1:-1]
            if len(piece) > PIECE:
                yield piece
                piece = b""
        piece += b"]}"
    yield piece + b"]}"


def _row(row: Example) -> _Row:
    said = mark(row)
    kind = "" if said == "deleted" else said
    return _Row(row.instruction, row.response, row.task, row.split, row.extra, said == "deleted", kind)


def _edit(line: _Line, packed: bool) -> Edit:
    return Edit(
        line.label,
        [Splice(c.part, c.at, c.old, Rows(map(_example, c.new), packed=packed)) for c in line.splices],
    )


def _example(row: _Row) -> Example:
    kind = Deleted if row.deleted else _KINDS[row.mark]
    return kind(row.instruction, row.response, row.task, row.split, row.extra)


_KINDS = {"": Example, "new": New, "changed": Changed}


def _name(scenario: Path) -> str:
    """A file name for the journals of a scenario: its own, and what tells it from others of that name."""
    return f"{scenario.stem}-{hashlib.sha256(str(scenario.absolute()).encode()).hexdigest()[:12]}"
