"""Screens that let everything else have its turn between two events."""

import asyncio
from typing import TypeVar

from textual.events import Event
from textual.screen import Screen

T = TypeVar("T")


class TurnTaking(Screen[T]):
    """A screen that handles one event at a time.

    Textual goes through all that waits for a screen in one go. When it opens it comes into sight, gets its size, and
    gets the classes of that size: it is drawn after each, and in all that is long enough to be noticed.
    """

    async def on_event(self, event: Event) -> None:
        """Handle it, and let the event loop go round."""
        await super().on_event(event)
        await asyncio.sleep(0)
