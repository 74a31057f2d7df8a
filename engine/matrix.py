"""What `tunetui compare` finds: models down, groups of tasks across."""

from collections.abc import Iterable
from typing import Literal, get_args

import msgspec

Group = Literal[
    "trained",
    "new_wording",
    "new_name",
    "unseen_task",
    "composition",
    "chain",
    "longer",
    "plain_text",
    "known_form",
]
GROUPS: tuple[Group, ...] = get_args(Group)

Means = dict[str, dict[Group, float]]
"""Run -> group -> mean over the group's cells."""


class ComparedModel(msgspec.Struct, frozen=True):
    """One model of the matrix."""

    run: str
    """Id of its run; `base` for the scenario's base."""
    tuning: str
    """Empty for a base."""
    parent: str
    """What it started from: the id of a run, `base`, or empty for fresh weights."""
    weights: str
    """SHA-256 of the tensors that answered."""
    trained_on: list[str]
    """The tasks that its tuning trains; empty for a base."""


class Cell(msgspec.Struct, frozen=True):
    """How one model did on one task of one group."""

    run: str
    group: Group
    task: str
    exact_match: float
    examples: int
    did_not_stop: float
    """Share of answers that were right but went on. Not part of `exact_match`."""
    wording: str = ""
    """`name first` or `argument first`, where the group tells them apart."""


class Instead(msgspec.Struct, frozen=True):
    """What a model's wrong answers to plain instructions are."""

    run: str
    group: Group
    wrong: int
    """Wrong answers in all. One that is right but goes on is not among them."""
    another_task: float
    """Share of them that are the right answer to another task."""
    tasks: dict[str, float]
    """By task, the likeliest first. One answer may be right for several tasks, so they may add up to more."""


class Matrix(msgspec.Struct, frozen=True):
    """Everything that was measured."""

    models: list[ComparedModel]
    cells: list[Cell]
    summary: Means
    """Mean exact match."""
    lost: Means
    """Mean exact match of the parent less the model's own; a run whose parent is gone is missing."""
    instead: list[Instead]


class GivenAnswer(msgspec.Struct, frozen=True):
    """What one model answered to one question of a cell."""

    run: str
    text: str
    """Cut where the answer would be given up; of plain text only what stands before a separator."""
    exact: bool
    did_not_stop: bool
    """Right, but went on."""
    right_for: list[str] = []
    """Of a wrong answer: the other tasks whose right answer it is."""
    first: str = ""
    """Of a chain: what the first call answered."""


class AskedQuestion(msgspec.Struct, frozen=True):
    """One question of a cell, and what the models answered."""

    text: str
    response: str
    """The right answer."""
    answers: list[GivenAnswer]
    """A model that cannot be asked that way is missing."""
    wording: str = ""
    then: str = ""
    """Of a chain: the second instruction, with `{answer}` where the first answer goes."""


def means(cells: Iterable[Cell]) -> Means:
    """Mean exact match over the cells of each run and group; every task counts alike."""
    found: dict[str, dict[Group, list[float]]] = {}
    for cell in cells:
        found.setdefault(cell.run, {}).setdefault(cell.group, []).append(cell.exact_match)
    return {run: {group: mean(values) for group, values in groups.items()} for run, groups in found.items()}


def mean(values: Iterable[float]) -> float:
    """The arithmetic mean; there must be at least one value."""
    values = list(values)
    return sum(values) / len(values)
