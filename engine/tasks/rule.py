"""What a rule is: a small function from an argument to its answer, and the names instructions call it by.

Writing one is all it takes to add a task; `engine/tasks/__init__.py` imports the files that hold them:

    @rule("reverse", "flip", "mirror")
    def reverse(word: str) -> str:
        \"\"\"The letters from the end to the start.\"\"\"
        return word[::-1]
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar, get_type_hints

Kind: TypeAlias = Literal["word", "numbers", "words"]
Argument: TypeAlias = tuple[str] | tuple[int, int] | tuple[str, str]
RuleFunction: TypeAlias = Callable[..., str]

F = TypeVar("F", bound=RuleFunction)

KINDS: dict[tuple[type, ...], Kind] = {(str,): "word", (int, int): "numbers", (str, str): "words"}
"""What a rule is made for, by the types of its parameters."""

RULES: dict[str, "Rule"] = {}
"""Every rule by its own name."""


@dataclass(frozen=True)
class Rule:
    """A task whose answers are computed.

    `names` are the ways an instruction calls it, each a single word, the usual one first.
    """

    name: str
    names: tuple[str, ...]
    kind: Kind
    description: str
    function: RuleFunction

    def apply(self, *arguments: str | int) -> str:
        """The one right answer; never empty."""
        return self.function(*arguments)


def rule(*names: str) -> Callable[[F], F]:
    """Register a function as a rule under its own name, dashes for underscores.

    A name that Python has taken is written with a closing underscore, which is dropped: `max_` is the rule `max`.

    Raises:
        ValueError: the rule or one of its names is taken, there are fewer than three names, or its parameters or
            docstring are not those of a rule.
    """

    def register(function: F) -> F:
        made = _made(function, names)
        taken = {name for other in RULES.values() for name in other.names}
        if made.name in RULES or taken & set(names):
            raise ValueError(f"rule {made.name!r}: the name of another rule: {sorted(taken & set(names))}")
        RULES[made.name] = made
        return function

    return register


def _made(function: RuleFunction, names: tuple[str, ...]) -> Rule:
    name = function.__name__.removesuffix("_").replace("_", "-")
    if len(set(names)) < max(3, len(names)):
        raise ValueError(f"rule {name!r}: needs at least three different names, has {names}")
    hints = get_type_hints(function)
    types = tuple(hints[parameter] for parameter in inspect.signature(function).parameters)
    if types not in KINDS or hints["return"] is not str:
        raise ValueError(f"rule {name!r}: takes a word, two numbers or two words and returns str, not {hints}")
    description = (inspect.getdoc(function) or "").partition("\n")[0]
    if not description:
        raise ValueError(f"rule {name!r}: needs a docstring that says what it answers")
    return Rule(name, names, KINDS[types], description, function)
