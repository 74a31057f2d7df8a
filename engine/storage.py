"""What a disk refuses, in words: it is full, it is read-only, it belongs to somebody else."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import EngineError

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM}


class StorageError(EngineError):
    """A folder could not be written or read. `full`: the same works again once there is room on the disk."""

    def __init__(self, message: str, *, full: bool = False) -> None:
        self.full = full
        super().__init__(message)


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Turn what the operating system says while something is written to `folder` into a sentence.

    Raises:
        StorageError: in place of an OSError of the block.
    """
    try:
        yield
    except OSError as error:
        raise _explained(folder, error, "written") from error


@contextmanager
def reading_from(folder: Path) -> Iterator[None]:
    """The same as `writing_to` for a block that only reads."""
    try:
        yield
    except OSError as error:
        raise _explained(folder, error, "read") from error


def _explained(folder: Path, error: OSError, done: str) -> StorageError:
    if error.errno in _FULL:
        return StorageError(
            f"{folder} cannot be {done}: its disk is full. Make room there, or use another folder.", full=True
        )
    if error.errno == errno.EROFS:
        return StorageError(f"{folder} cannot be {done}: its disk is read-only. Use another folder.")
    if error.errno in _FORBIDDEN:
        return StorageError(
            f"{folder} cannot be {done}: permission denied. Change its permissions, or use another folder."
        )
    what = f" ({error.filename})" if error.filename else ""
    return StorageError(f"{folder} cannot be {done}: {error.strerror or error}{what}.")
