"""What a person has chosen about the app: a TOML file whose comments and order are kept when the app changes it."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import platformdirs

from engine import atomic
from engine.errors import InputError, Problem

ThemeName = Literal["dark", "light", "ansi-dark", "ansi-light"]
ChartMarks = Literal["braille", "block", "ascii"]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All settings with their defaults."""

    theme: ThemeName = "dark"
    """`ansi-dark` and `ansi-light` use the terminal's own sixteen colours."""
    chart_marks: ChartMarks = "braille"
    """What curves are drawn with: `block` for fonts without Braille; with `ascii` the app draws nothing else."""
    updates: Annotated[int, msgspec.Meta(ge=1, le=30)] = 10
    """Most updates of the screen in a second."""
    chart_updates: Annotated[int, msgspec.Meta(ge=1, le=10)] = 2
    """Most drawings of a chart in a second."""
    reduced_motion: bool = False
    """Nothing moves but what has to."""
    keys: dict[str, str] = {}
    """Other keys for actions, by the action's id as the palette shows it: `"examples.add" = "n"`."""


def settings_file() -> Path:
    """Where the settings are kept. It need not be there."""
    return platformdirs.user_config_path("tunetui", appauthor=False) / "settings.toml"


def settings_of(app: object) -> Settings:
    """Those of the app that a widget is in; the defaults in an app that has none."""
    found = getattr(app, "settings", None)
    return found if isinstance(found, Settings) else Settings()


def load(path: Path) -> Settings:
    """The settings of a file; the defaults where there is none.

    Raises:
        InputError: the file cannot be read, or what it says is wrong.
    """
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Settings)
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        raise InputError(
            Problem(file=str(path), found=str(error), hint="the defaults hold until it is mended")
        ) from None


def save(path: Path, **changes: Any) -> None:
    """Write some settings into the file and leave all else in it as it is.

    Raises:
        StorageError: it cannot be written.
    """
    import tomlkit  # the app's first frame does not wait for it

    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        document = tomlkit.document()
    for name, value in changes.items():
        document[name] = value
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic.write_text(path, tomlkit.dumps(document))
