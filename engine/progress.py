"""How far a long piece of work is: told by whoever does it to whoever waits, also from a process of its own."""

from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import TypeVar

NOW_AND_THEN = 5000
"""Rows from one word to the next: some milliseconds of work."""

Heard = Callable[[float], object]

T = TypeVar("T")

_heard: ContextVar[Heard] = ContextVar("heard", default=lambda share: None)


def hear(heard: Heard) -> None:
    """From now on be told, in this thread or task and in what it starts, which share of the work is done."""
    _heard.set(heard)


def tell(share: float) -> None:
    """So much is done, from 0 to 1."""
    _heard.get()(share)


def counted_off(rows: Iterable[T], of: int) -> Iterator[T]:
    """The rows, so many of them; how far one is with them is told."""
    for number, row in enumerate(rows):
        if number % NOW_AND_THEN == 0:
            tell(number / max(1, of))
        yield row
