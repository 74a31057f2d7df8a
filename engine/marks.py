"""What was done to an example since the last saving. Its type says it, so that it goes wherever the example goes."""

from typing import Literal

from engine.examples import Example

Mark = Literal["", "new", "changed", "deleted"]


class New(Example, gc=False):
    """An example that no file has yet."""


class Changed(Example, gc=False):
    """An example that stands otherwise in its file."""


class Deleted(Example, gc=False):
    """An example that is to go with the next saving. It stays in its place until then, and can be had back."""


_MARKS: dict[type[Example], Mark] = {New: "new", Changed: "changed", Deleted: "deleted"}


def mark(row: Example) -> Mark:
    """What was done to an example since the last saving."""
    return _MARKS.get(type(row), "")


def as_kind(kind: type[Example], row: Example) -> Example:
    """The same example with another mark; `Example` is one without."""
    return kind(row.instruction, row.response, row.task, row.split, row.extra)
