"""A run's story on disk: `events.jsonl`, one event a line, numbered from 0, only ever appended to.

A line counts once it is complete: what a crash leaves of a last line is "not yet written" to a reader and is cut off by
the next writer. There is one writer at a time (see `Run.lock`) and any number of readers, in any process.
"""

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Self, TypeVar

from engine.protocol import (
    LAST_WORDS,
    AnyEvent,
    Checkpoint,
    Event,
    Step,
    Warning,
    decode,
    decode_lines,
    encode,
)
from engine.storage import reading_from, writing_to

STEP_DELAY = 0.1
"""Seconds that a step may wait to be written together with those that follow it."""

_BLOCK = 1 << 20
_BLOCK_FROM_END = 1 << 16

EventT = TypeVar("EventT", bound=Event)


class EventLog:
    """The writer. Steps are written in batches, ten times a second; every other event at once, with them."""

    def __init__(self, path: Path, run: str) -> None:
        """Open the log, or make it; a torn last line is cut off and counting goes on.

        Raises:
            StorageError: the file cannot be opened or written.
        """
        self._folder = path.parent
        self._run = run
        self._waiting = bytearray()
        self._last_write = 0.0
        with writing_to(self._folder):
            self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with path.open("rb") as reader:
                whole = _whole_size(reader)
                if whole < reader.seek(0, os.SEEK_END):
                    os.truncate(path, whole)
                self._next = _next_number(reader)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def append(self, event: EventT) -> EventT:
        """Number the event, stamp it with time and run, and write it. Returns the same event.

        Raises:
            StorageError: it could not be written. It is kept, and is written before the next event.
        """
        event.n, event.time, event.run = self._next, round(time.time(), 3), self._run
        self._waiting += encode(event)
        self._next += 1
        if not isinstance(event, Step) or time.monotonic() - self._last_write >= STEP_DELAY:
            self.flush()
        if isinstance(event, (Checkpoint, *LAST_WORDS)):
            with writing_to(self._folder):
                os.fsync(self._file)
        return event

    def flush(self) -> None:
        """Write the steps that wait; for the caller who is about to do something slow.

        Raises:
            StorageError: something could not be written. It is kept, and is written by the next flush.
        """
        self._last_write = time.monotonic()
        with writing_to(self._folder):
            # A full disk may take part of a line. The rest of it stays here and completes the line later.
            while self._waiting:
                del self._waiting[: os.write(self._file, self._waiting)]

    def close(self) -> None:
        """Write what waits and close the file.

        Raises:
            StorageError: something could not be written. It is lost; a torn line is cut off by the next writer.
        """
        try:
            self.flush()
        finally:
            os.close(self._file)


class Tail:
    """A reader that remembers how far it came. It opens the file only while it reads, and never waits."""

    def __init__(self, path: Path, after: int = -1) -> None:
        """Start behind the event numbered `after`. The file need not be there yet."""
        self._path = path
        self._after = after
        self._offset = 0
        self._last = -1
        self._damage_told = False

    def poll(self) -> list[AnyEvent]:
        """The events that became complete since the last call.

        Complete lines that are no event are left out; the first of them is told as one `Warning` in its place.

        Raises:
            StorageError: the file cannot be read.
        """
        return [event for events in self.blocks() for event in events]

    def blocks_to_come(self) -> int:
        """How many portions `blocks` would give now, about."""
        try:
            return 1 + (os.path.getsize(self._path) - self._offset) // _BLOCK
        except OSError:
            return 1

    def blocks(self) -> Iterator[list[AnyEvent]]:
        """The same in portions of about a megabyte of text, for long stories."""
        with reading_from(self._path.parent):
            try:
                file = self._path.open("rb")
            except FileNotFoundError:
                return
            with file:
                file.seek(self._offset)
                rest = b""
                while block := file.read(_BLOCK):
                    rest += block
                    if whole := rest.rfind(b"\n") + 1:
                        self._offset += whole
                        yield self._events(rest[:whole])
                        rest = rest[whole:]

    def _events(self, lines: bytes) -> list[AnyEvent]:
        try:
            events = decode_lines(lines)
        except ValueError:
            events = list(self._readable(lines))
        if events:
            self._last = events[-1].n
            if events[0].n <= self._after:
                events = [event for event in events if event.n > self._after]
        return events

    def _readable(self, lines: bytes) -> Iterator[AnyEvent]:
        for line in lines[:-1].split(b"\n"):
            try:
                event = decode(line)
            except ValueError:
                if self._damage_told:
                    continue
                self._damage_told = True
                event = Warning(
                    n=self._last + 1,
                    run=self._path.parent.name,
                    message=f"{self._path.name} is damaged after event {self._last}",
                    hint="lines that cannot be read are left out",
                )
            self._last = event.n
            yield event


def read(path: Path, after: int = -1) -> Iterator[AnyEvent]:
    """All events that are complete now and come after the one numbered `after`, as `Tail` gives them.

    Raises:
        StorageError: the file cannot be read.
    """
    for events in Tail(path, after).blocks():
        yield from events


def last(path: Path, *kinds: type[EventT]) -> EventT | None:
    """The last event of one of these kinds, looked for from the end.

    Raises:
        StorageError: the file cannot be read.
    """
    (event,), _ = last_of_each(path, [kinds])
    return event if isinstance(event, kinds) else None


def last_of_each(
    path: Path, groups: Sequence[tuple[type[Event], ...]], behind: int = 0
) -> tuple[list[AnyEvent | None], int]:
    """For each group of kinds its last event, looked for from the end in one go.

    Args:
        path: the log; it need not be there.
        groups: kinds of events.
        behind: bytes that are not looked at: what an earlier call gave as the log's size.

    Returns:
        An event or None for each group, and the log's size in bytes, up to its last complete line.

    Raises:
        StorageError: the file cannot be read.
    """
    found: list[AnyEvent | None] = [None] * len(groups)
    missing = {n: tuple(b'{"event":"%s"' % str(kind.__struct_config__.tag).encode() for kind in kinds)
               for n, kinds in enumerate(groups)}  # fmt: skip
    with reading_from(path.parent):
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return found, behind
        with file:
            size = _whole_size(file)
            for line in _lines_backwards(file, behind, size):
                if wanted := [n for n, starts in missing.items() if line.startswith(starts)]:
                    try:
                        event = decode(line)
                    except ValueError:
                        continue
                    for n in wanted:
                        found[n] = event
                        del missing[n]
                    if not missing:
                        break
    return found, size


def _next_number(file: BinaryIO) -> int:
    damaged = 0
    for line in _lines_backwards(file, 0, _whole_size(file)):
        try:
            return decode(line).n + damaged + 1
        except ValueError:
            damaged += 1
    return damaged


def _lines_backwards(file: BinaryIO, begin: int, end: int) -> Iterator[bytes]:
    """The lines between two ends of lines, from the last to the first, without their ends."""
    end -= 1
    later = b""
    while end > begin:
        start = max(begin, end - _BLOCK_FROM_END)
        file.seek(start)
        first, *lines = (file.read(end - start) + later).split(b"\n")
        yield from reversed(lines)
        later = first
        end = start
    if later:
        yield later


def _whole_size(file: BinaryIO) -> int:
    """Bytes up to the end of the last complete line."""
    end = file.seek(0, os.SEEK_END)
    while end > 0:
        start = max(0, end - _BLOCK_FROM_END)
        file.seek(start)
        found = file.read(end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0
