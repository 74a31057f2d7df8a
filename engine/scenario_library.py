"""Where scenarios are found by name: those that come with tunetui, and the user's own."""

import os
from pathlib import Path

import platformdirs

from engine.errors import InputError, Problem, did_you_mean

DEFAULT = "arithmetic_reversal"
"""The built-in scenario that is opened where none was asked for and none was open before."""


def built_in_folder() -> Path:
    """The scenarios that come with tunetui: beside the engine, in the source tree as in an installed wheel."""
    return Path(__file__).parent.parent / "scenarios"


def is_built_in(path: Path) -> bool:
    """Whether a scenario file comes with tunetui, and so stays as it is."""
    return path.is_relative_to(built_in_folder())


def own_folder() -> Path:
    """The scenarios that the user keeps. It need not be there."""
    return platformdirs.user_config_path("tunetui", appauthor=False) / "scenarios"


def built_in() -> dict[str, Path]:
    """The files of `built_in_folder` by name, in the order of their names."""
    return _in(built_in_folder())


def own() -> dict[str, Path]:
    """The files of `own_folder` by name, in the order of their names."""
    return _in(own_folder())


def find(name: str) -> Path:
    """The file of a scenario: a path, or the name of one of the user's or of one that comes with tunetui.

    What looks like a path (it ends in `.toml` or has a folder in it) is given back as it is, there or not. Of two
    scenarios of one name it is the user's own.

    Raises:
        InputError: there is no scenario of that name.
    """
    path = Path(name)
    if path.suffix == ".toml" or path.name != name:
        return path
    known = built_in() | own()
    if name in known:
        return known[name]
    beside = name + ".toml"
    hint = f"did you mean ./{beside}?" if os.path.isfile(beside) else did_you_mean(name, known)
    names = ", ".join(sorted(known)) or "there is none"
    raise InputError(
        Problem(
            key="SCENARIO", found=f"there is no scenario {name!r}", expected=f"a path, or a name: {names}", hint=hint
        )
    )


def _in(folder: Path) -> dict[str, Path]:
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}
