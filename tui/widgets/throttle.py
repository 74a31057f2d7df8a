"""At most one call in so many seconds: the screen follows people, not the trainer."""

from collections.abc import Callable
from math import floor
from time import monotonic

from textual.message_pump import MessagePump
from textual.timer import Timer


class Throttle:
    """Lets the first request in each slot of time through; for a later one there is a call in the middle of the next.

    Whatever is asked for together is drawn together, then: where something is drawn ten times a second and something
    else twice, the slots of both begin at the same moments. Nothing asked for is lost.
    """

    def __init__(self, owner: MessagePump, seconds: float, call: Callable[[], None]) -> None:
        """The owner's timer makes the late calls."""
        self.seconds = seconds
        self._owner = owner
        self._call = call
        self._next_slot = 0.0
        self._waiting: Timer | None = None

    def ask(self) -> None:
        """Make the call, now or soon."""
        rest = self._next_slot - monotonic()
        if rest <= 0:
            self.now()
        elif self._waiting is None:
            self._waiting = self._owner.set_timer(rest + self.seconds / 2, self.now)

    def now(self) -> None:
        """Make the call, whether it is due or not: a person pressed a key and looks."""
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        self._next_slot = (floor(monotonic() / self.seconds) + 1) * self.seconds
        self._call()
