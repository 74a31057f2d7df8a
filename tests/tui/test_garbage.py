import gc
from collections.abc import Callable, Iterator
from typing import cast
from weakref import ref

import pytest
from textual._callback import invoke
from textual.message_pump import MessagePump

from tui.garbage import collect_calmly


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)
    gc.enable()


class Timers:
    """Keeps what is to be done again and again."""

    def __init__(self) -> None:
        self.calls: list[Callable[[], object]] = []

    def set_interval(self, seconds: float, call: Callable[[], object]) -> None:
        self.calls.append(call)


class Circle:
    """Refers to itself: only the collector finds that nobody uses it."""

    def __init__(self) -> None:
        self.itself = self


async def test_what_is_old_is_looked_through_when_the_timer_rings_and_not_before() -> None:
    timers = Timers()
    gc.disable()
    collect_calmly(cast(MessagePump, timers))
    assert gc.isenabled()

    old = ref(survivor := Circle())
    gc.collect(1)
    del survivor
    young, middle, _ = gc.get_threshold()
    # By itself the collector would look through all by now.
    much: list[list[object]] = [[] for _ in range(20 * young * middle)]
    assert much and old() is not None

    (ring,) = timers.calls
    await invoke(ring)  # as Textual's timer does
    assert old() is None
