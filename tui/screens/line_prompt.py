"""A question that is answered with one line of text."""

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from tui.plain_text import plain_text
from tui.screens.answered_once import Question
from tui.widgets.plain_input import PlainInput


class LinePrompt(Question[str | None]):
    """Ask for a line. Gives the text, or None for Escape."""

    BINDINGS = [Binding("escape", "dismiss(None)", "Cancel", id="line.cancel", tooltip="Change nothing.")]

    def __init__(
        self,
        title: str,
        text: str,
        value: str = "",
        *,
        known: Sequence[str] = (),
        wrong: Callable[[str], str] = lambda value: "",
    ) -> None:
        """A prompt.

        Args:
            title: what is asked for.
            text: what may be answered.
            value: stands there already.
            known: completes what is typed; the right arrow takes it over.
            wrong: says what is wrong with an answer; empty if it is right.
        """
        super().__init__()
        self._title, self._text, self._value = title, text, value
        self._known, self._wrong = known, wrong

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(plain_text(self._title)).markup
            dialog.border_subtitle = "Enter takes it · Esc goes back"
            yield Static(Content(plain_text(self._text)), classes="dialog-text")
            suggester = SuggestFromList(self._known, case_sensitive=False) if self._known else None
            yield PlainInput(self._value, suggester=suggester, select_on_focus=True, compact=True)
            yield Static("", classes="dialog-wrong", markup=False)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Enter: give the answer, unless something is wrong with it."""
        if reason := self._wrong(message.value):
            self.query_one(".dialog-wrong", Static).update(plain_text(reason))
        else:
            self.dismiss(message.value)
