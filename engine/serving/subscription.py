"""A run's story told to one connection: what has happened so far, then what happens.

Nothing is kept for a slow reader: the story is read on from the run's log when the connection has taken what came
before.
"""

import asyncio
from collections.abc import Awaitable, Callable

from engine.messages import notification_line
from engine.methods import EventsOf
from engine.serving.line import Line
from engine.story import Story, thinned

INTERVAL = 0.1
"""Seconds between two lists of news at least."""

MOST_STEPS = 200
"""In a list of news. A person cannot see more."""

PORTION = 2000
"""Events in a message at most."""

Send = Callable[[bytes], Awaitable[None]]


async def tell(request: int | str, story: Story, line: Line, send: Send) -> None:
    """Send a run's events, as the answer to a request, until nobody works on it any more.

    Raises:
        StorageError: its log cannot be read.
    """
    run = story.run.id
    pieces = story.so_far()
    while (events := await asyncio.to_thread(next, pieces, None)) is not None:
        for start in range(0, len(events), PORTION):
            await send(notification_line("events", EventsOf(request, run, events[start : start + PORTION])))
    while True:
        # Asked before the news are read, so that the last of them are not missed.
        is_over = run not in line and story.is_over()
        events = thinned(story.news(), MOST_STEPS)
        if is_over and not events:
            await send(notification_line("events", EventsOf(request, run, [], end=True)))
            return
        if events:
            await send(notification_line("events", EventsOf(request, run, events)))
        await asyncio.sleep(INTERVAL)
