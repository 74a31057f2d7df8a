"""Where a scenario's examples come from: rows of its own, files beside it, rules, a family of tasks."""

from typing import Annotated, Literal

from msgspec import Meta

from engine.examples import Split
from engine.scenario_table import Count, Positive, Rate, Seed, Size, Table, Text


class Row(Table, kw_only=True):
    """One example written in the scenario itself."""

    instruction: str
    """What is asked."""
    response: str
    """The answer it should get; for a classifier the label."""
    task: str = ""
    """Name of the task it belongs to. Left out: the task without a name."""
    split: Split | None = None
    """Left out: drawn, see `validation` of the scenario."""


class DataFile(Table, kw_only=True):
    """A file of examples beside the scenario: JSONL, JSON, CSV, TSV or Parquet."""

    path: Text
    """Looked up beside the scenario."""
    task: str = ""
    """Task of the rows that name none."""
    split: Split | None = None
    """Split of the rows that name none. Left out: drawn, see `validation` of the scenario."""
    wrong_rows: Literal["stop", "skip"] = "stop"
    """Whether a row that cannot be read stops everything or is left out."""


class Task(Table, kw_only=True):
    """A named group of examples. With a `rule` its examples are made; without, it describes rows given elsewhere."""

    rule: str = ""
    """Name of a rule of `engine.tasks`, for instance `add` or `reverse`."""
    templates: list[Text] = []
    """Instruction wordings with the rule's arguments in braces: `Add {a} and {b}`. `{name}` is any of its names,
    `{Word}` and `{WORD}` are the argument `word` in capitals."""
    unseen_templates: list[Text] = []
    """Wordings kept for the split `unseen`."""
    template_weights: list[Rate] = []
    """How often each of `templates` is used, relative to the others. Left out: equally often."""
    numbers: tuple[Count, Count] = (0, 99)
    """Least and greatest number drawn for a rule about numbers."""
    words: tuple[Size, Size] = (3, 8)
    """Least and greatest length of the words drawn for a rule about words."""
    train: Count = 1000
    """How many examples the rule makes for training."""
    validation: Count = 200
    """How many it makes for the split `validation`."""
    unseen: Count = 200
    """How many it makes for the split `unseen`. Counts only where something is unseen."""
    digits: Annotated[int, Meta(ge=0, le=20)] = 0
    """Numbers are written with at least this many digits, in instruction and response: `0042` for 4."""
    response: Literal["plain", "reversed"] = "plain"
    """`reversed` writes the response back to front: a sum with its units first."""
    held_out: bool = False
    """The whole task is unseen: no tuning trains on it."""


class Family(Table, kw_only=True):
    """Tasks that are the rules of `engine.tasks`, some instructed with and the others never: those stay unseen."""

    words: tuple[Size, Size] = (3, 6)
    """Least and greatest length of the words in instructions."""
    numbers: tuple[Count, Count] = (0, 99)
    """Least and greatest number in instructions."""
    held_out_one_in: Annotated[int, Meta(ge=2, le=100)] = 5
    """One argument in so many, always the same ones, is held out of every stage of training."""
    unseen_seed: Seed = 0
    """Draws the rules that are never instructed; `add` and `reverse` are never among them."""
    unseen_development: Count = 8
    """How many unseen rules the split `unseen` holds, for the choices one makes."""
    unseen_report: Count = 8
    """How many more are kept for `tunetui compare` alone, to report on what was chosen."""
    per_task: Positive = 600
    """Training examples of each instructed rule."""
    validation_per_task: Positive = 50
    """Held-out examples of each rule, instructed or unseen."""
