"""Files and folders that are whole or absent, whatever happens while they are written.

Everything goes to a temporary name in the same folder, reaches the disk (fsync), and is renamed into place. This is the
only module that does so. What a killed process leaves behind has a name of its own; `remove_leftovers` clears it.
"""

import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.storage import writing_to

_PREFIX = ".tmp-"


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file, or replace one and keep its permissions. A symbolic link stays; the file that it names is replaced.

    Raises:
        StorageError: the folder cannot be written, or its disk is full. What was there before is unchanged.
    """
    path = Path(os.path.realpath(path))
    with writing_to(path.parent):
        temporary = _temporary_name(path.parent)
        try:
            _write_synced(temporary, data, like=path)
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def write_text(path: Path, text: str) -> None:
    """`write_bytes` for text, in UTF-8, with line ends as they are."""
    write_bytes(path, text.encode())


@contextmanager
def folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder to fill; it becomes `path` when the block ends well, and is removed when it does not.

    A folder that is already there is replaced. A kill at the instant between the two renames leaves neither.

    Raises:
        StorageError: the folder cannot be written, or its disk is full. What was there before is unchanged.
    """
    with writing_to(path.parent):
        temporary = _temporary_name(path.parent)
        try:
            temporary.mkdir()
            yield temporary
            _sync_tree(temporary)
            _put_in_place(temporary, path)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
        sync_folder(path.parent)


def remove_folder(path: Path) -> None:
    """Remove a folder if it is there. It is gone at once, never half removed.

    Raises:
        StorageError: it cannot be removed.
    """
    with writing_to(path.parent):
        temporary = _temporary_name(path.parent)
        try:
            os.rename(path, temporary)
        except FileNotFoundError:
            return
        shutil.rmtree(temporary, ignore_errors=True)


def remove_leftovers(parent: Path) -> None:
    """Remove what killed processes left in a folder. Only for who knows that nobody else is writing there."""
    for leftover in parent.glob(_PREFIX + "[0-9a-f]" * 16):
        if leftover.is_dir() and not leftover.is_symlink():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            with suppress(OSError):
                leftover.unlink()


def _temporary_name(parent: Path) -> Path:
    return parent / (_PREFIX + secrets.token_hex(8))


def _put_in_place(temporary: Path, path: Path) -> None:
    if not path.exists():
        os.rename(temporary, path)
        return
    former = _temporary_name(path.parent)
    os.rename(path, former)
    try:
        os.rename(temporary, path)
    except OSError:
        os.rename(former, path)
        raise
    shutil.rmtree(former, ignore_errors=True)


def _write_synced(path: Path, data: bytes, like: Path) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with suppress(FileNotFoundError):
            os.fchmod(file, stat.S_IMODE(like.stat().st_mode))
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
        os.fsync(file)
    finally:
        os.close(file)


def _sync_tree(top: Path) -> None:
    for parent, _, names in os.walk(top, topdown=False):
        for name in names:
            _sync(Path(parent, name))
        sync_folder(Path(parent))


def sync_folder(path: Path) -> None:
    """Bring the names in a folder to the disk, where its file system can.

    Some network and FUSE file systems refuse; a rename is then as safe as they make it.
    """
    with suppress(OSError):
        _sync(path)


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
