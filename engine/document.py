"""A scenario and its examples while a person edits them: changes, undo and redo, counts, and what is not saved yet.

Rows written in the scenario and rows of its data files can be edited. Examples that a rule or a family makes cannot:
they come out of the scenario's settings. `engine.document_files` opens a document, `engine.document_saving` writes it,
`engine.journal` keeps its edits until they are saved.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import accumulate, groupby
from typing import Any, Literal

import msgspec

from engine.document_parts import Counts, OnDisk, Snapshot, Written
from engine.edits import Deleted, Edit, Splice, copied
from engine.examples import Example, Split, counted
from engine.history import History
from engine.packed_rows import Rows

Mark = Literal["", "new", "changed", "deleted"]


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
        """Told of each change that was made, undo and redo included."""
        self.revision = 0
        """Grows with every change."""
        self.edited = 0
        """Examples that are new, changed or to be deleted."""
        self.touched: set[int] = set()
        """Parts that may differ from their file."""
        self._rows = [part.rows for part in self.parts]
        self._history = History()
        self._marks: dict[int, Mark] = {}  # of the examples that an edit made, by identity
        self._counts = Counts(on_disk.scenario, on_disk.counts)
        self._starts: list[int] = []
        self._measure()

    # --- looking ------------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return self._starts[-1] + len(self.made)

    def __getitem__(self, index: int) -> Example:
        part, at = self.place(index)
        return self.made[at] if part == len(self.parts) else self._rows[part][at]

    def place(self, index: int) -> tuple[int, int]:
        """Part and place within it of an example; the part behind the last one holds the made examples."""
        if not 0 <= index < len(self):
            raise IndexError(index)
        part = bisect_right(self._starts, index) - 1
        return part, index - self._starts[part]

    def start_of(self, part: int) -> int:
        """The place of a part's first example."""
        return self._starts[part]

    def mark(self, example: Example) -> Mark:
        """What was done to an example since the last saving."""
        return "deleted" if type(example) is Deleted else self._marks.get(id(example), "")

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

    def counts(self) -> dict[str, dict[str, int]]:
        """Split -> task -> number of examples, as they are drawn for training."""
        return self._counts.by_split()

    def tasks(self) -> list[str]:
        """The names of all tasks: those of the scenario first, then others that examples name."""
        return self._counts.tasks()

    def snapshot(self) -> Snapshot:
        """What it holds now; later edits do not change it."""
        return Snapshot(self.scenario, [rows.copy() for rows in self._rows], self.made)

    # --- editing ------------------------------------------------------------------------------------------------------

    def insert(self, index: int, examples: Iterable[Example]) -> int:
        """Put new examples before the one at `index`; behind all editable ones where that place cannot be edited.

        Returns the place of the first.
        """
        part, at = self._insertion_place(index)
        new = [self._filled(part, example) for example in examples]
        for example in new:
            self._marks[id(example)] = "new"
        self._do(Edit(f"add {counted(len(new))}", [Splice(part, at, [], new)]))
        return self._starts[part] + at

    def change(self, changes: dict[int, Example], label: str = "") -> None:
        """Put examples in the place of others.

        Raises:
            ReadOnly: one of them cannot be edited.
        """
        splices = []
        for index in sorted(changes):
            self._check_editable(index)
            part, at = self.place(index)
            old, new = self[index], self._filled(part, changes[index])
            if old != new:
                self._marks[id(new)] = "new" if self._marks.get(id(old)) == "new" else "changed"
                splices.append(Splice(part, at, [old], [new]))
        if splices:
            self._do(Edit(label or f"change {counted(len(splices))}", splices))

    def set_task(self, indices: Iterable[int], task: str) -> None:
        """Give examples another task.

        Raises:
            ReadOnly: one of them cannot be edited.
        """
        changes = {index: msgspec.structs.replace(self[index], task=task) for index in indices}
        self.change(changes, f"give {counted(len(changes))} another task")

    def delete(self, indices: Iterable[int]) -> None:
        """Mark examples as deleted: they go with the next saving.

        Raises:
            ReadOnly: one of them cannot be edited.
        """
        rows = {index: self[index] for index in indices}
        changes: dict[int, Example] = {
            index: Deleted(*_fields(row)) for index, row in rows.items() if type(row) is not Deleted
        }
        self.change(changes, f"delete {counted(len(changes))}")

    def restore(self, indices: Iterable[int]) -> None:
        """Take back that examples are deleted."""
        rows = {index: self[index] for index in indices}
        changes = {index: copied(row) for index, row in rows.items() if type(row) is Deleted}
        self.change(changes, f"restore {counted(len(changes))}")

    def duplicate(self, indices: Iterable[int]) -> None:
        """Put a copy behind each of the examples.

        Raises:
            ReadOnly: one of them cannot be edited.
        """
        splices = []
        for index in sorted(indices):
            self._check_editable(index)
            part, at = self.place(index)
            copy = copied(self[index])
            self._marks[id(copy)] = "new"
            splices.append(Splice(part, at + 1, [], [copy]))
        self._do(Edit(f"duplicate {counted(len(splices))}", splices))

    def move(self, first: int, last: int, by: Literal[-1, 1]) -> bool:
        """Move the examples from `first` to `last` one place up or down. False: there is no further place there.

        Raises:
            ReadOnly: they cannot be edited, or lie in several files.
        """
        for index in {first, last}:
            self._check_editable(index)
        (part, start), (other, end) = self.place(first), self.place(last)
        if part != other:
            raise ReadOnly("Examples of several files cannot be moved together.")
        rows = self._rows[part]
        if not 0 <= (start if by < 0 else end) + by < len(rows):
            return False
        if by < 0:
            old = rows[start - 1 : end + 1]
            splice = Splice(part, start - 1, old, [*old[1:], old[0]])
        else:
            old = rows[start : end + 2]
            splice = Splice(part, start, old, [old[-1], *old[:-1]])
        self._do(Edit(f"move {counted(last - first + 1)}", [splice]))
        return True

    def undo(self) -> Edit | None:
        """Take the last edit back. Gives what was done to the examples now; None where there is nothing to undo."""
        edit = self._history.undo()
        return self._apply(edit.inverse()) if edit else None

    def redo(self) -> Edit | None:
        """Do again what was undone last; None where there is nothing."""
        edit = self._history.redo()
        return self._apply(edit) if edit else None

    def replay(self, edit: Edit) -> None:
        """Carry out an edit that a journal has kept.

        Raises:
            ValueError: it does not fit this document.
        """
        splices = []
        for splice in edit.splices:
            rows = self._rows[splice.part] if splice.part < len(self._rows) else Rows()
            end = splice.at + len(splice.old)
            if not 0 <= splice.at <= end <= len(rows):
                raise ValueError("an edit of another document")
            old = rows[splice.at : end]
            known = {_key(row): row for row in old}
            new = [known.get(_key(row), row) for row in splice.new]
            for row in new:
                if row not in old:
                    self._marks[id(row)] = "changed" if old else "new"
            splices.append(Splice(splice.part, splice.at, old, new))
        self._do(Edit(edit.label, splices))

    # --- saving -------------------------------------------------------------------------------------------------------

    def saved(self, written: Written) -> None:
        """All is on disk now, as `engine.document_saving` says.

        Deleted examples go, which is an edit that can be undone like any other.
        """
        splices = [
            Splice(part, at, [row], [])
            for part in sorted(self.touched)
            for at, row in self._rows[part].unpacked()
            if type(row) is Deleted
        ]
        if splices:
            edit = Edit(f"remove {counted(len(splices))}", splices)
            self._remember(edit)
            self._apply(edit, quietly=True)
        self._history.saved()
        self._mark_what_undo_brings_back()
        self.edited = 0
        self.touched.clear()
        self.path, self.scenario, self.hashes = written.places[0], written.scenario, written.hashes
        for part, place in zip(self.parts, written.places, strict=True):
            part.path = place

    def _mark_what_undo_brings_back(self) -> None:
        remembered = {id(row) for splice in self._history.splices() for row in (*splice.old, *splice.new)}
        present = {id(row) for rows in self._rows for _, row in rows.unpacked()}
        self._marks = dict.fromkeys(remembered - present, "changed")

    # --- inside -------------------------------------------------------------------------------------------------------

    def _do(self, edit: Edit) -> None:
        self._remember(edit)
        self._apply(edit)

    def _remember(self, edit: Edit) -> None:
        for forgotten in self._history.add(edit):
            for splice in forgotten.splices:
                kept = set(map(id, splice.old))
                for row in splice.new:
                    if id(row) not in kept:
                        self._marks.pop(id(row), None)

    def _apply(self, edit: Edit, quietly: bool = False) -> Edit:
        for part, splices in groupby(edit.splices, key=lambda splice: splice.part):
            self._rows[part].splice(list(splices))
        for splice in edit.splices:
            self.touched.add(splice.part)
            self._counts.change(splice.old, splice.new)
            self.edited += sum(map(bool, map(self.mark, splice.new))) - sum(map(bool, map(self.mark, splice.old)))
        self._measure()
        self.revision += 1
        if not quietly:
            self.on_edit(edit)
        return edit

    def _measure(self) -> None:
        self._starts = [0, *accumulate(map(len, self._rows))]

    def _filled(self, part: int, example: Example) -> Example:
        """The example with the task and split that its file gives to rows that name none."""
        what = self.parts[part]
        task, split = example.task or what.task, example.split or what.split
        if (task, split) == (example.task, example.split):
            return example
        return msgspec.structs.replace(example, task=task, split=split)

    def _check_editable(self, index: int) -> None:
        if reason := self.why_not(index):
            raise ReadOnly(reason)

    def _insertion_place(self, index: int) -> tuple[int, int]:
        editable = [n for n, part in enumerate(self.parts) if not part.read_only]
        if index < len(self):
            part, at = self.place(index)
            if part in editable:
                return part, at
        # Behind the last rows that there are; the scenario file itself takes those of a scenario that has none.
        part = next((n for n in reversed(editable) if self._rows[n]), 0)
        return part, len(self._rows[part])


def _fields(row: Example) -> tuple[str, str, str, Split | Literal[""], dict[str, Any] | None]:
    return row.instruction, row.response, row.task, row.split, row.extra


def _key(row: Example) -> tuple[object, ...]:
    """The same for the same example."""
    return type(row), *_fields(row)[:-1], str(row.extra)
