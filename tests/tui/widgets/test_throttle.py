"""How often something is drawn that is asked for more often."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

import pytest
from textual.app import App
from textual.message_pump import MessagePump

from tui.widgets.throttle import Throttle


class Clock:
    """A time that stands still, with timers that ring when they are told to."""

    def __init__(self) -> None:
        self.now = 10.03
        self.timers: list[tuple[float, Callable[[], None]]] = []

    def set_timer(self, rest: float, call: Callable[[], None]) -> SimpleNamespace:
        timer = round(self.now + rest, 6), call
        self.timers.append(timer)
        return SimpleNamespace(stop=lambda: self.timers.remove(timer))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("tui.widgets.throttle.monotonic", lambda: clock.now)
    return clock


def throttle(clock: Clock, seconds: float, call: Callable[[], None]) -> Throttle:
    return Throttle(cast(MessagePump, clock), seconds, call)


def test_calls_that_come_fast_become_one_now_and_one_later(clock: Clock) -> None:
    calls: list[float] = []
    often = throttle(clock, 0.1, lambda: calls.append(clock.now))
    for _ in range(5):
        often.ask()
    assert calls == [10.03]

    ((clock.now, ring),) = clock.timers
    ring()
    assert calls == [10.03, 10.15]
    assert not clock.timers


def test_what_is_drawn_at_different_rates_is_drawn_together(clock: Clock) -> None:
    calls: list[tuple[float, str]] = []
    often = throttle(clock, 0.1, lambda: calls.append((clock.now, "often")))
    seldom = throttle(clock, 0.5, lambda: calls.append((clock.now, "seldom")))
    for clock.now in (10.03, 10.07, 10.12, 10.19, 10.51, 10.55):
        often.ask()
        seldom.ask()

    assert calls == [(10.03, "often"), (10.03, "seldom"), (10.12, "often"), (10.51, "often"), (10.51, "seldom")]
    assert [ring for ring, _ in clock.timers] == [10.65, 11.25]


def test_what_a_person_did_is_drawn_without_waiting(clock: Clock) -> None:
    calls: list[float] = []
    slow = throttle(clock, 60, lambda: calls.append(clock.now))
    slow.ask()
    slow.ask()
    slow.now()
    assert calls == [10.03, 10.03]
    assert not clock.timers


async def test_a_timer_of_the_app_makes_the_late_call() -> None:
    app: App[None] = App()
    calls: list[int] = []
    async with app.run_test() as pilot:
        slow = Throttle(app, 0.05, lambda: calls.append(1))
        slow.now()
        slow.ask()
        while len(calls) < 2:
            await pilot.pause(0.01)
