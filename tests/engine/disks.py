"""Disks that fill up."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


class FakeDisk:
    """Every `os.write` and `Path.write_bytes` of this process goes to a disk that has room for so many more bytes."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.room = sys.maxsize
        self.writes = 0
        self._write = os.write
        monkeypatch.setattr(os, "write", self.write)
        self._unlink = Path.unlink
        monkeypatch.setattr(Path, "unlink", lambda path, missing_ok=False: self.unlink(path, missing_ok))
        monkeypatch.setattr(Path, "write_bytes", lambda path, data: self.write_file(path, data))

    def write(self, file: int, data: bytes | bytearray | memoryview) -> int:
        self.writes += 1
        if self.room == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = self._write(file, memoryview(data)[: self.room])
        self.room -= written
        return written

    def write_file(self, path: Path, data: bytes) -> None:
        room = self.room
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        try:
            while data:
                data = data[self.write(file, data) :]
        except OSError:
            self.room = room
            os.ftruncate(file, 0)
            raise
        finally:
            os.close(file)

    def unlink(self, path: Path, missing_ok: bool) -> None:
        self.room += path.stat().st_size if path.exists() else 0
        self._unlink(path, missing_ok)

    def fill(self) -> None:
        """Leave room for a little more than a page."""
        self.room = 5000

    def make_room(self) -> None:
        """As much as anybody wants."""
        self.room = sys.maxsize


class MountedDisk:
    """A file system of 512 KiB in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Leave room for two pages."""
        free = shutil.disk_usage(self.folder).free
        self._ballast.write_bytes(bytes(free - 8192))

    def make_room(self) -> None:
        """Give back what `fill` took."""
        self._ballast.unlink()


def mount(folder: Path) -> bool:
    """Whether a `MountedDisk` could be mounted there."""
    if not shutil.which("mount"):
        return False
    command = ["mount", "-t", "tmpfs", "-o", "size=512k", "tunetui-test", str(folder)]
    return subprocess.run(command, capture_output=True).returncode == 0
