"""Keys that come faster than they are handled: each counts where those before it have led to.

Textual gives a key to whatever has the focus when the key arrives. What the key before it does, such as going to the
next field, closing a form or opening one, comes several messages later; and keys like ctrl+s overtake the letters that
were typed before them. Over a line that stutters keys come in bursts: letters would land in the wrong field, or
nowhere.
"""

import asyncio
from collections import deque

from textual import events
from textual.app import App
from textual.message_pump import MessagePump

MOVES = {"up", "down", "left", "right", "pageup", "pagedown", "h", "j", "k", "l"}
"""Keys that are held down. Many of one kind do not wait for each other."""

ROUNDS = 2
"""What a key does may be to send a message, as Enter in a line does. The second round comes behind that."""

PATIENCE = 0.5
"""Seconds that a key waits for those before it at most: one of them may have started something long."""


class KeysInOrder(App[None]):
    """An app that hands on a key, or a text that is pasted, when the one before it has been handled."""

    keys_wait = False
    """Whether all keys are held back, until `let_keys_pass`."""

    def __init__(self) -> None:
        super().__init__()
        self._held: deque[events.Key | events.Paste] = deque()
        self._under_way: object = None
        """What kind of key is being handled; None: nothing is."""
        self._handed_on = 0
        self._handling: asyncio.Task[None] | None = None

    async def on_event(self, event: events.Event) -> None:
        """Hold keys back while others are under way."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._held.append(event)
            if not self.keys_wait:
                await self._hand_on()
        else:
            await super().on_event(event)

    async def let_keys_pass(self) -> None:
        """Hand on what was held back, and from now on all that comes."""
        self.keys_wait = False
        await self._hand_on()

    async def _hand_on(self) -> None:
        while self._held and (self._under_way is None or self._kind(self._held[0]) == self._under_way):
            event = self._held.popleft()
            self._under_way = self._kind(event)
            self._handed_on += 1
            await super().on_event(event)
        if self._under_way is not None and self._handling is None:
            self._handling = asyncio.create_task(self._handle())

    def _kind(self, event: events.Event) -> object:
        """Of one kind are letters for one field, and one movement again. They need not wait for each other."""
        if isinstance(event, events.Key):
            if self.focused and self.focused.check_consume_key(event.key, event.character):
                return self.focused
            if event.key in MOVES:
                return event.key
        return event

    async def _handle(self) -> None:
        """Wait until all that is under way has been handled, then hand on the next."""
        seen = -1
        while seen != self._handed_on:
            seen = self._handed_on
            for _ in range(ROUNDS):
                for node in (self.focused or self.screen).ancestors_with_self:  # the way that a key takes
                    await _all_before_this(node)
        self._under_way = self._handling = None
        self.call_later(self._hand_on)


async def _all_before_this(node: MessagePump) -> None:
    """Return when a node has handled what waits for it, or is gone, or takes very long."""
    handled = asyncio.Event()
    if not node.call_later(handled.set):
        return
    waiting = asyncio.ensure_future(handled.wait())
    await asyncio.wait([waiting, *([node._task] if node._task else [])], timeout=PATIENCE,
                       return_when=asyncio.FIRST_COMPLETED)  # fmt: skip
    waiting.cancel()
