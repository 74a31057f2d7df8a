"""The runs that are to be worked on: the one at work in front, then those that wait."""

import threading
from collections.abc import Iterable


class Line:
    """Run ids in their order; any thread may look and change."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._lock = threading.Lock()

    @property
    def ids(self) -> list[str]:
        """A copy, the first in front."""
        with self._lock:
            return list(self._ids)

    @property
    def first(self) -> str:
        """Whose turn it is; empty: nobody's."""
        with self._lock:
            return self._ids[0] if self._ids else ""

    def __contains__(self, run: object) -> bool:
        with self._lock:
            return run in self._ids

    def add(self, runs: Iterable[str]) -> None:
        """Put runs at the end; those that are in line keep their place."""
        with self._lock:
            self._ids += [run for run in dict.fromkeys(runs) if run not in self._ids]

    def remove(self, run: str) -> None:
        """Take a run out, if it is in."""
        with self._lock:
            self._ids = [each for each in self._ids if each != run]
