"""Who works in a folder, told by the operating system: a lock on a file, gone with the process that held it.

A number in a file can outlive its process and be given to another one; a lock (flock) cannot.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.storage import reading_from, writing_to

_TRIES = 50
_PAUSE = 0.002
"""Seconds. `is_held` takes the lock for an instant; whoever wants it meanwhile tries again for a tenth of a second."""


class Held(Exception):
    """Another process, or another part of this one, holds the lock."""


@contextmanager
def hold(path: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock of a file, which is made where it is missing and is never removed.

    Args:
        path: the file to lock.
        wait: until the lock is free, instead of raising `Held`.

    Raises:
        Held: the lock is taken.
        StorageError: the file cannot be opened or locked.
    """
    with writing_to(path.parent):
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with writing_to(path.parent):
            _take(file, wait)
        yield
    finally:
        os.close(file)


def is_held(path: Path) -> bool:
    """Whether anybody holds the lock now.

    Raises:
        StorageError: the file is there and cannot be opened.
    """
    with reading_from(path.parent):
        try:
            file = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(file)
    return False


def _take(file: int, wait: bool) -> None:
    if wait:
        fcntl.flock(file, fcntl.LOCK_EX)
        return
    for _ in range(_TRIES):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            time.sleep(_PAUSE)
    raise Held
