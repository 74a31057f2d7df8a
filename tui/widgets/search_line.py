"""A line to type words to look for: the sign of its key stands before it, so that it is no row of the list below."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from tui.widgets.plain_input import PlainInput


class SearchLine(Horizontal):
    """Holds the input, which has the given id."""

    DEFAULT_CSS = """
    SearchLine {
        height: 1;
        background: $panel;
        & Static { width: 2; color: $accent; }
        & Input { width: 1fr; background: $panel; }
    }
    """

    def __init__(self, placeholder: str, input_id: str) -> None:
        super().__init__()
        self._placeholder, self._input_id = placeholder, input_id

    def compose(self) -> ComposeResult:
        yield Static("/")
        yield PlainInput(placeholder=self._placeholder, id=self._input_id, compact=True)
