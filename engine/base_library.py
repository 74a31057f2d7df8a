"""Bases found by name: those that come with tunetui, folders beside the scenario, and runs."""

from pathlib import Path

from engine.errors import InputError, Problem, did_you_mean
from engine.runs import Run
from engine.workspace import Workspace


def built_in_folder() -> Path:
    """Beside this file, in the source tree as in an installed wheel."""
    return Path(__file__).parent / "bases"


def built_in() -> dict[str, Path]:
    """Their folders by name."""
    return {path.parent.name: path.parent for path in sorted(built_in_folder().glob("*/checkpoint.json"))}


def locate(name: str, folder: Path, workspace: Workspace) -> Path | Run:
    """The base of that name: one that comes with tunetui, else a checkpoint's folder, else a run.

    Args:
        name: as a scenario gives it.
        folder: where checkpoints' folders are looked up.
        workspace: where runs are.

    Raises:
        InputError: there is none.
    """
    known = built_in()
    if name in known:
        return known[name]
    if (folder / name).is_dir():
        return folder / name
    try:
        return workspace.find(name, with_model=True)
    except InputError as error:
        found = f"{name!r} is neither a built-in base nor a folder beside the scenario nor a run"
        hint = did_you_mean(name, known) or (f"built in: {', '.join(known)}" if known else "")
        raise InputError([Problem(key="base", found=found, hint=hint), *error.problems]) from error
