"""The examples of a task that has a rule: arguments drawn, wordings chosen, answers computed."""

from inspect import signature
from itertools import islice
from random import Random
from string import ascii_lowercase

from engine.errors import InputError, Problem
from engine.examples import Example, Split
from engine.scenario import Task
from engine.tasks import RULES
from engine.tasks.arguments import draw
from engine.tasks.rule import Argument

_FEW_PAIRS = 1_000_000
"""Up to so many pairs of numbers are sampled without repetition: any part of them, and all of them, at once."""


def make(name: str, task: Task, seed: int) -> list[Example]:
    """Make the examples of a task. No two have the same arguments, so that what is held out is new to the model.

    Args:
        name: of the task.
        task: its rule, wordings and sizes, as `engine.scenario_check` accepts them. A task that is held out has the
            split `unseen` alone; another one has it if it has unseen wordings, which are used for that split only.
        seed: with the name, it decides arguments and wordings, each on its own: the same sums in other words.

    Raises:
        InputError: there are fewer arguments than examples asked for.
    """
    rule = RULES[task.rule]
    sizes: dict[Split, int] = {"train": task.train, "validation": task.validation}
    if task.held_out:
        sizes = {"unseen": task.unseen}
    elif task.unseen_templates:
        sizes["unseen"] = task.unseen
    arguments = iter(_arguments(name, task, sum(sizes.values()), Random(f"{seed} {name} arguments")))
    rng = Random(f"{seed} {name} wordings")
    parameters = tuple(signature(rule.function).parameters)
    examples = []
    for split, size in sizes.items():
        templates, weights = task.templates, task.template_weights or None
        if split == "unseen" and task.unseen_templates:
            templates, weights = task.unseen_templates, None
        for each in islice(arguments, size):
            words = dict(zip(parameters, each, strict=True))
            instruction = rng.choices(templates, weights)[0].format(name=rng.choice(rule.names), **words)
            response = rule.apply(*each)
            if task.response == "reversed":
                response = response[::-1]
            examples.append(Example(instruction, response, name, split))
    return examples


def _arguments(name: str, task: Task, count: int, rng: Random) -> list[Argument]:
    """So many arguments, all different."""
    rule = RULES[task.rule]
    low, high = task.words if rule.kind != "numbers" else task.numbers
    if rule.kind == "numbers":
        size = high - low + 1
        most = size**2
        if count <= most <= _FEW_PAIRS:
            return [(low + pair // size, low + pair % size) for pair in rng.sample(range(most), count)]
    else:
        words = sum(len(ascii_lowercase) ** length for length in range(low, high + 1))
        most = words**2 if rule.kind == "words" else words
    found: dict[Argument, None] = {}
    misses = 0
    # A rule is not asked about every word. When nothing new has come for very long, all have been drawn.
    while len(found) < count <= most and misses < 40 * (len(found) + 100):
        argument = draw(rule, rng, words=task.words, numbers=task.numbers)
        misses = misses + 1 if argument in found else 0
        found[argument] = None
    if len(found) < count:
        raise InputError(
            Problem(
                key=f"tasks.{name}",
                found=f"{count:,} examples are asked for, each with other arguments",
                expected=f"at most {len(found) or most:,}",
                hint=f"ask for fewer, or widen `{'numbers' if rule.kind == 'numbers' else 'words'}`",
            )
        )
    return list(found)
