"""The first frame: the frames of the three panes, as they stand on the main screen, until that is imported."""

from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.widgets import Static

from tui.screens.quiet_screen import QuietScreen
from tui.widgets.key_line import KeyLine

PANES = ("examples", "training", "console")
"""Their ids, in the order of the keys 1 to 3."""


def title_of(name: str) -> str:
    """`1 Examples`: a pane's key and its name."""
    return f"{PANES.index(name) + 1} {name.capitalize()}"


class OpeningScreen(QuietScreen[None]):
    """It has nothing in it."""

    HORIZONTAL_BREAKPOINTS = [(0, "-tiny-width"), (60, "-narrow"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-tiny-height"), (16, "-low"), (28, "-high")]

    def compose(self) -> ComposeResult:
        yield Static("tunetui", id="opening-line")
        examples, training, console = (Static(id=name, classes="pane") for name in PANES)
        examples.border_title, training.border_title, console.border_title = map(title_of, PANES)
        examples.add_class("-current")
        with Container(id="panes"):
            with Horizontal(id="upper"):
                yield examples
                yield training
            yield console
        yield KeyLine()
