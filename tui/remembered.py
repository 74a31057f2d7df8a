"""Where one was: the scenarios opened last and the example one looked at, kept in the workspace between starts."""

from contextlib import suppress
from pathlib import Path

import msgspec

from engine import atomic
from engine.errors import EngineError
from engine.scenario_library import DEFAULT, find
from engine.workspace import Workspace

MOST_RECENT = 12


class Remembered(msgspec.Struct):
    """What the next start goes on with."""

    recent: list[str] = []
    """Files of scenarios, the last one first."""
    rows: dict[str, int] = {}
    """The place of the cursor in each of them."""
    tunings: dict[str, str] = {}
    """The tuning that was chosen in each of them."""

    def opened(self, path: Path) -> None:
        """A scenario was opened."""
        name = str(path.absolute())
        self.recent = [name, *(other for other in self.recent if other != name)][:MOST_RECENT]
        self.rows = {name: row for name, row in self.rows.items() if name in self.recent}
        self.tunings = {name: tuning for name, tuning in self.tunings.items() if name in self.recent}


def remembered(workspace: Workspace) -> Remembered:
    """What was remembered; nothing where the file is not there or not ours."""
    try:
        return msgspec.json.decode(_file(workspace).read_bytes(), type=Remembered)
    except (OSError, ValueError):
        return Remembered()


def first_scenario(workspace: Workspace) -> Path:
    """The scenario to begin with: the last one that is still there, or the default one."""
    recent = map(Path, remembered(workspace).recent)
    return next((path for path in recent if path.is_file()), find(DEFAULT))


def remember(workspace: Workspace, what: Remembered) -> None:
    """Keep it. That it cannot be kept is no reason to stop anybody."""
    with suppress(OSError, EngineError):
        workspace.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        atomic.write_bytes(_file(workspace), msgspec.json.encode(what) + b"\n")


def _file(workspace: Workspace) -> Path:
    return workspace.folder / "app.json"
