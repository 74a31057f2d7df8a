"""Edits of lists of examples: what was there, what is there now. Each can be turned round, which is what undo does.

The examples of a document lie in parts, one for each place that they come from. An edit is a list of splices: at a
place of a part, some examples give way to others. The places are those before the edit; no two splices overlap.
"""

from itertools import groupby

import msgspec

from engine.examples import Example


class Deleted(Example, gc=False):
    """An example that is to go with the next saving. It stays in its place until then, and can be had back."""


def copied(row: Example) -> Example:
    """A copy that is not deleted, whatever the example was."""
    return Example(row.instruction, row.response, row.task, row.split, row.extra)


class Splice(msgspec.Struct, frozen=True):
    """At `at` of a part, the examples `old` give way to the examples `new`."""

    part: int
    at: int
    old: list[Example]
    new: list[Example]


class Edit(msgspec.Struct, frozen=True):
    """One step of undo and redo. The splices are in the order of their places."""

    label: str
    """What was done, for a person: `change 3 examples`."""
    splices: list[Splice]

    def inverse(self) -> "Edit":
        """The edit that takes this one back."""
        splices = []
        for part, group in groupby(self.splices, key=lambda splice: splice.part):
            shift = 0
            for splice in group:
                splices.append(Splice(part, splice.at + shift, splice.new, splice.old))
                shift += len(splice.new) - len(splice.old)
        return Edit(self.label, splices)
