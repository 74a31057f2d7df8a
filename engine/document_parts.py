"""What a document is made of: the examples of each place, all of them at one moment, and how many there are."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from engine.dataset import validation_count
from engine.edits import Edit
from engine.example_sources import Row
from engine.examples import Example, Split
from engine.formats import Format, ShapeName
from engine.marks import Deleted
from engine.packed_rows import Rows, Tally
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


class Written(NamedTuple):
    """What was written of a document, and where it is from then on."""

    paths: list[Path]
    """The files that were written."""
    scenario: Scenario
    places: list[Path]
    """The file of each part; the scenario's first."""
    hashes: dict[Path, str]
    unmarked: dict[int, Rows]
    """Of the parts that were edited: the examples without their marks, the deleted ones among them."""
    removed: Edit | None
    """The edit by which those go then."""


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


def by_split(scenario: Scenario, tally: Tally) -> dict[str, dict[str, int]]:
    """Split -> task -> number of examples, as they are drawn for training. Those that are deleted do not count."""
    counts: Counter[tuple[str, str]] = Counter()
    for (mark, task, split), count in tally.items():
        counts[task, split] += 0 if mark == "deleted" else count
    result: dict[str, Counter[str]] = {split: Counter() for split in ("train", "validation", "unseen")}
    for (task, split), count in counts.items():
        if task in scenario.tasks and scenario.tasks[task].held_out:
            result["unseen"][task] += count
        elif split:
            result[split][task] += count
        else:
            held_out = validation_count(count, scenario)
            result["validation"][task] += held_out
            result["train"][task] += count - held_out
    return {split: {task: n for task, n in tasks.items() if n} for split, tasks in result.items() if +tasks}
