"""Many examples in little memory: what nobody looks at lies compressed, and is read again when somebody does."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, islice
from typing import TYPE_CHECKING, overload

import msgspec

from engine.compressed import compressed, expanded
from engine.examples import Example
from engine.marks import Mark, mark

if TYPE_CHECKING:
    from engine.edits import Splice

MANY = 50_000
"""Examples from which on they are packed."""

CHUNK = 500
"""Examples that are packed together. To read them takes less than a millisecond."""

_RECENT = 4
"""Chunks that stay read, as who looks at one example looks at its neighbours next."""

Tally = dict[tuple[Mark, str, str], int]
"""How many examples there are with each mark, task and split."""


class _Packed(msgspec.Struct, frozen=True, gc=False):
    data: bytes
    count: int
    tally: Tally

    def __len__(self) -> int:
        return self.count

    def rows(self) -> list[Example]:
        result: list[Example] = expanded(self.data)
        return result


Chunk = list[Example] | _Packed


class Rows(Sequence[Example]):
    """A list of examples that never changes: an edit makes another one, which shares with it what is the same.

    So one thread may read it while another makes the next. It consists of chunks. An example of a packed chunk is a new
    object each time that it is read, equal to the one before.
    """

    __slots__ = ("_chunks", "_recent", "_starts")  # there are many

    def __init__(self, rows: Iterable[Example] = (), *, packed: bool = False) -> None:
        rest = iter(rows)
        chunks = iter(lambda: list(islice(rest, CHUNK)), [])
        self._hold(map(_packed, chunks) if packed else chunks)

    @classmethod
    def of(cls, rows: Sequence[Example]) -> "Rows":
        """The rows, packed where they are `MANY`."""
        return cls(rows, packed=len(rows) > MANY)

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, index: int) -> Example: ...

    @overload
    def __getitem__(self, index: slice) -> list[Example]: ...

    def __getitem__(self, index: int | slice) -> Example | list[Example]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        chunk = self._chunk_at(index)
        return self._read(chunk)[index - self._starts[chunk]]

    def __iter__(self) -> Iterator[Example]:
        # Nothing stays read: who goes through all does not come back soon.
        return chain.from_iterable(chunk.rows() if isinstance(chunk, _Packed) else chunk for chunk in self._chunks)

    @property
    def packed(self) -> bool:
        """Whether some of them lie compressed."""
        return any(isinstance(chunk, _Packed) for chunk in self._chunks)

    def tally(self) -> Tally:
        """How many there are with each mark, task and split."""
        tallies = [chunk.tally if isinstance(chunk, _Packed) else _tally(chunk) for chunk in self._chunks]
        if len(tallies) == 1:
            return tallies[0]
        result: Counter[tuple[Mark, str, str]] = Counter()
        for tally in tallies:
            for key, count in tally.items():
                result[key] += count
        return result

    def pieces(self, start: int = 0) -> Iterator[tuple[int, "Rows"]]:
        """All from the chunk on that has the place `start`: the place of each chunk, and what is in it."""
        for number in range(self._chunk_at(start), len(self._chunks)):
            yield self._starts[number], _of([self._chunks[number]])

    def spliced(self, changes: Iterable["Splice"]) -> tuple["Rows", list["Rows"]]:
        """The list after splices, which are in the order of their places; and what each of them took out."""
        chunks: list[Chunk] = []
        taken, done = [], 0
        for change in changes:
            end = change.at + change.old
            chunks += self._between(done, change.at)
            chunks += change.new._chunks
            taken.append(_of(self._between(change.at, end)))
            done = end
        return _of(chunks + self._between(done, len(self))), taken

    def _between(self, start: int, end: int) -> list[Chunk]:
        """The chunks of the places from `start` to before `end`; those that lie only partly there are cut."""
        if start == end:
            return []
        first, last = self._chunk_at(start), self._chunk_at(end - 1)
        result = self._chunks[first : last + 1]
        for number in {first, last}:
            begin = self._starts[number]
            if start > begin or end < self._starts[number + 1]:
                result[number - first] = self._read(number)[max(start - begin, 0) : end - begin]
        return result

    def _hold(self, chunks: Iterable[Chunk]) -> None:
        self._chunks: list[Chunk] = []
        for chunk in chunks:
            last = self._chunks[-1] if self._chunks else None
            if isinstance(chunk, list) and isinstance(last, list) and len(last) + len(chunk) <= CHUNK:
                self._chunks[-1] = last + chunk  # what is left of a chunk is no chunk for long
            elif chunk:
                self._chunks.append(chunk)
        self._starts = [0, *accumulate(map(len, self._chunks))]
        """Of the chunks, and where the next one would start."""
        self._recent: tuple[tuple[int, list[Example]], ...] = ()

    def _chunk_at(self, index: int) -> int:
        return bisect_right(self._starts, index) - 1

    def _read(self, number: int) -> list[Example]:
        chunk = self._chunks[number]
        if not isinstance(chunk, _Packed):
            return chunk
        for recent, rows in self._recent:
            if recent == number:
                return rows
        rows = chunk.rows()
        self._recent = ((number, rows), *self._recent[: _RECENT - 1])
        return rows

    def __reduce__(self) -> tuple[object, ...]:
        return _of, (self._chunks,)


def _of(chunks: list[Chunk]) -> Rows:
    rows = Rows()
    rows._hold(chunks)
    return rows


def _packed(rows: list[Example]) -> _Packed:
    return _Packed(compressed(rows), len(rows), _tally(rows))


def _tally(rows: list[Example]) -> Tally:
    return dict(Counter((mark(row), row.task, row.split) for row in rows))
