"""A form for how models are asked."""

import math
from collections.abc import Callable
from typing import ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, Static

from tui.answer_settings import AnswerSettings
from tui.plain_text import plain_text
from tui.screens.answered_once import Question
from tui.widgets.plain_input import PlainInput

Number = TypeVar("Number", int, float)

FIELDS = (
    ("temperature", "Temperature", "0 takes the likeliest token; higher draws more freely."),
    ("top_k", "Top-k", "Draw from so many of the likeliest tokens; 0: from all."),
    ("top_p", "Top-p", "Draw from those with this probability together; 1: all."),
    ("seed", "Seed", "The same seed draws the same answer."),
    ("length", "Length", "Tokens at most; empty: as many as the model can hold."),
)


class AnswerSettingsScreen(Question[AnswerSettings | None]):
    """Five numbers. Enter takes them, once they make sense; Escape leaves everything as it was."""

    DEFAULT_CSS = """
    AnswerSettingsScreen {
        & .field { height: 1; }
        & .field Label { width: 14; }
        & .field Input { width: 14; }
        & #help { color: $text-muted; height: 2; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "take", "Take", priority=True, id="answer-settings.take", tooltip="Ask with these from now on."
        ),
        Binding("escape", "leave", "Back", id="answer-settings.leave", tooltip="Leave everything as it was."),
        Binding(
            "up", "app.focus_previous", "Field up", show=False, id="answer-settings.up", tooltip="The field above."
        ),
        Binding(
            "down", "app.focus_next", "Field down", show=False, id="answer-settings.down", tooltip="The field below."
        ),
    ]

    def __init__(self, settings: AnswerSettings) -> None:
        super().__init__()
        self._settings = settings

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "How models are asked"
            dialog.border_subtitle = "Enter takes them · Esc goes back"
            for name, label, _ in FIELDS:
                value = getattr(self._settings, name)
                with Horizontal(classes="field"):
                    yield Label(label)
                    yield PlainInput(
                        "" if value is None else f"{value:g}" if isinstance(value, float) else str(value),
                        id=name,
                        compact=True,
                    )
            yield Static("", id="help", markup=False)
            yield Static("", classes="dialog-wrong", markup=False)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Explain the field."""
        explained = {name: text for name, _, text in FIELDS}
        self.query_one("#help", Static).update(explained.get(event.widget.id or "", ""))

    def action_take(self) -> None:
        """Take what was typed, or say what is wrong with it."""
        texts = {name: self.query_one(f"#{name}", Input).value.strip() for name, _, _ in FIELDS}
        try:
            self.dismiss(read_settings(texts))
        except ValueError as error:
            self.query_one(".dialog-wrong", Static).update(plain_text(str(error)))

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(None)


def read_settings(texts: dict[str, str]) -> AnswerSettings:
    """The settings that were typed.

    Raises:
        ValueError: one of them cannot be; the message says which, and what is expected.
    """
    return AnswerSettings(
        temperature=_number(texts, "temperature", float, lambda n: 0 <= n < math.inf, "a number of at least 0"),
        top_k=_number(texts, "top_k", int, lambda n: n >= 0, "a whole number of at least 0"),
        top_p=_number(texts, "top_p", float, lambda n: 0 < n <= 1, "a number above 0 and at most 1"),
        seed=_number(texts, "seed", int, lambda n: 0 <= n < 2**32, "a whole number from 0 to 4,294,967,295"),
        length=_number(texts, "length", int, lambda n: n >= 1, "a whole number of at least 1, or nothing")
        if texts["length"]
        else None,
    )


def _number(
    texts: dict[str, str], name: str, kind: type[Number], fits: Callable[[Number], bool], expected: str
) -> Number:
    label = next(label for field, label, _ in FIELDS if field == name)
    try:
        number = kind(texts[name])
        if fits(number):
            return number
    except ValueError:
        pass
    raise ValueError(f"{label}: {texts[name] or 'nothing'}; expected {expected}")
