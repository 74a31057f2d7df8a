"""The examples of a `[family]`: every rule of `engine.tasks` as a task of its own name, asked for in many wordings.

The split `train` has the instructed rules, by the first two of their names. `validation` has the same rules with
held-out arguments. `unseen` has the rules for development, also with held-out arguments. The rules for the report are
in no split: only `engine.groups` asks about them.
"""

from collections.abc import Iterator
from itertools import islice
from random import Random

from engine.errors import InputError, Problem
from engine.example_sources import Family
from engine.examples import Example
from engine.examples import Split as ExampleSplit
from engine.tasks import RULES, Rule
from engine.tasks.arguments import draw, held_out, written
from engine.tasks.rule import Argument
from engine.tasks.splits import ALWAYS_TRAINED, Split, drawn
from engine.tasks.templates import training

MOST_UNSEEN = len(RULES) - len(ALWAYS_TRAINED)
"""Rules that may be unseen."""

INSTRUCTED_NAMES = 2
"""Of each rule's names; the others stand in no training instruction."""

_PATIENCE = 2000
"""Draws in a row without a new argument before we hold that there is none."""


def split_of(family: Family) -> Split:
    """Which rules are instructed, and which stay unseen."""
    return drawn(family.unseen_seed, development=family.unseen_development, report=family.unseen_report)


def examples_of(family: Family, seed: int) -> list[Example]:
    """All examples, the same for the same seed. What is drawn for one task depends on that task alone.

    Raises:
        InputError: a rule has fewer arguments than examples are asked for.
    """
    split = split_of(family)
    made: list[tuple[str, ExampleSplit]] = [(name, each) for name in split.trained for each in ("train", "validation")]
    made += [(name, "unseen") for name in split.development]
    return [example for name, each in made for example in _made(family, RULES[name], each, seed)]


def arguments(family: Family, rule: Rule, rng: Random, *, trained: bool) -> Iterator[Argument]:
    """Arguments that fit a rule, either trained on or held out, no one twice. It ends when none is left."""
    found: set[Argument] = set()
    misses = 0
    while misses < _PATIENCE:
        argument = draw(rule, rng, words=family.words, numbers=family.numbers)
        if argument in found or held_out(argument, family.held_out_one_in) == trained:
            misses += 1
        else:
            misses = 0
            found.add(argument)
            yield argument


def _made(family: Family, rule: Rule, split: ExampleSplit, seed: int) -> list[Example]:
    rng = Random(f"{seed} {rule.name} {split}")
    key, count = "per_task", family.per_task
    if split != "train":
        key, count = "validation_per_task", family.validation_per_task
    examples = []
    for argument in islice(arguments(family, rule, rng, trained=split == "train"), count):
        instruction = training(rng, rng.choice(rule.names[:INSTRUCTED_NAMES]), written(argument))
        examples.append(Example(instruction, rule.apply(*argument), rule.name, split))
    if len(examples) < count:
        hint = f"ask for fewer, or widen `{'numbers' if rule.kind == 'numbers' else 'words'}`"
        found = f"{count:,} examples of {rule.name}, each with other arguments"
        raise InputError(Problem(key=f"family.{key}", found=found, expected=f"at most {len(examples):,}", hint=hint))
    return examples
