"""Right answers to instructions that no example has: those that a wording of a task with a rule fits."""

import re
from collections.abc import Mapping
from inspect import signature
from string import Formatter

from engine.example_sources import Task
from engine.made_examples import CASES, response_to
from engine.tasks import RULES, Rule


class RuleAnswers:
    """Reads instructions the way `engine.made_examples` writes them.

    RuleAnswers(scenario.tasks).to("Add 500 and 7") == {"add": "507"}
    """

    def __init__(self, tasks: Mapping[str, Task]) -> None:
        self._readers = [
            (name, task, re.compile(_pattern(template, RULES[task.rule], task)))
            for name, task in tasks.items()
            if task.rule
            for template in dict.fromkeys((*task.templates, *task.unseen_templates))
        ]

    def to(self, instruction: str) -> dict[str, str]:
        """The right answer by task; empty if no wording fits."""
        found: dict[str, str] = {}
        for name, task, reader in self._readers:
            if name not in found and (match := reader.fullmatch(instruction)):
                texts = [match[parameter] for parameter in _parameters(RULES[task.rule])]
                numbers = RULES[task.rule].kind == "numbers"
                found[name] = response_to(task, [int(text) if numbers else text for text in texts])
        return found


def _parameters(rule: Rule) -> list[str]:
    return list(signature(rule.function).parameters)


def _pattern(template: str, rule: Rule, task: Task) -> str:
    """A regular expression with a group for each argument."""
    pattern = ""
    seen = set()
    for literal, field, _, _ in Formatter().parse(template):
        pattern += re.escape(literal)
        if field == "name":
            pattern += f"(?:{'|'.join(map(re.escape, rule.names))})"
        elif field is not None:
            parameter = next(each for each in _parameters(rule) if field in (each, *(case(each) for case in CASES)))
            pattern += f"(?P={parameter})" if parameter in seen else f"(?P<{parameter}>{_argument(field, rule, task)})"
            seen.add(parameter)
    return pattern


def _argument(field: str, rule: Rule, task: Task) -> str:
    """What an argument looks like. Words are of plain letters, and none shorter than the task has them."""
    if rule.kind == "numbers":
        return "[0-9]{1,18}"
    if field.islower():
        return f"[a-z]{{{task.words[0]},}}"
    return f"[A-Z]{{{task.words[0]},}}" if field.isupper() else f"[A-Z][a-z]{{{task.words[0] - 1},}}"
