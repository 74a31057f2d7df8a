"""One example to be edited: instruction and response over as many lines as they need, task, split."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.suggester import SuggestFromList
from textual.widgets import Input, Label, Select, TextArea

from engine.examples import SPLITS, Example, Split
from tui.screens.answered_once import Question
from tui.screens.choice import Answer, ChoiceScreen
from tui.widgets.key_line import KeyLine
from tui.widgets.plain_input import PlainInput
from tui.widgets.text_editor import TextEditor

DRAWN = "drawn"
"""What a split that is not stated is called here."""


class ExampleForm(Question[Example | None]):
    """Edit an example. Gives the new one, or None where nothing is to change."""

    BINDINGS = [
        Binding("ctrl+s", "keep", "Done", id="form.keep", priority=True, tooltip="Take the example as it stands here."),
        Binding("escape", "leave", "Cancel", id="form.leave", tooltip="Back to the list; asks if something was typed."),
    ]

    def __init__(
        self,
        example: Example,
        tasks: Sequence[str],
        title: str,
        take: Callable[[Example | None], None],
        *,
        proposed: bool = False,
    ) -> None:
        """A form with this example in it.

        Args:
            example: what stands in it at first.
            tasks: the names to choose from.
            title: what the form is for.
            take: what is done with the result, also when the terminal goes.
            proposed: give the example back also where nothing was typed.
        """
        super().__init__()
        self.example, self.tasks, self.form_title, self.proposed = example, tasks, title, proposed
        self._take = take

    def open_on(self, app: App[Any]) -> None:
        """Show the form."""
        app.push_screen(self, self._take)

    def rescue(self) -> None:
        """The terminal is gone: what was typed becomes an edit, which the next start offers."""
        if self._typed:
            self._take(self.edited())

    def compose(self) -> ComposeResult:
        with Vertical(id="form") as form:
            form.border_title = self.form_title
            yield Label("Instruction: what is asked")
            yield TextEditor(self.example.instruction, id="instruction", tab_behavior="focus")
            yield Label("Response: the answer it should get")
            yield TextEditor(self.example.response, id="response", tab_behavior="focus")
            with Horizontal(id="form-last"):
                with Vertical():
                    yield Label("Task: a name that groups examples")
                    suggester = SuggestFromList(self.tasks, case_sensitive=False)
                    yield PlainInput(self.example.task, id="task", suggester=suggester, compact=True)
                with Vertical():
                    yield Label("Split: learnt from, or held out")
                    yield Select(
                        [("drawn when it is trained", DRAWN), *((name, name) for name in SPLITS)],
                        value=self.example.split or DRAWN,
                        allow_blank=False,
                        id="split",
                        compact=True,
                    )
            yield KeyLine()

    def edited(self) -> Example:
        """The example as the form has it; fields that the form does not show stay."""
        chosen = self.query_one("#split", Select).value
        split: Split | str = "" if chosen == DRAWN else str(chosen)
        return msgspec.convert(
            msgspec.structs.asdict(self.example)
            | {
                "instruction": self.query_one("#instruction", TextArea).text,
                "response": self.query_one("#response", TextArea).text,
                "task": self.query_one("#task", Input).value.strip(),
                "split": split,
            },
            Example,
        )

    @property
    def _typed(self) -> bool:
        # As tuples: an example that is marked as deleted is of a type of its own.
        return msgspec.structs.astuple(self.edited()) != msgspec.structs.astuple(self.example)

    def action_keep(self) -> None:
        """Give the example back."""
        self.dismiss(self.edited() if self.proposed or self._typed else None)

    async def action_leave(self) -> None:
        """Leave; ask first where something was typed."""
        if not self._typed:
            self.dismiss(None)
            return
        question = ChoiceScreen(
            "Keep what you typed?",
            "The example is not as it was.",
            [Answer("k", "Keep it", "keep"), Answer("d", "Drop it", "drop"), Answer("b", "Back to the form", "")],
        )

        def answered(answer: str | None) -> None:
            if answer == "keep":
                self.action_keep()
            elif answer == "drop":
                self.dismiss(None)

        self.app.push_screen(question, answered)

    def on_input_submitted(self) -> None:
        """Enter in the line of the task is as good as ctrl+s."""
        self.action_keep()
