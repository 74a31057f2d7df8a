"""Words to look for and words to put in their place, in many examples at once."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Input, Label, Static

from engine.examples import counted
from tui.screens.answered_once import Question
from tui.widgets.plain_input import PlainInput


class ReplaceForm(Question[tuple[str, str] | None]):
    """Gives what to replace and by what, or None for Escape."""

    BINDINGS = [Binding("escape", "dismiss(None)", "Cancel", id="replace.cancel", tooltip="Change nothing.")]

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Replace words"
            dialog.border_subtitle = "Enter goes on · Esc goes back"
            text = f"In instructions and responses of {counted(self.count)}, capitals as typed."
            yield Static(text, classes="dialog-text", markup=False)
            yield Label("These words")
            yield PlainInput(id="old", compact=True)
            yield Label("become")
            yield PlainInput(id="new", compact=True)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Enter in the first line goes on to the second; in the second it replaces."""
        old, new = self.query_one("#old", Input), self.query_one("#new", Input)
        if message.input is old:
            new.focus()
        elif old.value:
            self.dismiss((old.value, new.value))
