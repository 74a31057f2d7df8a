"""What goes wrong, in words for the person who can mend it.

`Problem` is one finding: where, what was found, what was expected, a hint. `InputError` carries all findings about
something the user gave us (a scenario, a data file, an argument); `EngineError` says that the work itself failed
(the disk is full, a checkpoint is damaged). Neither is ever shown as a traceback.
"""

import difflib
from collections.abc import Iterable
from typing import Literal

import msgspec

Severity = Literal["error", "warning"]


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One finding. `str(problem)` is `file:line: key: found, expected ..., hint`, leaving out what is not known."""

    file: str = ""
    line: int = 0
    """1-based line of the file; 0 when the finding has no line."""
    key: str = ""
    """Dotted key in a scenario (`tunings.mine.steps`), or row and field in a data file (`row 12: response`)."""
    found: str
    expected: str = ""
    hint: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file
        text = ": ".join(part for part in (place, self.key, self.found) if part)
        if self.expected:
            text += f"; expected {self.expected}"
        if self.hint:
            text += f" ({self.hint})"
        return text


class InputError(Exception):
    """Something the user gave us is wrong. `problems` holds every finding, not only the first. Exit status 2."""

    def __init__(self, problems: Iterable[Problem] | Problem | str) -> None:
        if isinstance(problems, str):
            problems = Problem(found=problems)
        self.problems: list[Problem] = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(map(str, self.problems)))


class EngineError(Exception):
    """The work failed for a reason outside the user's input. The message says what to do. Exit status 1."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that names the closest of the known words; empty when none is close."""
    close = closest(word, known)
    return f"did you mean `{close}`?" if close else ""


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that is most like this one; empty when none is."""
    return next(iter(difflib.get_close_matches(word[:100], list(known), n=1)), "")
