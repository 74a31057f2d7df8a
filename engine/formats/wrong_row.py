"""A row of a data file that is not an example, and how it is described."""

from typing import Any

import msgspec

from engine.errors import Problem


class WrongRow(Exception):
    """What is wrong with one row. Whoever knows the file and the row's place makes a `Problem` of it."""

    def __init__(self, found: str, *, field: str = "", expected: str = "", hint: str = "") -> None:
        self.found, self.field, self.expected, self.hint = found, field, expected, hint
        super().__init__(found)

    def problem(self, number: int, line: int = 0) -> Problem:
        """The finding: `number` is the row's, from 1; `line` the line of the file that it starts on, 0 for none."""
        key = f"row {number}: {shortened(self.field)}" if self.field else f"row {number}"
        return Problem(line=line, key=key, found=self.found, expected=self.expected, hint=self.hint)


def described(value: Any) -> str:
    """What a value is, for a sentence: `the number 12`, `a list`, `"cat"`."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {shortened(repr(value))}" if abs(value) < 1e300 else "a number"
        case str():
            return f'"{shortened(value)}"'
        case list():
            return "a list"
        case dict():
            return "an object"
    return f"a value of type {type(value).__name__}"


def shortened(text: str, width: int = 60) -> str:
    """One line of at most `width` characters, control characters and half characters escaped."""
    head = text[:width].encode("unicode_escape").decode() if not text[:width].isprintable() else text[:width]
    return head[:width] + ("…" if len(text) > width or len(head) > width else "")


def refuse_unwritable(row: dict[str, Any]) -> None:
    """Let a row pass only if a file of ours can hold it.

    Raises:
        WrongRow: it holds half a surrogate pair, is nested too deeply, or has a value that JSON has no form for.
    """
    try:
        msgspec.json.encode(row)
    except (ValueError, TypeError, RecursionError):
        for field, value in row.items():
            _refuse_unwritable_value(field, value)


def _refuse_unwritable_value(field: str, value: Any) -> None:
    try:
        msgspec.json.encode((field, value))
    except UnicodeEncodeError as error:
        half = error.object[error.start]
        found = "bytes that are not UTF-8" if "\udc80" <= half <= "\udcff" else f"half a character, {half!r}"
        raise WrongRow(found, field=field, expected="text in UTF-8") from None
    except RecursionError:
        raise WrongRow("lists or objects within each other, too many to write", field=field) from None
    except (ValueError, TypeError):
        raise WrongRow(f"{described(value)} cannot be written", field=field) from None
