"""The run that goes on, in a few words for the first line: its name, a bar, the share, the time, the device."""

from textual.content import Content

from engine.requests import Connection
from tui.figures import duration
from tui.plain_text import plain_text
from tui.run_words import COLOURS, MARKS
from tui.state import RunView
from tui.widgets.run_figures import bar, megabytes

BAR = 14


def run_progress(view: RunView | None, connection: Connection, memory: int = 0, *, narrow: bool = False) -> Content:
    """What stands right in the first line; how it stands with the engine where no run goes on.

    `memory` is what the engine takes, in bytes. A `narrow` line has neither bar nor device nor memory.
    """
    if view is None or connection == "gone":
        words = {"connected": "engine ready", "connecting": "the engine starts…", "gone": "✗ no engine"}
        return Content.styled(words[connection], "$error" if connection == "gone" else "$secondary")
    done, rest = bar(view.share, BAR)
    colour = COLOURS[view.state]
    time = "" if view.seconds < 1 else f"  {duration(round(view.seconds))}"
    name = Content.assemble((f"{MARKS[view.state]} ", colour), plain_text(view.tuning))
    share = (f"  {int(view.share * 100)} %{time}", "$secondary")
    if narrow:
        return Content.assemble(name, share)
    place = " ".join([plain_text(view.device), *([megabytes(memory)] if memory else [])]).strip()
    return Content.assemble(
        name,
        "  ",
        (done, colour),
        (rest, "$border-blurred"),
        share,
        (f"  {place}" if place else "", "$secondary"),
    )
