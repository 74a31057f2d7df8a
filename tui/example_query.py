"""Which examples are listed and in which order: what a person types behind `/`, and a sort key.

`task:add`, `split:train`, `is:new`, `is:changed`, `is:deleted` and `is:problem` choose; every other word must stand in
the instruction or the response, capitals or not.
"""

import asyncio
import shlex
from array import array
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.apart import apart_if_many
from engine.document import Document
from engine.document_parts import Snapshot
from engine.examples import Example
from engine.marks import mark

SortKey = Literal["", "task", "instruction", "response", "length"]
SORTS: tuple[SortKey, ...] = ("", "task", "instruction", "response", "length")
"""In the order in which a key walks through them; empty is the order of the files."""

PORTION = 4000
"""Rows looked at before others get their turn: a few milliseconds."""


@dataclass(frozen=True)
class Query:
    """What to list. `words` are lower-case."""

    words: tuple[str, ...] = ()
    task: str | None = None
    split: str | None = None
    state: str | None = None
    """`new`, `changed`, `deleted` or `problem`."""
    sort: SortKey = ""
    reverse: bool = False
    text: str = field(default="", compare=False)
    """As it was typed."""

    @property
    def filters(self) -> bool:
        """Whether some examples may be left out."""
        return bool(self.words or self.task is not None or self.split or self.state)


def parse(text: str, sort: SortKey = "", reverse: bool = False) -> Query:
    """What somebody typed. Quotes hold words together; a quote that is not closed is a character like any other."""
    try:
        parts = shlex.split(text)
    except ValueError:
        parts = text.split()
    words, chosen = [], {}
    for part in parts:
        key, colon, value = part.partition(":")
        if colon and key in ("task", "split", "is"):
            chosen[key] = value
        else:
            words.append(part.casefold())
    return Query(tuple(words), chosen.get("task"), chosen.get("split"), chosen.get("is"), sort, reverse, text)


def term(key: str, value: str) -> str:
    """`task:add`, quoted where it has to be."""
    return shlex.quote(f"{key}:{value}")


async def arranged(document: Document, query: Query, problems: Collection[int]) -> Sequence[int]:
    """The places of the examples that fit, in order. Others get their turn meanwhile.

    Args:
        document: it must not change meanwhile; who changes it cancels this.
        query: what to list.
        problems: the places of examples with which something is wrong.
    """
    if not query.filters and not query.sort:
        everything = range(len(document))
        return everything[::-1] if query.reverse else everything
    places: Sequence[int] = range(len(document))
    if query.filters:
        places = array("q")
        for start in range(0, len(document), PORTION):
            end = min(start + PORTION, len(document))
            places.extend(place for place in range(start, end) if _fits(document, place, query, problems))
            await asyncio.sleep(0)
    if query.sort:
        places = await asyncio.to_thread(_sorted, document.snapshot(), places, query.sort)
    return places[::-1] if query.reverse else places


def _fits(document: Document, place: int, query: Query, problems: Collection[int]) -> bool:
    row = document[place]
    if query.task is not None and row.task != query.task:
        return False
    if query.split and row.split != query.split:
        return False
    if query.state == "problem":
        if place not in problems:
            return False
    elif query.state and mark(row) != query.state:
        return False
    if query.words:
        text = f"{row.instruction}\n{row.response}".casefold()
        return all(word in text for word in query.words)
    return True


def _sorted(snapshot: Snapshot, places: Sequence[int], key: SortKey) -> "array[int]":
    """The places in the order of a sort key; those of equal examples in the order of the files."""
    return apart_if_many(snapshot.size, _sort, snapshot, places, key)


def _sort(snapshot: Snapshot, places: Sequence[int], key: SortKey) -> "array[int]":
    wanted, value_of = set(places), _KEYS[key]
    keyed = [(value_of(row), place) for place, row in enumerate(snapshot.rows()) if place in wanted]
    keyed.sort()
    return array("q", (place for _, place in keyed))


_KEYS: dict[SortKey, Callable[[Example], Any]] = {
    "task": lambda row: row.task.casefold(),
    "instruction": lambda row: row.instruction.casefold(),
    "response": lambda row: row.response.casefold(),
    "length": lambda row: len(row.instruction) + len(row.response),
}
