"""What a person has chosen about the app: a TOML file whose comments and order are kept when the app changes it."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import platformdirs

from engine import atomic
from engine.errors import InputError, Problem
from engine.storage import reading_from, writing_to

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


UNTIL = "the defaults hold until it is mended"


def settings_file() -> Path:
    """Where the settings are kept. It need not be there."""
    return platformdirs.user_config_path("tunetui", appauthor=False) / "settings.toml"


def settings_of(app: object) -> Settings:
    """Those of the app that a widget is in; the defaults in an app that has none."""
    found = getattr(app, "settings", None)
    return found if isinstance(found, Settings) else Settings()


def fitting(settings: Settings, encoding: str) -> Settings:
    """The settings for a terminal of this encoding: where that has no other signs, with nothing but ASCII."""
    try:
        "━█✓".encode(encoding)
    except UnicodeEncodeError:
        return msgspec.structs.replace(settings, chart_marks="ascii")
    return settings


def load(path: Path) -> Settings:
    """The settings of a file; the defaults where there is none.

    Raises:
        InputError: the file cannot be read, or what it says is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return msgspec.convert(tomllib.loads(text), Settings)
    except FileNotFoundError:
        return Settings()
    except msgspec.ValidationError:
        raise InputError(_problems(path, text)) from None
    except UnicodeDecodeError:
        found = "not text in UTF-8"
    except (OSError, ValueError) as error:
        found = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    raise InputError(Problem(file=str(path), found=found, hint=UNTIL))


def _problems(path: Path, text: str) -> list[Problem]:
    from engine.struct_reader import read  # the app's first frame does not wait for them
    from engine.toml_lines import key_lines

    _, mistakes = read(tomllib.loads(text), Settings)
    lines = key_lines(text)
    return [
        Problem(file=path.name, line=lines[at], key=".".join(map(str, at)), found=found, expected=expected, hint=hint)
        for at, found, expected, hint, _ in mistakes
    ] + [Problem(file=str(path), found=UNTIL)]


def save(path: Path, **changes: Any) -> None:
    """Write some settings into the file and leave all else in it as it is.

    Raises:
        InputError: what is in it is no TOML; it stays as it is.
        StorageError: it cannot be read or written.
    """
    import tomlkit  # the app's first frame does not wait for it

    try:
        with reading_from(path.parent):
            document = tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()
    except ValueError as error:
        raise InputError(Problem(file=str(path), found=str(error), hint="it stays as it is until mended")) from None
    for name, value in changes.items():
        document[name] = value
    with writing_to(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
    atomic.write_text(path, tomlkit.dumps(document))
