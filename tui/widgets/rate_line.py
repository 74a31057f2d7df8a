"""One line that asks for a learning rate."""

import math

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Label


class RateLine(Horizontal):
    """Hidden until it is opened for a run; Enter sends what was typed, Esc leaves everything as it is."""

    DEFAULT_CSS = """
    RateLine { height: 1; display: none; }
    RateLine.-open { display: block; }
    RateLine Label { color: $text-muted; }
    RateLine Input { border: none; padding: 0; height: 1; width: 14; background: $panel; &:focus { border: none; } }
    RateLine #rate-problem { color: $error; padding: 0 0 0 2; width: 1fr; }
    """
    BINDINGS = [Binding("escape", "close", "Leave it", id="rate.close", tooltip="Keep the learning rate as it is.")]

    class Given(Message):
        """A rate above 0 was typed."""

        def __init__(self, run: str, rate: float) -> None:
            self.run = run
            self.rate = rate
            super().__init__()

    class Closed(Message):
        """Nothing is asked any more."""

    _run = ""

    def compose(self) -> ComposeResult:
        yield Label("learning rate ")
        yield Input(id="rate", select_on_focus=True)
        yield Label("", id="rate-problem", markup=False)

    def open(self, run: str, rate: float) -> None:
        """Ask for the rate of this run; it is this now."""
        self._run = run
        self.add_class("-open")
        asked = self.query_one(Input)
        asked.value = f"{rate:g}"
        self.query_one("#rate-problem", Label).update("")
        asked.focus()

    def action_close(self) -> None:
        """Ask no more."""
        self.remove_class("-open")
        self.post_message(self.Closed())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Send the rate, or say what is wrong with it."""
        event.stop()
        try:
            rate = float(event.value)
        except ValueError:
            rate = math.nan
        if not 0 < rate < math.inf:
            self.query_one("#rate-problem", Label).update("✗ a number above 0, such as 0.001")
            return
        self.post_message(self.Given(self._run, rate))
        self.action_close()
