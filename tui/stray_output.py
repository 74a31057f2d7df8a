"""What libraries write to standard error while the app is on the screen: it goes to a file, never over the screen."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LARGEST = 1 << 20
"""Bytes after which the file begins anew."""


@contextmanager
def stray_output_to(path: Path) -> Iterator[None]:
    """Send file descriptor 2 to a file; `sys.__stderr__`, by which Textual draws, stays the terminal.

    Where the file cannot be written, the output is dropped.
    """
    former = sys.__stderr__
    if former is None:
        yield
        return
    former.flush()
    terminal = os.dup(2)
    log = _opened(path)
    os.dup2(log, 2)
    os.close(log)
    try:
        with open(terminal, "w", encoding=former.encoding, errors="replace", closefd=False) as screen:
            sys.__stderr__ = screen  # type: ignore[misc]
            yield
    finally:
        sys.__stderr__ = former  # type: ignore[misc]
        os.dup2(terminal, 2)
        os.close(terminal)


def write_stray(text: str) -> None:
    """Write to wherever stray output goes."""
    os.write(2, text.encode("utf-8", "replace"))


def _opened(path: Path) -> int:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        begin_anew = os.O_TRUNC if path.exists() and path.stat().st_size > LARGEST else 0
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | begin_anew, 0o600)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)
