"""Waiting until an app has nothing more to do at this moment.

Textual's pilot sleeps for at least 20 ms after each key, and until the process computes little: that is slow, and on a
machine whose cores are all taken it is too short. Here nothing sleeps: what is ready to run is run until nothing is.
What waits for a thread or for a later moment is not waited for; `tests.tui.picture.settled` waits for threads.
"""

import asyncio
from typing import cast

from textual._context import active_app

ROUNDS = 3
"""Drawing may lead to messages, and these to more to be drawn."""


async def all_handled(min_sleep: float = 0.0, max_sleep: float = 0.0) -> None:
    """Stands in for `textual._wait.wait_for_idle`: handle all messages, draw what is to be drawn."""
    app = active_app.get()
    for _ in range(ROUNDS):
        await _nothing_ready()
        if app.is_running and app.screen_stack:
            app._check_resize()  # both are what a clock does many times a second
            app.screen._on_timer_update()
    await _nothing_ready()


async def _nothing_ready() -> None:
    ready = cast(list[object], asyncio.get_running_loop()._ready)  # type: ignore[attr-defined]
    still = 0
    while still < 2:  # in the first round without work, others may have been woken by the system
        await asyncio.sleep(0)
        still = 0 if ready else still + 1
