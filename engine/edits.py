"""Edits of lists of examples, as values: which examples give way to which others.

The examples of a document lie in parts, one for each place that they come from. An edit is a list of splices: at a
place of a part, so many examples give way to others. The places are those before the edit; no two splices overlap.
"""

from typing import Literal

import msgspec

from engine.examples import Example
from engine.packed_rows import Rows


def with_defaults(row: Example, task: str, split: str) -> Example:
    """The example with the task and split that its file gives to rows that name none."""
    return msgspec.structs.replace(row, task=row.task or task, split=row.split or split)


class Splice(msgspec.Struct, frozen=True, gc=False):
    """At `at` of a part, `old` examples give way to the examples `new`."""

    part: int
    at: int
    old: int
    new: Rows


def difference(part: int, at: int, old: list[Example], new: list[Example], *, packed: bool) -> Splice:
    """What puts new examples in the place of the old ones of a chunk.

    It is about the whole chunk where that stays packed; else about no more than differs.
    """
    if packed:
        return Splice(part, at, len(old), Rows(new, packed=True))
    shorter = min(len(old), len(new))
    first = next((n for n in range(shorter) if old[n] is not new[n]), shorter)
    last = next((n for n in range(shorter - first) if old[-1 - n] is not new[-1 - n]), shorter - first)
    return Splice(part, at + first, len(old) - last - first, Rows(new[first : len(new) - last]))


class Edit(msgspec.Struct, frozen=True, gc=False):
    """One step of undo and redo. The splices are in the order of their places."""

    label: str
    """What was done, for a person: `change 3 examples`."""
    splices: list[Splice]
    way: Literal["do", "undo", "redo"] = "do"
    """Whether it is something new, or takes back or repeats what was done."""

    @property
    def size(self) -> int:
        """How many examples go and come."""
        return sum(splice.old + len(splice.new) for splice in self.splices)
