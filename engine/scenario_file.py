"""Scenario files: read, with all that is wrong and its line; written, with comments and order kept."""

import json
import os
import re
import tomllib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from engine import atomic
from engine.errors import InputError, Problem, did_you_mean
from engine.scenario import Scenario
from engine.scenario_check import check
from engine.struct_reader import Mistake, read
from engine.toml_lines import KeyPath, key_lines

LARGEST = 8_000_000
"""Bytes of a scenario file. Larger sets of examples belong in files beside it."""

_BOM = "\ufeff"
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HINTS = {
    "Invalid value": "text stands in quotes; true and false have no capitals",
    "Invalid hex value": "text in 'single quotes' may hold backslashes",
    "Unescaped": "text in 'single quotes' may hold backslashes",
    "Unterminated": "a quote is not closed",
    "Unclosed": "a bracket is not closed",
    "Cannot overwrite": "a key stands only once in a table",
    "Cannot declare": "a [table] has only one header",
    "Expected '='": "each line is `key = value`",
}
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def load(path: Path) -> Scenario:
    """The scenario of a file, checked.

    Raises:
        InputError: the file cannot be read, or what it says is wrong: all that is, each with its line and key.
    """
    text = _text(path)
    scenario, mistakes = read(_parsed(text, path), Scenario)
    mistakes += [mistake for mistake in check(scenario, path.parent) if not any(map(mistake.follows_from, mistakes))]
    if mistakes:
        raise InputError(_problems(mistakes, path, key_lines(text)))
    return scenario


def save(path: Path, scenario: Scenario) -> None:
    """Write a scenario: a new file, or into the one that is there only what differs.

    Half a scenario can be saved, too: whether everything fits together is for `load` to say.

    Raises:
        InputError: the scenario has a value of a wrong type, or the file that is there is not a scenario.
        StorageError: the folder cannot be written, or its disk is full.
    """
    before = _text(path) if os.path.exists(path) else ""
    if before:
        _, mistakes = read(_parsed(before, path), Scenario)
        if mistakes:
            raise InputError(_problems(mistakes, path, key_lines(before)))
    after = _rewritten(before.removeprefix(_BOM).replace("\r\n", "\n"), scenario, path)
    if "\r\n" in before:
        after = after.replace("\n", "\r\n")
    atomic.write_text(path, _BOM + after if before.startswith(_BOM) else after)


def _text(path: Path) -> str:
    """The text as it is in the file, mark and line ends included."""
    try:
        if not path.is_file() and path.exists():
            raise InputError(Problem(file=str(path), found="not a file", expected="a scenario file (.toml)"))
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        names = [other.name for other in path.parent.glob("*.toml")]
        raise InputError(
            Problem(file=str(path), found="there is no such file", hint=did_you_mean(path.name, names))
        ) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(Problem(file=str(path), found=f"it cannot be read: {reason}")) from error
    if len(data) > LARGEST:
        expected = f"at most {LARGEST:,} bytes"
        hint = "put the examples in a file beside it and name that under [[files]]"
        raise InputError(Problem(file=str(path), found="too large for a scenario", expected=expected, hint=hint))
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise InputError(Problem(file=str(path), line=line, found=found, expected="text in UTF-8")) from None


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text.removeprefix(_BOM))
    except RecursionError:
        raise InputError(Problem(file=str(path), found="not TOML: brackets nested too deep")) from None
    except ValueError as error:  # not always a TOMLDecodeError: a number of 5,000 digits
        place = _PLACE.search(str(error))
        message = _PLACE.sub("", str(error))
        last_line = text.count("\n") + 1
        raise InputError(
            Problem(
                file=str(path),
                line=int(place[1] or last_line) if place else 0,
                found=f"not TOML: {message[:1].lower()}{message[1:]}",
                hint=next((hint for start, hint in _HINTS.items() if message.startswith(start)), ""),
            )
        ) from None


def _rewritten(before: str, scenario: Scenario, path: Path) -> str:
    from tomlkit.exceptions import TOMLKitError  # the app's first frame does not wait for it

    from engine.toml_update import updated

    with suppress(TOMLKitError, ValueError):
        after = updated(before, scenario)
        if not _SURROGATE.search(after) and read(tomllib.loads(after), Scenario) == (scenario, []):
            return after
    # Rare layouts are beyond tomlkit: right values without the comments then, rather than wrong ones with them.
    after = updated("", scenario)
    _, mistakes = read(tomllib.loads(after), Scenario)
    if odd := _SURROGATE.search(after):
        line = after.count("\n", 0, odd.start()) + 1
        where = [place for place, its_line in key_lines(after).items() if its_line <= line][-1]
        mistakes.append(Mistake(where, f"half a character: {odd[0]!r}", "text that UTF-8 can hold"))
    if mistakes:
        raise InputError(_problems(mistakes, path, {}))
    return after


def _problems(mistakes: Iterable[Mistake], path: Path, lines: dict[KeyPath, int]) -> list[Problem]:
    """Mistakes in the order of their lines; what is missing is on the line of its table."""
    problems = []
    for where, found, expected, hint, _ in mistakes:
        known = next((where[:n] for n in range(len(where), 0, -1) if where[:n] in lines), ())
        problems.append(
            Problem(
                file=str(path), line=lines.get(known, 0), key=_dotted(where), found=found, expected=expected, hint=hint
            )
        )
    return sorted(problems, key=lambda problem: problem.line)


def _dotted(path: KeyPath) -> str:
    """A key as TOML writes it, with the positions in arrays counted from 1: `tasks."my task".templates[2]`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            text += "." * bool(text) + (part if _BARE.fullmatch(part) else json.dumps(part))
    return text
