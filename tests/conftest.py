"""What every test may rely on: a home and a workspace of its own, so that no file of the user is touched, and one CPU
thread."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from engine.workspace import Workspace

# Before torch is imported: tests run side by side, and threads would take turns at the same cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# A slow machine is no failure.
settings.register_profile("tunetui", deadline=None, max_examples=50)
settings.load_profile("tunetui")


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty home folder, for this process and the ones it starts."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(folder))
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "TUNETUI_WORKSPACE"):
            patch.delenv(name, raising=False)
        yield folder


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty workspace of the test's own."""
    return Workspace(tmp_path / "workspace")
