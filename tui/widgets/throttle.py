"""At most one call in so many seconds: the screen follows people, not the trainer."""

from collections.abc import Callable
from time import monotonic

from textual.message_pump import MessagePump
from textual.timer import Timer


class Throttle:
    """Makes a call at once if the last one is long enough ago, else as soon as it is. Nothing asked for is lost."""

    def __init__(self, owner: MessagePump, seconds: float, call: Callable[[], None]) -> None:
        """The owner's timer makes the late calls."""
        self.seconds = seconds
        self._owner = owner
        self._call = call
        self._last = -1e9
        self._waiting: Timer | None = None

    def ask(self) -> None:
        """Make the call, now or soon."""
        if self._waiting is not None:
            return
        rest = self._last + self.seconds - monotonic()
        if rest <= 0:
            self.now()
        else:
            self._waiting = self._owner.set_timer(rest, self.now)

    def now(self) -> None:
        """Make the call, whether it is due or not: a person pressed a key and looks."""
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        self._last = monotonic()
        self._call()
