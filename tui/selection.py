"""Which examples are selected: one byte for each that there is, so that a million are no more work than a few."""

from array import array
from collections.abc import Iterator, Sequence


class Selection:
    """Places of a document with so many examples."""

    def __init__(self, size: int = 0, places: Sequence[int] = ()) -> None:
        self._mask = bytearray(size)
        self.add(places)

    @property
    def size(self) -> int:
        """How many there are to select from."""
        return len(self._mask)

    def __len__(self) -> int:
        return self._mask.count(1)

    def __contains__(self, place: int) -> bool:
        return bool(self._mask[place])

    def __iter__(self) -> Iterator[int]:
        place = self._mask.find(1)
        while place >= 0:
            yield place
            place = self._mask.find(1, place + 1)

    def places(self) -> Sequence[int]:
        """All of them, in rising order."""
        return range(self.size) if len(self) == self.size else array("q", self)

    def ends(self) -> tuple[int, int]:
        """The first and the last of them; there must be one."""
        return self._mask.find(1), self._mask.rfind(1)

    def toggle(self, place: int) -> None:
        """Select one, or not any more."""
        self._mask[place] ^= 1

    def add(self, places: Sequence[int]) -> None:
        """Select them too."""
        if isinstance(places, range) and places:
            first, last = min(places[0], places[-1]), max(places[0], places[-1])
            self._mask[first : last + 1] = b"\1" * (last + 1 - first)
        else:
            for place in places:
                self._mask[place] = 1

    def copy(self) -> "Selection":
        """The same places; later changes of one do not change the other."""
        result = Selection()
        result._mask = self._mask.copy()
        return result
