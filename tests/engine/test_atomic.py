import os
from pathlib import Path

import pytest

from engine import atomic
from engine.storage import StorageError
from tests.engine.disks import FakeDisk


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    atomic.write_bytes(path, b"first")
    atomic.write_text(path, "zwölf\r\n")
    assert path.read_bytes() == "zwölf\r\n".encode()
    assert names(tmp_path) == ["notes.txt"]


def test_a_replaced_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "private"
    path.touch(mode=0o600)
    atomic.write_bytes(path, b"text")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_new_file_has_the_permissions_of_any_other_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    atomic.write_bytes(tmp_path / "ours", b"text")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_link_stays_and_the_file_behind_it_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "link").symlink_to("deep/file")
    atomic.write_bytes(tmp_path / "link", b"text")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "deep" / "file").read_bytes() == b"text"


@pytest.mark.parametrize("room", [0, 1, 4])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(fake_disk: FakeDisk, room: int) -> None:
    path = fake_disk.folder / "file"
    path.write_bytes(b"old")
    fake_disk.room = room
    with pytest.raises(StorageError, match="disk is full") as caught:
        atomic.write_bytes(path, b"newer")
    assert str(fake_disk.folder) in str(caught.value)
    assert path.read_bytes() == b"old"
    assert names(fake_disk.folder) == ["file"]


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="No such file"):
        atomic.write_bytes(tmp_path / "missing" / "file", b"")


def test_a_folder_appears_whole_when_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    with atomic.folder(path) as temporary:
        (temporary / "deep").mkdir()
        (temporary / "deep" / "weights").write_bytes(b"123")
        assert not path.exists()
    assert (path / "deep" / "weights").read_bytes() == b"123"
    assert names(tmp_path) == ["checkpoint"]


def test_a_folder_replaces_an_older_one(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    path.mkdir()
    (path / "old").touch()
    with atomic.folder(path) as temporary:
        (temporary / "new").touch()
    assert names(path) == ["new"]
    assert names(tmp_path) == ["checkpoint"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_block_that_fails_leaves_nothing_behind(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), atomic.folder(tmp_path / "checkpoint") as temporary:
        (temporary / "weights").write_bytes(b"123")
        raise error
    assert names(tmp_path) == []


def test_a_full_disk_leaves_the_old_folder_and_nothing_else(fake_disk: FakeDisk) -> None:
    path = fake_disk.folder / "checkpoint"
    path.mkdir()
    (path / "weights").write_bytes(b"old")
    fake_disk.room = 2
    with pytest.raises(StorageError, match="disk is full"), atomic.folder(path) as temporary:
        atomic.write_bytes(temporary / "weights", b"newer")
    assert (path / "weights").read_bytes() == b"old"
    assert names(fake_disk.folder) == ["checkpoint"]


def test_the_old_folder_comes_back_when_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "checkpoint"
    path.mkdir()
    (path / "old").touch()
    rename = os.rename

    def refuse_the_new(source: Path, target: Path) -> None:
        if (source / "new").exists():
            raise PermissionError(1, "no")
        rename(source, target)

    monkeypatch.setattr(os, "rename", refuse_the_new)
    with pytest.raises(StorageError, match="permission denied"), atomic.folder(path) as temporary:
        (temporary / "new").touch()
    assert names(path) == ["old"]
    assert names(tmp_path) == ["checkpoint"]


def test_everything_reaches_the_disk_before_it_gets_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "checkpoint"
    synced = []

    def note(file: int) -> None:
        synced.append((os.fstat(file).st_ino, path.exists()))

    monkeypatch.setattr(os, "fsync", note)
    with atomic.folder(path) as temporary:
        (temporary / "weights").write_bytes(b"123")
    inodes = [inode.stat().st_ino for inode in (path / "weights", path, tmp_path)]
    assert synced == [(inodes[0], False), (inodes[1], False), (inodes[2], True)]


def test_a_removed_folder_is_gone_and_removing_it_again_is_fine(tmp_path: Path) -> None:
    path = tmp_path / "run"
    path.mkdir()
    (path / "file").touch()
    atomic.remove_folder(path)
    atomic.remove_folder(path)
    assert names(tmp_path) == []


def test_what_a_killed_process_left_is_cleared_and_nothing_else(tmp_path: Path) -> None:
    block = atomic.folder(tmp_path / "checkpoint")
    left = block.__enter__()  # and never left
    (left / "weights").write_bytes(b"123")
    left.with_name(left.name[:-4] + "beef").touch()
    (tmp_path / ".tmp-mine").touch()
    (tmp_path / "mine").touch()
    assert len(names(tmp_path)) == 4
    atomic.remove_leftovers(tmp_path)
    assert names(tmp_path) == [".tmp-mine", "mine"]
