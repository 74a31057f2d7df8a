"""The examples of a scenario: rows written in it, rows of its files, what its rules make, and its family of tasks.

The same scenario and seed give the same list. What is drawn for one task depends on that task alone, and on earlier
tasks of the same rule: arguments that one task holds out are held out by all.
"""

import logging
from collections.abc import Iterable
from pathlib import Path
from random import Random

from engine.errors import InputError, Problem, did_you_mean
from engine.example_sources import DataFile
from engine.examples import Example
from engine.family import examples_of
from engine.formats import read
from engine.made_examples import Placed, make
from engine.scenario import Scenario

logger = logging.getLogger(__name__)


def build(scenario: Scenario, folder: Path) -> list[Example]:
    """All examples, each with its split: the scenario's rows first, then those of its files, then the made ones.

    A row that names no split is held out by chance: `scenario.validation` is the share of its task's rows, rounded
    down. Every row of a task that is held out is `unseen`, whatever it says itself.

    Args:
        scenario: as `engine.scenario_file.load` gives it.
        folder: where the files that the scenario names are looked up.

    Raises:
        InputError: a file cannot be read, a rule cannot make so many examples, or a task or the whole has none.
    """
    problems: list[Problem] = []
    examples = scenario_rows(scenario)
    for file in scenario.files:
        try:
            examples += with_defaults(file, _read(file, folder))
        except InputError as error:
            problems += error.problems
    settle_splits(examples, scenario)
    try:
        examples += made(scenario)
    except InputError as error:
        problems += error.problems
    problems = problems or _missing(examples, scenario)
    if problems:
        raise InputError(problems)
    return examples


def scenario_rows(scenario: Scenario) -> list[Example]:
    """The rows written in the scenario itself; the split is empty where it is to be drawn."""
    return [Example(row.instruction, row.response, row.task, row.split or "") for row in scenario.examples]


def with_defaults(file: DataFile, examples: list[Example]) -> list[Example]:
    """The examples of a file with the task and split that the scenario gives to rows that name none."""
    for example in examples:
        example.task = example.task or file.task
        example.split = example.split or file.split or ""
    return examples


def settle_splits(examples: list[Example], scenario: Scenario) -> None:
    """Draw the split of each row that names none; rows of a task that is held out are `unseen`."""
    undrawn: dict[str, list[Example]] = {}
    for example in examples:
        if example.task in scenario.tasks and scenario.tasks[example.task].held_out:
            example.split = "unseen"
        elif not example.split:
            example.split = "train"
            undrawn.setdefault(example.task, []).append(example)
    for task, rows in undrawn.items():
        count = validation_count(len(rows), scenario)
        for example in Random(f"{scenario.seed} {task} validation").sample(rows, count):
            example.split = "validation"


def validation_count(rows: int, scenario: Scenario) -> int:
    """How many of a task's rows without a split are held out."""
    # The least bit more, as 0.29 * 100 is 28.999999999999996.
    return int(rows * scenario.validation + 1e-9)


def made(scenario: Scenario) -> list[Example]:
    """The examples that rules and the family make.

    Raises:
        InputError: a rule cannot make so many.
    """
    examples: list[Example] = []
    problems: list[Problem] = []
    placed: Placed = {}
    for name, task in scenario.tasks.items():
        try:
            if task.rule:
                examples += make(name, task, scenario.seed, placed)
        except InputError as error:
            problems += error.problems
    try:
        if scenario.family:
            examples += examples_of(scenario.family, scenario.seed)
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    return examples


def counts(examples: Iterable[Example]) -> dict[str, dict[str, int]]:
    """Split -> task -> number of examples, in order of appearance."""
    result: dict[str, dict[str, int]] = {}
    for example in examples:
        tasks = result.setdefault(example.split, {})
        tasks[example.task] = tasks.get(example.task, 0) + 1
    return result


def _read(file: DataFile, folder: Path) -> list[Example]:
    result = read(folder / file.path, wrong_rows=file.wrong_rows)
    if result.problems:
        logger.warning("%d wrong rows are left out, the first: %s", len(result.problems), result.problems[0])
    return result.examples


def _missing(examples: list[Example], scenario: Scenario) -> list[Problem]:
    """What should have examples and has none."""
    if not examples:
        return [Problem(key="examples", found="there are no examples", expected="at least one")]
    found = {example.task for example in examples}
    return [
        Problem(key=f"tasks.{name}", found="no example has this task", hint=did_you_mean(name, found))
        for name, task in scenario.tasks.items()
        if not task.rule and name not in found
    ]
