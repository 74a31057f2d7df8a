import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.lock import hold
from engine.place import LONGEST, Address, Place, socket_path


def test_only_the_lock_tells_whether_an_engine_is_there(tmp_path: Path) -> None:
    place = Place(tmp_path)
    assert not place.is_served()
    place.prepare()
    address = Address(socket="/nowhere", pid=1, since=datetime.now(UTC))
    place.write_address(address)
    assert (place.address(), place.is_served()) == (address, False)
    with hold(place.lock_file):
        assert place.is_served()
    place.forget_address()
    assert place.address() is None


def test_an_address_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.prepare()
    (place.folder / "address.json").write_text("{")
    assert place.address() is None


def test_each_workspace_has_a_socket_of_its_own_always_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    one, other = tmp_path / "one", tmp_path / "other"
    assert socket_path(one) == socket_path(tmp_path / "." / "one") != socket_path(other)
    assert socket_path(one).parent == tmp_path / "tunetui"
    assert stat.S_IMODE(socket_path(one).parent.stat().st_mode) == 0o700


def test_a_path_too_long_for_a_socket_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("deep" * 30)
    deep.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    assert len(os.fsencode(socket_path(tmp_path))) <= LONGEST


def test_a_folder_that_others_can_open_holds_no_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "tunetui").mkdir()
    (tmp_path / "tunetui").chmod(0o755)
    with pytest.raises(EngineError, match="no private folder of yours"):
        socket_path(tmp_path)
