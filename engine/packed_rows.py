"""Many examples in little memory: what nobody edits lies compressed, and is read again when somebody looks at it."""

import pickle
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, islice
from typing import overload

import msgspec

from engine.edits import Splice
from engine.examples import Example

MANY = 50_000
"""Examples from which on they are packed."""

CHUNK = 500
"""Examples that are packed together. To read them takes less than a millisecond."""

_RECENT = 4
"""Chunks that stay read, as who looks at one example looks at its neighbours next."""


class _Packed(msgspec.Struct, frozen=True):
    data: bytes
    count: int

    def __len__(self) -> int:
        return self.count

    def rows(self) -> list[Example]:
        result: list[Example] = pickle.loads(zlib.decompress(self.data))
        return result


Chunk = list[Example] | _Packed


class Rows(Sequence[Example]):
    """A list of examples that is edited by splices.

    It consists of chunks. An example that was edited lies in a chunk that is not packed. One of a packed chunk is a new
    object each time that it is read, equal to the one before.
    """

    def __init__(self, rows: Sequence[Example] = ()) -> None:
        rest = iter(rows)
        chunks = iter(lambda: list(islice(rest, CHUNK)), [])
        self._hold(list(map(_packed, chunks) if len(rows) > MANY else chunks))

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
        return chain.from_iterable(map(self._read, range(len(self._chunks))))

    def copy(self) -> "Rows":
        """Another list of the same examples. Later edits of one do not change the other."""
        return _of([chunk if isinstance(chunk, _Packed) else chunk.copy() for chunk in self._chunks])

    def unpacked(self) -> Iterator[tuple[int, Example]]:
        """The examples outside packed chunks, each with its place. All that were edited are among them."""
        for start, chunk in zip(self._starts, self._chunks, strict=False):
            if not isinstance(chunk, _Packed):
                yield from enumerate(chunk, start)

    def splice(self, changes: Sequence[Splice]) -> None:
        """Carry out splices of this list, in the order of their places and apart from each other."""
        # From the end, so that the places further ahead stay true.
        for change in reversed(changes):
            end = change.at + len(change.old)
            first, last = self._chunk_at(change.at), self._chunk_at(max(end - 1, change.at))
            rows = self._chunks[first]
            if isinstance(rows, _Packed) or first < last:
                rows = [row for chunk in range(first, last + 1) for row in self._read(chunk)]
                self._chunks[first : last + 1] = [rows]
                self._recent.clear()
            start = self._starts[first]
            rows[change.at - start : end - start] = change.new
        self._hold([piece for chunk in self._chunks for piece in _pieces(chunk)])

    def _hold(self, chunks: list[Chunk]) -> None:
        self._chunks: list[Chunk] = chunks or [[]]
        self._starts = [0, *accumulate(map(len, self._chunks))]
        """Of the chunks, and where the next one would start."""
        self._recent: dict[int, list[Example]] = {}

    def _chunk_at(self, index: int) -> int:
        """The number of the chunk that an example is in; the last one for the place behind all."""
        return min(bisect_right(self._starts, index), len(self._chunks)) - 1

    def _read(self, number: int) -> list[Example]:
        chunk = self._chunks[number]
        if not isinstance(chunk, _Packed):
            return chunk
        rows = self._recent.get(number)
        if rows is None:
            if len(self._recent) == _RECENT:
                del self._recent[next(iter(self._recent))]
            rows = self._recent[number] = chunk.rows()
        return rows

    def __reduce__(self) -> tuple[object, ...]:
        return _of, (self._chunks,)


def _of(chunks: list[Chunk]) -> Rows:
    rows = Rows()
    rows._hold(chunks)
    return rows


def _packed(rows: list[Example]) -> _Packed:
    return _Packed(zlib.compress(pickle.dumps(rows), level=1), len(rows))


def _pieces(chunk: Chunk) -> Iterator[Chunk]:
    """The chunk, cut up where it has grown too long. Nothing where it is empty."""
    if isinstance(chunk, _Packed) or len(chunk) <= 2 * CHUNK:
        return iter([chunk] if chunk else [])
    return (chunk[at : at + CHUNK] for at in range(0, len(chunk), CHUNK))
