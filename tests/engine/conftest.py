"""What several tests of the engine need."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.disks import FakeDisk, MountedDisk, mount
from tests.engine.fakes import Fakes


@pytest.fixture
def fake_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeDisk:
    return FakeDisk(tmp_path, monkeypatch)


@pytest.fixture(params=["fake", "mounted"])
def small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FakeDisk | MountedDisk]:
    """A disk to fill: a fake one, and a real one where this process may mount one (elsewhere the fake again)."""
    if request.param == "mounted" and mount(tmp_path):
        yield MountedDisk(tmp_path)
        subprocess.run(["umount", "--lazy", tmp_path], check=True)
    else:
        yield request.getfixturevalue("fake_disk")


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fakes]:
    made = Fakes(monkeypatch)
    yield made
    made.end()
