"""The bases that come with tunetui, found by name: folders as `tunetui export` writes them."""

from pathlib import Path


def built_in_folder() -> Path:
    """Beside this file, in the source tree as in an installed wheel."""
    return Path(__file__).parent / "bases"


def built_in() -> dict[str, Path]:
    """Their folders by name."""
    return {path.parent.name: path.parent for path in sorted(built_in_folder().glob("*/checkpoint.json"))}
