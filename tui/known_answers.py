"""What the dataset knows: the right answer to an instruction, and instructions that begin in a certain way."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from engine.examples import Example
from tui.plain_text import plain_text


@dataclass(frozen=True)
class Known:
    """What is known about one instruction."""

    task: str = ""
    responses: frozenset[str] = frozenset()
    """More than one where rows of the dataset contradict each other."""


NOTHING = Known()


class KnownAnswers:
    """An index of examples. Making it takes about a second for a million of them, so do that in a thread."""

    def __init__(self, examples: Iterable[Example] = ()) -> None:
        self._known: dict[str, Known] = {}
        for example in examples:
            former = self._known.get(example.instruction, NOTHING)
            if example.response not in former.responses:
                task = former.task or example.task
                self._known[example.instruction] = Known(task, former.responses | {example.response})
        self._sorted = sorted(self._known)

    def about(self, instruction: str) -> Known:
        """What is known about an instruction; `NOTHING` if no example has it."""
        return self._known.get(instruction, NOTHING)

    def completion(self, start: str) -> str | None:
        """The first instruction that goes on from here, and can be typed on one line."""
        if not start:
            return None
        for position in range(bisect_left(self._sorted, start), len(self._sorted)):
            found = self._sorted[position]
            if not found.startswith(start):
                return None
            if found != start and plain_text(found) == found:
                return found
        return None
