"""Edits of lists of examples: what was there, what is there now. Each can be turned round, which is what undo does.

The examples of a document lie in parts, one for each place that they come from. An edit is a list of splices: at a
place of a part, some examples give way to others. The places are those before the edit; no two splices overlap.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

import msgspec

from engine.examples import Example

FEW = 64
"""Splices up to which a part is changed in place. With more of them it is cheaper to build it anew."""


class Deleted(Example, gc=False):
    """An example that is to go with the next saving. It stays in its place until then, and can be had back."""


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


def apply(parts: Sequence[list[Example]], splices: Iterable[Splice]) -> None:
    """Carry the splices out in the lists of the parts."""
    for part, group in groupby(splices, key=lambda splice: splice.part):
        rows, changes = parts[part], list(group)
        if len(changes) > FEW and any(len(change.old) != len(change.new) for change in changes):
            rows[:] = _rebuilt(rows, changes)
        else:
            # From the end, so that the places further ahead stay true.
            for change in reversed(changes):
                rows[change.at : change.at + len(change.old)] = change.new


def _rebuilt(rows: list[Example], changes: Iterable[Splice]) -> list[Example]:
    result: list[Example] = []
    done = 0
    for change in changes:
        result += rows[done : change.at]
        result += change.new
        done = change.at + len(change.old)
    return result + rows[done:]
