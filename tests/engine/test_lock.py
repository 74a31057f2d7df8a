import fcntl
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from engine.lock import Held, hold, is_held
from engine.storage import StorageError
from tests.engine.lock_holder import held_by_another_process


def test_a_lock_is_held_only_inside_its_block(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert not is_held(path)
    with hold(path):
        assert is_held(path)
        with pytest.raises(Held), hold(path):
            pass
        assert is_held(path)
    assert not is_held(path)
    with hold(path):
        assert is_held(path)


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with held_by_another_process(path) as process:
        assert is_held(path)
        with pytest.raises(Held), hold(path):
            pass
        process.kill()
        process.wait()
        assert not is_held(path)
        with hold(path):
            assert is_held(path)


def test_who_only_looks_does_not_keep_others_from_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lock"
    path.touch()
    looking = os.open(path, os.O_RDONLY)
    fcntl.flock(looking, fcntl.LOCK_SH)
    monkeypatch.setattr("engine.lock.time", SimpleNamespace(sleep=lambda _: fcntl.flock(looking, fcntl.LOCK_UN)))
    with hold(path):
        assert is_held(path)
    os.close(looking)


def test_waiting_for_a_free_lock_takes_it(tmp_path: Path) -> None:
    with hold(tmp_path / "lock", wait=True):
        assert is_held(tmp_path / "lock")


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="No such file"), hold(tmp_path / "missing" / "lock"):
        pass
