"""What a document is made of: the examples of each place, all of them at one moment, and how many there are."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from engine.dataset import validation_count
from engine.edits import Deleted
from engine.example_sources import Row
from engine.examples import Example, Split
from engine.formats import Format, ShapeName
from engine.packed_rows import Rows
from engine.scenario import Scenario


class Part(msgspec.Struct):
    """Examples of one place: of the scenario file itself, or of a data file."""

    rows: Rows
    path: Path
    read_only: str = ""
    """Why these examples cannot be edited; empty if they can."""
    task: str = ""
    """Of rows that name none."""
    split: Split | Literal[""] = ""
    """Of rows that name none."""
    names_task: bool = True
    """Whether the rows of the file say their task themselves."""
    names_split: bool = True
    """Whether they say their split themselves."""
    shape: ShapeName = "own"
    format: Format = "jsonl"

    def kept(self) -> Iterator[Example]:
        """The examples without those that are deleted."""
        return (row for row in self.rows if type(row) is not Deleted)


class OnDisk(NamedTuple):
    """A scenario and its examples as they were read."""

    path: Path
    """The scenario file."""
    scenario: Scenario
    parts: list[Part]
    """The rows of the scenario first, then those of each of its files."""
    made: Rows
    """What its rules and its family make."""
    hashes: dict[Path, str]
    """SHA-256 of the files that were read."""
    counts: Counter[tuple[str, str]]
    """How many examples each task and split has."""


class Written(NamedTuple):
    """What was written of a document, and where it is from then on."""

    paths: list[Path]
    """The files that were written."""
    scenario: Scenario
    places: list[Path]
    """The file of each part; the scenario's first."""
    hashes: dict[Path, str]


class Snapshot(NamedTuple):
    """A document's examples at one moment, for a thread to read while the document is edited on."""

    scenario: Scenario
    parts: list[Rows]
    made: Rows

    @property
    def size(self) -> int:
        """How many examples there are, deleted ones too."""
        return sum(map(len, self.parts)) + len(self.made)

    def rows(self) -> Iterator[Example]:
        """All examples in their order, deleted ones too."""
        return chain(*self.parts, self.made)

    def kept(self) -> Iterator[tuple[int, Example]]:
        """The place of each example, and the example; without those that are deleted."""
        return ((place, row) for place, row in enumerate(self.rows()) if type(row) is not Deleted)

    def edited_scenario(self) -> Scenario:
        """The scenario with its own rows as they are now."""
        rows = [
            Row(instruction=row.instruction, response=row.response, task=row.task, split=row.split or None)
            for row in self.parts[0]
            if type(row) is not Deleted
        ]
        return msgspec.structs.replace(self.scenario, examples=rows)


class Counts:
    """How many examples each task and split has, kept up to date with every edit."""

    def __init__(self, scenario: Scenario, counts: Counter[tuple[str, str]]) -> None:
        self._scenario, self._counts = scenario, counts

    def change(self, old: Iterable[Example], new: Iterable[Example]) -> None:
        """Some examples gave way to others. Those that are deleted do not count."""
        self._counts.subtract((row.task, row.split) for row in old if type(row) is not Deleted)
        self._counts.update((row.task, row.split) for row in new if type(row) is not Deleted)

    def tasks(self) -> list[str]:
        """The names of all tasks: those of the scenario first, then others that examples name."""
        named = [task for (task, _), count in self._counts.items() if count]
        return list(dict.fromkeys([*(task for task in self._scenario.tasks if task in named), *named]))

    def by_split(self) -> dict[str, dict[str, int]]:
        """Split -> task -> number of examples, as they are drawn for training."""
        result: dict[str, Counter[str]] = {split: Counter() for split in ("train", "validation", "unseen")}
        for (task, split), count in self._counts.items():
            if task in self._scenario.tasks and self._scenario.tasks[task].held_out:
                result["unseen"][task] += count
            elif split:
                result[split][task] += count
            else:
                held_out = validation_count(count, self._scenario)
                result["validation"][task] += held_out
                result["train"][task] += count - held_out
        return {split: {task: n for task, n in tasks.items() if n} for split, tasks in result.items() if +tasks}
