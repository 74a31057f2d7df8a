"""A run's story told to one connection: what has happened so far, then what happens.

Nothing is kept for a slow reader: the story is read on from the run's log when the connection has taken what came
before.
"""

import asyncio
from collections.abc import Awaitable, Callable

from engine.messages import notification_line
from engine.methods import EventsOf
from engine.serving.line import Line
from engine.story import MOST_STEPS, Story

INTERVAL = 0.1
"""Seconds between two lists of news at least."""

MOST_NEWS = 200
"""Steps in a list of news. A person cannot see more."""

Send = Callable[[bytes], Awaitable[None]]


async def tell(request: int | str, story: Story, line: Line, send: Send) -> None:
    """Send a run's events, as the answer to a request, until nobody works on it any more.

    Raises:
        StorageError: its log cannot be read.
    """
    run = story.run.id
    most = MOST_STEPS
    while True:
        # Asked before the news are read, so that the last of them are not missed.
        is_over = run not in line and story.is_over()
        news = story.news(most)
        while (events := await asyncio.to_thread(next, news, None)) is not None:
            is_over = False
            await send(notification_line("events", EventsOf(request, run, events)))
        if is_over:
            await send(notification_line("events", EventsOf(request, run, [], end=True)))
            return
        most = MOST_NEWS
        await asyncio.sleep(INTERVAL)
