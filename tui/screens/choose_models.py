"""Which models the console asks."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import SelectionList, Static
from textual.widgets.selection_list import Selection

from tui.exchange import AskableModel
from tui.plain_text import plain_text
from tui.screens.answered_once import Question


class ChooseModelsScreen(Question[tuple[str, ...] | None]):
    """A list to tick. Enter takes the ticked ones; Escape leaves everything as it was."""

    DEFAULT_CSS = """
    ChooseModelsScreen {
        & SelectionList { border: none; height: auto; max-height: 16; background: $surface; padding: 0; }
        & SelectionList:focus { border: none; }
        & SelectionList > .selection-list--button, & SelectionList > .selection-list--button-highlighted {
            color: $panel;
            background: $panel;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "take",
            "Take",
            priority=True,
            id="choose-models.take",
            tooltip="Ask the ticked models from now on.",
        ),
        Binding("j", "down", "Down", show=False, id="choose-models.down", tooltip="The model below."),
        Binding("k", "up", "Up", show=False, id="choose-models.up", tooltip="The model above."),
        Binding("escape", "leave", "Back", id="choose-models.leave", tooltip="Leave everything as it was."),
    ]

    def __init__(self, models: Sequence[AskableModel], chosen: Sequence[str]) -> None:
        super().__init__()
        self._models = models
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Which models are asked"
            dialog.border_subtitle = (
                "Space ticks · Enter takes them · Esc goes back" if self._models else "Esc goes back"
            )
            if self._models:
                yield Static("They answer the same prompt side by side.", classes="dialog-text")
                yield SelectionList[str](
                    *(
                        Selection(Content(plain_text(model.name)), model.ref, model.ref in self._chosen)
                        for model in self._models
                    )
                )
            else:
                yield Static(
                    "There is no model yet. t beside the examples trains one, o opens a scenario that has a base.",
                    markup=False,
                )

    def action_take(self) -> None:
        """Take the ticked ones, in the order of the list."""
        ticked = set(self.query_one(SelectionList).selected) if self._models else set()
        self.dismiss(tuple(model.ref for model in self._models if model.ref in ticked) or None)

    def action_down(self) -> None:
        """Go down."""
        if self._models:
            self.query_one(SelectionList).action_cursor_down()

    def action_up(self) -> None:
        """Go up."""
        if self._models:
            self.query_one(SelectionList).action_cursor_up()

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(None)
