"""When the app looks for objects that nothing uses any more."""

import gc

from textual.message_pump import MessagePump

SECONDS = 60.0
"""Between two looks through all objects that were made since the start."""

NEVER = 2**31 - 1


def collect_calmly(app: MessagePump) -> None:
    """What has been made so far stays to the end; what comes is looked through once a minute, between two drawings.

    By itself the collector would walk through all objects again and again, in the midst of whatever is drawn. It was
    switched off until now (`tui.commands.start`).
    """
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, NEVER)
    gc.enable()
    app.set_interval(SECONDS, collect)


def collect() -> None:
    """Look through them. Textual calls no function that is written in C."""
    gc.collect()
