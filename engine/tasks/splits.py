"""Which rules a model is instructed with, and which it never is, so that following new instructions can be measured."""

import random
from collections.abc import Iterable
from dataclasses import dataclass

from engine.tasks.rule import RULES

ALWAYS_TRAINED = ("add", "reverse")
"""The rules that specialists are made of: a generalist to compare them with has to know these two."""


@dataclass(frozen=True)
class Split:
    """Names of rules: instructed with; unseen, for choosing a recipe; unseen, for the report on the chosen one."""

    trained: tuple[str, ...]
    development: tuple[str, ...]
    report: tuple[str, ...]


def drawn(seed: int, *, development: int = 8, report: int = 8, always_trained: Iterable[str] = ALWAYS_TRAINED) -> Split:
    """Draw the unseen rules by `seed`, those for development first; the others are trained.

    Adding a rule to the family draws another split: a report names its rules beside its seed.

    Raises:
        ValueError: more rules are asked for than may be unseen.
    """
    rules = sorted(set(RULES) - set(always_trained))
    chosen = random.Random(seed).sample(rules, development + report)
    trained = tuple(sorted(set(RULES) - set(chosen)))
    return Split(trained, tuple(chosen[:development]), tuple(chosen[development:]))
