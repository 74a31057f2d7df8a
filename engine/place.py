"""Where the engine of a workspace is found: a lock that it holds, and a file that names its socket.

    WORKSPACE/engine/lock           held while the engine lives
    WORKSPACE/engine/address.json   its socket and its process
    WORKSPACE/engine/log.txt        what it has to say to developers

Only the lock tells whether an engine is there: a file, a socket and a process number can be left over.
"""

import hashlib
import os
import stat
import tempfile
from datetime import datetime
from pathlib import Path

import msgspec

from engine import atomic
from engine.errors import EngineError
from engine.lock import is_held
from engine.storage import writing_to

LONGEST = 103
"""Bytes of a socket's path that every system takes."""


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """How to reach an engine."""

    socket: str
    pid: int
    since: datetime


class Place:
    """The files of a workspace's engine."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        self.folder = workspace / "engine"
        self.lock_file = self.folder / "lock"
        self.log_file = self.folder / "log.txt"
        self._address_file = self.folder / "address.json"

    def prepare(self) -> None:
        """Make the folder, for its owner alone.

        Raises:
            StorageError: it cannot be made.
        """
        for folder in (self.workspace, self.folder):
            with writing_to(folder):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def is_served(self) -> bool:
        """Whether an engine lives."""
        return is_held(self.lock_file)

    def address(self) -> Address | None:
        """What the last engine wrote down; None where there is nothing, or nothing that can be read."""
        try:
            return msgspec.json.decode(self._address_file.read_bytes(), type=Address)
        except (OSError, ValueError):
            return None

    def write_address(self, address: Address) -> None:
        """Let clients find this engine. Only for who holds the lock.

        Raises:
            StorageError: it cannot be written.
        """
        atomic.write_bytes(self._address_file, msgspec.json.encode(address))

    def forget_address(self) -> None:
        """Tidy up at the end."""
        self._address_file.unlink(missing_ok=True)


def socket_path(workspace: Path) -> Path:
    """A path for the socket: short, the same for the same workspace, in a folder that others cannot open.

    Raises:
        EngineError: the folder belongs to somebody else.
    """
    name = hashlib.sha256(os.fsencode(workspace.resolve())).hexdigest()[:16]
    folders = [Path(tempfile.gettempdir()) / f"tunetui-{os.getuid()}", Path(f"/tmp/tunetui-{os.getuid()}")]
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(runtime) and os.path.isdir(runtime) and os.stat(runtime).st_uid == os.getuid():
        folders.insert(0, Path(runtime) / "tunetui")
    folder = next((each for each in folders if len(os.fsencode(each / name)) <= LONGEST), folders[-1])
    with writing_to(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise EngineError(
            f"{folder} is no private folder of yours, so the engine's socket cannot be put there. "
            "Remove it, or let XDG_RUNTIME_DIR name a folder that only you can open."
        )
    return folder / name
