"""A question with a few answers, each with a key of its own."""

from collections.abc import Sequence
from typing import NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.plain_text import plain_lines, plain_text
from tui.screens.answered_once import Question


class Answer(NamedTuple):
    """One of the answers to choose from."""

    key: str
    """A letter that chooses it."""
    label: str
    value: str
    """What the screen gives back."""


class ChoiceScreen(Question[str | None]):
    """Ask a question. Gives the value of the chosen answer, or None for Escape."""

    BINDINGS = [Binding("escape", "dismiss(None)", "Cancel", id="choice.cancel", tooltip="Change nothing.")]

    def __init__(self, title: str, text: str, answers: Sequence[Answer]) -> None:
        super().__init__()
        self._title, self._text, self._answers = title, text, list(answers)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(plain_text(self._title)).markup
            dialog.border_subtitle = "Enter chooses · Esc goes back"
            yield Static(Content(plain_lines(self._text)), classes="dialog-text")
            yield OptionList(
                *(
                    Option(Content.assemble((f" {key} ", "bold $accent"), f" {plain_text(label)}"))
                    for key, label, _ in self._answers
                )
            )

    def on_key(self, event: events.Key) -> None:
        """A letter chooses its answer at once."""
        for answer in self._answers:
            if event.key == answer.key:
                event.stop()
                self.dismiss(answer.value)
                return

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Enter or a click chooses."""
        self.dismiss(self._answers[message.option_index].value)
