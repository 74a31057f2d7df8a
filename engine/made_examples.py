"""The examples of a task that has a rule: arguments drawn, wordings chosen, answers computed."""

from collections.abc import Iterable, Iterator
from inspect import signature
from random import Random

from engine.errors import InputError, Problem
from engine.example_sources import Task
from engine.examples import Example, Split
from engine.tasks import RULES
from engine.tasks.arguments import draw
from engine.tasks.rule import Argument

CASES = (str.capitalize, str.upper)
"""How the name of an argument in a template may be written, and the argument with it."""

Placed = dict[tuple[str, Argument], Split]
"""(rule, arguments) -> the split that these arguments belong to."""


def make(name: str, task: Task, seed: int, placed: Placed) -> list[Example]:
    """Make the examples of a task. No two have the same arguments, so that what is held out is new to the model.

    Args:
        name: of the task.
        task: its rule, wordings and sizes, as `engine.scenario_check` accepts them. A task that is held out has the
            split `unseen` alone; another one has it if it has unseen wordings, which are used for that split only.
        seed: with the name, it decides arguments and wordings, each on its own: the same sums in other words.
        placed: what earlier tasks of the same rule hold out stays held out here, and the other way round; extended.

    Raises:
        InputError: there are fewer arguments than examples asked for.
    """
    rule = RULES[task.rule]
    sizes: dict[Split, int] = {"train": task.train, "validation": task.validation}
    if task.held_out:
        sizes = {"unseen": task.unseen}
    elif task.unseen_templates:
        sizes["unseen"] = task.unseen
    arguments = _arguments(name, task, sizes, Random(f"{seed} {name} arguments"), placed)
    rng = Random(f"{seed} {name} wordings")
    parameters = tuple(signature(rule.function).parameters)
    examples = []
    for split, chosen in arguments.items():
        templates, weights = task.templates, task.template_weights or None
        if split == "unseen" and task.unseen_templates:
            templates, weights = task.unseen_templates, None
        for each in chosen:
            template = rng.choices(templates, weights)[0]
            asked = {key: _cased(value, key, template) for key, value in zip(parameters, (*each,), strict=True)}
            shown = {key: _written(value, task) for key, value in asked.items()}
            shown |= {spell(key): value for key, value in shown.items() for spell in CASES}
            instruction = template.format(name=rng.choice(rule.names), **shown)
            examples.append(Example(instruction, response_to(task, asked.values()), name, split))
    return examples


def response_to(task: Task, arguments: Iterable[str | int]) -> str:
    """The right answer to these arguments, written as the task wants it."""
    response = _written(RULES[task.rule].apply(*arguments), task)
    return response[::-1] if task.response == "reversed" else response


def _written(value: str | int, task: Task) -> str:
    """An argument or a response as text; a number with as many digits as the task wants."""
    text = str(value)
    return text.zfill(task.digits) if text.isdigit() else text


def _cased(value: str | int, parameter: str, template: str) -> str | int:
    """A word as the template wants it: `{Word}` is Capitalised, `{WORD}` in capitals."""
    for spell in CASES:
        if isinstance(value, str) and f"{{{spell(parameter)}}}" in template:
            return spell(value)
    return value


def _arguments(
    name: str, task: Task, sizes: dict[Split, int], rng: Random, placed: Placed
) -> dict[Split, list[Argument]]:
    """So many arguments for each split, all different, and none of them in another split of an earlier task."""
    chosen: dict[Split, list[Argument]] = {split: [] for split in sizes}
    for argument in _candidates(task, rng):
        owner = placed.get((task.rule, argument))
        open_splits = [split for split in sizes if len(chosen[split]) < sizes[split]]
        if not open_splits:
            break
        if fitting := [split for split in open_splits if owner in (None, split)]:
            chosen[fitting[0]].append(argument)
            placed[task.rule, argument] = fitting[0]
    for split, size in sizes.items():
        if len(chosen[split]) < size:
            raise InputError(
                Problem(
                    key=f"tasks.{name}.{split}",
                    found=f"{size:,} examples, each with other arguments",
                    expected=f"at most {len(chosen[split]):,}",
                    hint=f"ask for fewer, or widen `{'numbers' if RULES[task.rule].kind == 'numbers' else 'words'}`",
                )
            )
    return chosen


def _candidates(task: Task, rng: Random) -> Iterator[Argument]:
    """Arguments in random order, no one twice; it ends when there are no more."""
    rule = RULES[task.rule]
    if rule.kind == "numbers":
        low, high = task.numbers
        size = high - low + 1
        for pair in _shuffled(size**2, rng):
            yield low + pair // size, low + pair % size
        return
    found: set[Argument] = set()
    misses = 0
    # A rule is not asked about every word. When nothing new has come for very long, all have been drawn.
    while misses < 40 * (len(found) + 100):
        argument = draw(rule, rng, words=task.words)
        if argument in found:
            misses += 1
        else:
            misses = 0
            found.add(argument)
            yield argument


def _shuffled(count: int, rng: Random) -> Iterator[int]:
    """0 to `count` - 1 in random order: Fisher-Yates, which remembers only what it has moved."""
    moved: dict[int, int] = {}
    for place in range(count):
        other = rng.randrange(place, count)
        yield moved.get(other, other)
        moved[other] = moved.pop(place, place)
