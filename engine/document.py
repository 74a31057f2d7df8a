"""A scenario and its examples while a person edits them: changes, undo and redo, counts, and what is not saved yet.

Rows written in the scenario and rows of its data files can be edited. Examples that a rule or a family makes cannot:
they come out of the scenario's settings. `engine.document_files` opens a document, `engine.edit_plans` says how to edit
it, `engine.document_saving` writes it, `engine.journal` keeps its edits until they are saved.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from itertools import accumulate, groupby
from typing import Literal

import msgspec

from engine.document_parts import OnDisk, Snapshot, Written, by_split
from engine.edits import Edit, Splice
from engine.examples import Example
from engine.history import History
from engine.marks import Changed, Deleted, Mark, as_kind
from engine.packed_rows import Rows
from engine.progress import tell


class ReadOnly(Exception):
    """The example cannot be edited; the message says why and what can be done."""


class Document:
    """The examples of a scenario, in the order of `engine.dataset.build`: its own, those of its files, the made ones.

    Examples are values: an edit puts a new one in the place of an old one and never changes one.
    """

    def __init__(self, on_disk: OnDisk) -> None:
        self.path, self.scenario, self.hashes = on_disk.path, on_disk.scenario, on_disk.hashes
        self.parts, self.made = on_disk.parts, on_disk.made
        self.on_edit: Callable[[Edit], None] = lambda edit: None
        """Told of each edit before it is carried out, undo and redo included."""
        self.touched: set[int] = set()
        """Parts that may differ from their file."""
        self._history = History()
        self._tally: Counter[tuple[Mark, str, str]] = Counter()
        for rows in (*(part.rows for part in self.parts), self.made):
            self._count(rows, 1)
        self._starts: list[int] = []
        self._measure()

    # --- looking ------------------------------------------------------------------------------------------------------

    def __bool__(self) -> bool:
        """A document without examples is one, too."""
        return True

    def __len__(self) -> int:
        return self._starts[-1] + len(self.made)

    def __getitem__(self, index: int) -> Example:
        part, at = self.place(index)
        return self.made[at] if part == len(self.parts) else self.parts[part].rows[at]

    def place(self, index: int) -> tuple[int, int]:
        """Part and place within it of an example; the part behind the last one holds the made examples."""
        if not 0 <= index < len(self):
            raise IndexError(index)
        part = bisect_right(self._starts, index) - 1
        return part, index - self._starts[part]

    def start_of(self, part: int) -> int:
        """The place of a part's first example."""
        return self._starts[part]

    def why_not(self, index: int) -> str:
        """Why an example cannot be edited; empty if it can."""
        part, _ = self.place(index)
        if part < len(self.parts):
            return self.parts[part].read_only
        task = self[index].task
        if task in self.scenario.tasks:
            rule = self.scenario.tasks[task].rule
            return f"The rule `{rule}` makes this example. Its wordings and numbers are in the scenario file: press E."
        return "The family of tasks makes this example. Its settings are in the scenario file: press E."

    @property
    def dirty(self) -> bool:
        """Whether something differs from what is on disk."""
        return self._history.dirty

    @property
    def edited(self) -> int:
        """Examples that are new, changed or to be deleted."""
        return sum(count for (mark, _, _), count in self._tally.items() if mark)

    def counts(self) -> dict[str, dict[str, int]]:
        """Split -> task -> number of examples, as they are drawn for training. Those that are deleted do not count."""
        return by_split(self.scenario, self._tally)

    def tasks(self) -> list[str]:
        """The names of all tasks: those of the scenario first, then others that examples name."""
        counts: Counter[str] = Counter()
        for (mark, task, _), count in self._tally.items():
            counts[task] += 0 if mark == "deleted" else count
        named = [task for task, count in counts.items() if count]
        return list(dict.fromkeys([*(task for task in self.scenario.tasks if task in named), *named]))

    def snapshot(self) -> Snapshot:
        """What it holds now; later edits do not change it."""
        return Snapshot(self.scenario, [part.rows for part in self.parts], self.made)

    def insertion_place(self, index: int) -> tuple[int, int]:
        """Part and place within it for new examples before the one at `index`."""
        editable = [n for n, part in enumerate(self.parts) if not part.read_only]
        if index < len(self):
            part, at = self.place(index)
            if part in editable:
                return part, at
        # Behind the last rows that there are; the scenario file itself takes those of a scenario that has none.
        part = next((n for n in reversed(editable) if self.parts[n].rows), 0)
        return part, len(self.parts[part].rows)

    # --- editing ------------------------------------------------------------------------------------------------------

    def do(self, edit: Edit | None) -> bool:
        """Carry out an edit that was planned for what it holds now, and is kept first. False: there is none."""
        if edit is None:
            return False
        self.on_edit(edit)
        self.carry_out(edit)
        return True

    def carry_out(self, edit: Edit) -> None:
        """The part of `do` that changes it, which takes milliseconds, however many examples it is about."""
        back = []
        for number, group in groupby(edit.splices, key=lambda splice: splice.part):
            splices = list(group)
            part = self.parts[number]
            part.rows, taken = part.rows.spliced(splices)
            shift = 0
            for splice, out in zip(splices, taken, strict=True):
                back.append(Splice(number, splice.at + shift, len(splice.new), out))
                shift += len(splice.new) - splice.old
                self._count(out, -1)
                self._count(splice.new, 1)
            self.touched.add(number)
        self._history.add(edit, Edit(edit.label, back))
        self._measure()

    def next_step(self, way: Literal["undo", "redo"]) -> Edit | None:
        """What would take the last edit back, or do again what was undone last; None where there is nothing."""
        edit = self._history.to_undo() if way == "undo" else self._history.to_redo()
        return msgspec.structs.replace(edit, way=way) if edit else None

    def as_it_stands(self, step: Edit) -> Edit:
        """An undo or redo with the marks that what it brings back has, now that something else may be on disk."""
        if not self._history.leaves_saved(step):
            return step
        splices = []
        for number, splice in enumerate(step.splices):
            tell(number / len(step.splices))
            if not splice.new:
                splices.append(splice)
                continue
            there = self.parts[splice.part].rows[splice.at : splice.at + splice.old]
            known = {_key(row): row for row in there}
            rows = [known.get(_key(row)) or _changed(row) for row in splice.new]
            splices.append(msgspec.structs.replace(splice, new=Rows(rows, packed=splice.new.packed)))
        return msgspec.structs.replace(step, splices=splices)

    def check(self, edit: Edit) -> Edit:
        """An edit that a journal has kept, if it can be carried out.

        Raises:
            ValueError: it does not fit this document.
        """
        for splice in edit.splices:
            size = len(self.parts[splice.part].rows) if splice.part < len(self.parts) else -1
            if not 0 <= splice.at <= splice.at + splice.old <= size:
                raise ValueError("an edit of another document")
        return edit

    # --- saving -------------------------------------------------------------------------------------------------------

    def saved(self, written: Written) -> None:
        """All is on disk now, as `engine.document_saving` says.

        Deleted examples go, which is an edit that can be undone like any other.
        """
        for number, rows in written.unmarked.items():
            part = self.parts[number]
            self._count(part.rows, -1)
            self._count(rows, 1)
            part.rows = rows
        if written.removed:
            self.carry_out(written.removed)
        self._history.saved()
        self.touched.clear()
        self.path, self.scenario, self.hashes = written.places[0], written.scenario, written.hashes
        for part, place in zip(self.parts, written.places, strict=True):
            part.path = place

    # --- inside -------------------------------------------------------------------------------------------------------

    def _count(self, rows: Rows, sign: Literal[1, -1]) -> None:
        for key, count in rows.tally().items():
            self._tally[key] += sign * count

    def _measure(self) -> None:
        self._starts = [0, *accumulate(len(part.rows) for part in self.parts)]


def _changed(row: Example) -> Example:
    return as_kind(Changed, row) if type(row) is Example else row


def _key(row: Example) -> tuple[object, ...]:
    """The same for examples that say the same."""
    return type(row) is Deleted, row.instruction, row.response, row.task, row.split, str(row.extra)
