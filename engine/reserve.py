"""A little room on the disk that a run keeps to itself, so that a full disk does not keep it from saying so."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Self

SIZE = 1 << 16
"""Bytes: the steps of a tenth of a second, and a word on why there are no more."""


class Reserve:
    """A file that is there to be removed. While entered it is kept, if there is room for it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / ".reserve"

    def __enter__(self) -> Self:
        self.take()
        return self

    def __exit__(self, *error: object) -> None:
        self.give()

    def take(self) -> bool:
        """Keep the room again; false where there is not so much."""
        try:
            self._path.write_bytes(os.urandom(SIZE))  # some disks would store zeros in no room at all
        except OSError:
            self.give()
            return False
        return True

    def give(self) -> None:
        """Let what is to be said have the room."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
