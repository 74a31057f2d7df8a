"""Where `tunetui` starts: makes sure that `engine` and `tui` are ours before anything imports them.

Both are common names. Where another package of that name comes first on Python's path (`PYTHONPATH` set to a repository
with an `engine` folder, or `python -m` started inside one), importing it would end in a traceback from somebody else's
code. So the console script points here, to a name that nobody else uses, and one sentence says what to do.
"""

import importlib.util
import os
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent
"""The folder that `engine` and `tui` were installed to, beside this file."""


def shadow_of(name: str) -> Path | None:
    """Where Python would find another package of this name before ours; None when ours comes first."""
    spec = importlib.util.find_spec(name)
    if spec is None:
        return None
    places = [spec.origin] if spec.origin else list(spec.submodule_search_locations or ())
    for place in map(Path, places):
        found = place.parent if place.name == "__init__.py" else place
        if found.resolve() != HOME / name:
            return found
    return None


def way_out(shadow: Path) -> str:
    """How to start tunetui all the same."""
    folder = shadow.resolve().parent
    if any(os.path.exists(path) and folder.samefile(path) for path in named_by_user()):
        return "PYTHONPATH names that folder; start it as `env -u PYTHONPATH tunetui`"
    if folder == Path(sys.path[0]):
        return "start it from another folder"
    return "install tunetui in a virtual environment of its own"


def named_by_user() -> list[str]:
    """The folders of PYTHONPATH; an empty entry means the current one."""
    value = os.environ.get("PYTHONPATH")
    return [entry or os.curdir for entry in value.split(os.pathsep)] if value else []


def main() -> int:
    """Run the command line. Returns the exit status."""
    for name in ("tui", "engine"):
        if shadow := shadow_of(name):
            print(
                f"tunetui: another package named `{name}` comes first on Python's path: {shadow}; {way_out(shadow)}.",
                file=sys.stderr,
            )
            return 1
    try:
        from tui.cli import main as command_line

        return command_line()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
