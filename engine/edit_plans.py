"""How examples are to be edited: each function gives the edit that does it, and changes nothing.

`Document.do` carries it out. As a plan only looks at the document, it can be made in a thread when it is about many
examples; nobody else may edit the document meanwhile. A plan takes places in rising order. It is None where nothing
would change, and raises `ReadOnly` where an example cannot be edited.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from engine.document import Document, ReadOnly
from engine.edits import Edit, Splice, difference, with_defaults
from engine.examples import Example, counted
from engine.marks import Changed, Deleted, New, as_kind
from engine.packed_rows import CHUNK, MANY, Rows
from engine.progress import tell

AT_ONCE = 5000
"""Examples up to which an edit takes some milliseconds, so that nobody needs to wait for it."""


def insert(document: Document, index: int, examples: Collection[Example]) -> Edit | None:
    """Put new examples before the one at `index`; behind all editable ones where that place cannot be edited."""
    part, _ = document.insertion_place(index)
    what = document.parts[part]
    rows = (as_kind(New, with_defaults(row, what.task, what.split)) for row in examples)
    new = Rows(rows, packed=len(examples) > MANY)
    return insert_new(document, index, new)


def insert_new(document: Document, index: int, new: Rows) -> Edit | None:
    """The same for examples that are `New` and have what their file gives them."""
    return Edit(f"add {counted(len(new))}", [Splice(*document.insertion_place(index), 0, new)]) if new else None


def change(document: Document, changes: Mapping[int, Example]) -> Edit | None:
    """Put examples in the place of others."""

    def changed(place: int, row: Example) -> list[Example]:
        part, _ = document.place(place)
        what = document.parts[part]
        return [_edited(row, with_defaults(changes[place], what.task, what.split))]

    return _each(document, sorted(changes), changed, "change {}")


def set_task(document: Document, places: Sequence[int], task: str) -> Edit | None:
    """Give examples another task."""

    def moved(place: int, row: Example) -> list[Example]:
        part, _ = document.place(place)
        return [_edited(row, msgspec.structs.replace(row, task=task or document.parts[part].task))]

    return _each(document, places, moved, "give {} another task")


def replace(document: Document, places: Sequence[int], old: str, new: str) -> Edit | None:
    """Put words in the place of others, in instructions and responses. Examples that cannot be edited stay."""

    def replaced(place: int, row: Example) -> list[Example]:
        if old not in row.instruction and old not in row.response:
            return [row]
        instruction, response = row.instruction.replace(old, new), row.response.replace(old, new)
        return [_edited(row, msgspec.structs.replace(row, instruction=instruction, response=response))]

    return _each(document, places, replaced, "replace words in {}", leave_out_read_only=True)


def delete(document: Document, places: Sequence[int]) -> Edit | None:
    """Mark examples as deleted: they go with the next saving."""
    return _each(document, places, lambda _, row: [as_kind(Deleted, row)], "delete {}")


def restore(document: Document, places: Sequence[int]) -> Edit | None:
    """Take back that examples are deleted."""

    def restored(place: int, row: Example) -> list[Example]:
        return [as_kind(Changed, row) if type(row) is Deleted else row]

    return _each(document, places, restored, "restore {}")


def duplicate(document: Document, places: Sequence[int]) -> Edit | None:
    """Put a copy behind each of the examples."""
    return _each(document, places, lambda _, row: [row, as_kind(New, row)], "duplicate {}")


def move(document: Document, first: int, last: int, by: Literal[-1, 1]) -> Edit | None:
    """Move the examples from `first` to `last` one place up or down; None where there is no further place there."""
    for index in {first, last}:
        if reason := document.why_not(index):
            raise ReadOnly(reason)
    (part, start), (other, end) = document.place(first), document.place(last)
    if part != other:
        raise ReadOnly("Examples of several files cannot be moved together.")
    rows = document.parts[part].rows
    if not 0 <= (start if by < 0 else end) + by < len(rows):
        return None
    if by < 0:
        start -= 1
        top, *others = rows[start : end + 1]
        moved = [*others, top]
    else:
        *others, below = rows[start : end + 2]
        moved = [below, *others]
    return Edit(f"move {counted(last - first + 1)}", [Splice(part, start, len(moved), Rows.of(moved))])


def reach(count: int, places: Iterable[int]) -> int:
    """About how many examples are looked at in an edit of so many: all that lie in a chunk with one of them."""
    return count if count > AT_ONCE else CHUNK * len({place // CHUNK for place in places})


def _edited(old: Example, new: Example) -> Example:
    """The new example in the place of the old one, marked; the old one where both say the same."""
    deleted = type(new) is Deleted
    if as_kind(type(old), new) == old and deleted == (type(old) is Deleted):
        return old
    return as_kind(Deleted if deleted else New if type(old) is New else Changed, new)


def _each(
    document: Document,
    places: Sequence[int],
    become: Callable[[int, Example], list[Example]],
    label: str,
    leave_out_read_only: bool = False,
) -> Edit | None:
    """The edit by which each of the examples gives way to what it becomes: one splice for each chunk."""
    splices, count, seen = [], 0, 0
    if not leave_out_read_only and places and (reason := document.why_not(places[-1])):
        raise ReadOnly(reason)
    for part, what in enumerate(document.parts):
        start = document.start_of(part)
        chosen = places[bisect_left(places, start) : bisect_left(places, start + len(what.rows))]
        if chosen and what.read_only:
            if leave_out_read_only:
                continue
            raise ReadOnly(what.read_only)
        done = 0
        while done < len(chosen):
            at, piece = next(what.rows.pieces(chosen[done] - start))
            here = chosen[done : bisect_left(chosen, start + at + len(piece), done)]
            done += len(here)
            seen += len(here)
            tell(seen / len(places))
            old = list(piece)
            becoming = {}
            for place in here:
                before = old[place - start - at]
                if (after := become(place, before)) != [before]:
                    becoming[place] = after
            if becoming:
                count += len(becoming)
                new = [row for place, before in enumerate(old, start + at) for row in becoming.get(place, [before])]
                splices.append(difference(part, at, old, new, packed=piece.packed and len(chosen) > CHUNK))
    return Edit(label.format(counted(count)), splices) if splices else None
