"""What is known about instructions: the right answer, by example or by rule, and how one being typed may go on."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping

import msgspec

from engine.example_sources import Task
from engine.examples import Example
from engine.rule_answers import RuleAnswers
from tui.plain_text import plain_text


class Known(msgspec.Struct, frozen=True, gc=False):
    """What is known about one instruction. There are many, so the garbage collector leaves them out."""

    task: str = ""
    responses: tuple[str, ...] = ()
    """More than one where rows of the dataset contradict each other."""


NOTHING = Known()

RightAnswers = Mapping[str, tuple[str, ...]]
"""Prompt -> the right responses, where they are known."""


class KnownAnswers:
    """An index of examples, and the rules of tasks. Making it takes a second for a million, so do it in a thread."""

    def __init__(self, examples: Iterable[Example] = (), tasks: Mapping[str, Task] | None = None) -> None:
        self._rules = RuleAnswers(tasks or {})
        self._known: dict[str, Known] = {}
        for example in examples:
            former = self._known.get(example.instruction, NOTHING)
            if example.response not in former.responses:
                task = former.task or example.task
                self._known[example.instruction] = Known(task, (*former.responses, example.response))
        self._sorted = sorted(self._known)

    def about(self, instruction: str) -> Known:
        """What is known about an instruction; `NOTHING` if no example has it and no rule's wording fits it."""
        if found := self._known.get(instruction):
            return found
        by_rule = self._rules.to(instruction)
        return Known(next(iter(by_rule)), tuple(dict.fromkeys(by_rule.values()))) if by_rule else NOTHING

    def to(self, prompts: Iterable[str]) -> RightAnswers:
        """The right answers to those of these prompts that they are known of."""
        return {prompt: found for prompt in prompts if (found := self.about(prompt).responses)}

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
