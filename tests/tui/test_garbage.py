import gc
from collections.abc import Callable, Iterator
from typing import cast
from weakref import ref

import pytest
from textual.app import App
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
        self.calls: list[Callable[[], None]] = []

    def set_interval(self, seconds: float, call: Callable[[], None]) -> None:
        self.calls.append(call)


class Circle:
    """Refers to itself: only the collector finds that nobody uses it."""

    def __init__(self) -> None:
        self.itself = self


def test_what_is_old_is_looked_through_when_the_timer_rings_and_not_before() -> None:
    timers = Timers()
    gc.disable()
    collect_calmly(cast(MessagePump, timers))
    assert gc.isenabled()

    old = ref(survivor := Circle())
    gc.collect(1)
    del survivor
    young, middle, _ = gc.get_threshold()
    much: list[list[object]] = [[] for _ in range(20 * young * middle)]  # by itself the collector would come by now
    assert much and old() is not None

    (ring,) = timers.calls
    ring()
    assert old() is None


async def test_the_timer_of_an_app_can_call_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.garbage.SECONDS", 0.001)
    async with App[None]().run_test() as pilot:
        collect_calmly(pilot.app)
        old = ref(Circle())
        while old() is not None:
            await pilot.pause(0.001)

    assert pilot.app.return_code in (None, 0)
