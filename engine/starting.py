"""How a client starts the engine: a process of its own, which outlives the terminal and whoever started it."""

import subprocess
import sys
from pathlib import Path

from engine.place import Place
from engine.storage import writing_to

LARGEST_LOG = 1 << 20
"""Bytes after which the log file begins anew."""

Process = subprocess.Popen[bytes]


def start(place: Place, *options: str) -> Process:
    """Start an engine for a workspace. Where there is one already, the new one leaves at once.

    Raises:
        StorageError: the workspace cannot be written.
    """
    place.prepare()
    with writing_to(place.folder):
        log = place.log_file.open("wb" if _size(place.log_file) > LARGEST_LOG else "ab")
    with log:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "engine.server", "--workspace", str(place.workspace), *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=place.folder,
            start_new_session=True,
        )


def let_go(process: Process) -> None:
    """Part from an engine that goes on. Python complains of a process that nobody has waited for."""
    if process.poll() is None:
        process.returncode = 0


def last_words(place: Place) -> str:
    """The last line of the log, for an error about an engine that did not start."""
    try:
        return place.log_file.read_text(errors="replace").strip().splitlines()[-1]
    except (OSError, IndexError):
        return "its log is empty"


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
