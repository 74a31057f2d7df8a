"""The very examples behind a cell of the matrix: what was asked, what is right, what each model said."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.theme import Theme
from textual.widgets import DataTable, Static

from engine.errors import EngineError, InputError
from engine.matrix import AskedQuestion, ComparedModel, GivenAnswer, Group, Matrix
from tui.matrix_words import EXPLAINED, name_of, title_of
from tui.plain_text import plain_text
from tui.screens.quiet_screen import QuietScreen
from tui.widgets.cells import middle_cut
from tui.widgets.exchange_text import shortened
from tui.widgets.key_line import KeyLine

ANSWER = 26
"""Cells of an answer at most, its sign not counted."""


class CellScreen(QuietScreen[None]):
    """One line an example, one column a model; wrong answers are told with the task that they look like."""

    DEFAULT_CSS = """
    CellScreen {
        & #title { height: auto; padding: 0 1; margin-bottom: 1; }
        & DataTable { height: 1fr; margin: 0 1; background: transparent; scrollbar-size: 1 1; }
        & DataTable > .datatable--header { background: transparent; color: $text-muted; }
        & DataTable:focus > .datatable--cursor, & DataTable:focus > .datatable--fixed-cursor {
            background: $panel;
            color: $foreground;
            text-style: bold;
        }
        & DataTable:ansi:focus > .datatable--cursor, & DataTable:ansi:focus > .datatable--fixed-cursor {
            text-style: bold reverse;
        }
        & DataTable:ansi > .datatable--header { background: ansi_default; }
        & DataTable > .datatable--fixed { background: transparent; }
        & #whole { height: auto; max-height: 8; padding: 0 1; border-top: solid $border-blurred; }
        & #state { height: 1fr; content-align: center middle; color: $text-muted; padding: 0 4; text-align: center; }
        & #state.-error { color: $text-error; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "table('cursor_down')", "Down", show=False, id="cell.down", tooltip="The next example."),
        Binding("k", "table('cursor_up')", "Up", show=False, id="cell.up", tooltip="The example before."),
        Binding("escape", "leave", "Back", id="cell.leave", tooltip="Go back to the matrix."),
    ]

    def __init__(
        self, matrix: Matrix, group: Group, task: str, get: Callable[[], Awaitable[list[AskedQuestion]]]
    ) -> None:
        super().__init__()
        self._models = {model.run: model for model in matrix.models}
        self._group: Group = group
        self._task_name = task
        self._get = get
        self._asked: list[AskedQuestion] = []

    def compose(self) -> ComposeResult:
        title = f"{title_of(self._group)}: {plain_text(self._task_name) or 'no task'}"
        yield Static(
            Content.assemble((title, "bold $accent"), "   ", (EXPLAINED[self._group], "$foreground 60%")), id="title"
        )
        yield Static("The models are asked once more…", id="state", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Get the answers."""
        self.run_worker(self._load(), exclusive=True, exit_on_error=False)

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)

    def action_table(self, name: str) -> None:
        """Move the cursor of the table."""
        for table in self.query(DataTable):
            getattr(table, f"action_{name}")()

    def on_data_table_row_highlighted(self, message: DataTable.RowHighlighted) -> None:
        """Tell the example in hand in full."""
        asked = self._asked[message.cursor_row]
        lines = [
            Content.assemble(
                (plain_text(asked.text), "bold"), ("   right: ", "$foreground 60%"), plain_text(asked.response)
            )
        ]
        if asked.then:
            lines.append(Content.styled(f"then: {plain_text(asked.then)}", "$foreground 60%"))
        width = max((cell_len(self._called(answer)) for answer in asked.answers), default=0)
        for answer in asked.answers:
            lines.append(Content.assemble((_padded(self._called(answer), width + 3), "$foreground 60%"), told(answer)))
        self.query_one("#whole", Static).update(Content("\n").join(lines))

    async def _load(self) -> None:
        state = self.query_one("#state", Static)
        try:
            self._asked = await self._get()
        except (EngineError, InputError) as error:
            state.add_class("-error")
            state.update("\n".join(plain_text(line) for line in str(error).split("\n")) + "\n\nEsc goes back.")
            return
        if not self._asked:
            state.update("Nothing was asked here. Esc goes back.")
            return
        table = self._table()
        await state.remove()
        await self.mount(table, Static("", id="whole", markup=False), before=self.query_one(KeyLine))
        table.focus()

    def _table(self) -> DataTable[Text]:
        table = DataTable[Text](cursor_type="row", fixed_columns=1, header_height=2)
        runs = [answer.run for answer in max((asked.answers for asked in self._asked), key=len)]
        table.add_column(Text("\nasked"))
        table.add_column(Text("\nright"))
        for run in runs:
            right = sum(answer.exact for asked in self._asked for answer in asked.answers if answer.run == run)
            name = name_of(self._models[run]) if run in self._models else plain_text(run)
            table.add_column(Text(f"{middle_cut(name, ANSWER)}\n{right} of {len(self._asked)} right"))
        for asked in self._asked:
            given = {answer.run: answer for answer in asked.answers}
            answers = [cell_text(given[run], self.app.current_theme) if run in given else Text("·") for run in runs]
            table.add_row(
                Text(shortened(plain_text(asked.text), 44)), Text(shortened(plain_text(asked.response), 20)), *answers
            )
        return table

    def _called(self, answer: GivenAnswer) -> str:
        model: ComparedModel | None = self._models.get(answer.run)
        return name_of(model) if model else plain_text(answer.run)


def cell_text(answer: GivenAnswer, theme: Theme) -> Text:
    """`tac ✓`, `CAT ✗ upper`, `tactac… ✗`: an answer in a table."""
    said = shortened(plain_text(answer.text) or "∅", ANSWER)
    if answer.exact:
        return Text.assemble(said, (" ✓", _rich(theme.success)))
    if answer.did_not_stop:
        return Text.assemble(said, "… ", ("✗", _rich(theme.error)))
    looks_like = f" {plain_text(answer.right_for[0])}" if answer.right_for else ""
    return Text.assemble(said, (" ✗", _rich(theme.error)), (looks_like, "dim"))


def _rich(color: str | None) -> str:
    """A colour of a theme as Rich writes it."""
    return (color or "").removeprefix("ansi_")


def told(answer: GivenAnswer) -> Content:
    """An answer in full, and what is to be said about it."""
    parts: list[tuple[str, str]] = []
    if answer.first:
        parts.append((f"{plain_text(answer.first)} → ", "$foreground 60%"))
    parts.append((plain_text(answer.text) or "∅", ""))
    if answer.exact:
        parts.append((" ✓", "$text-success"))
    elif answer.did_not_stop:
        parts.append((" ✗ right, but did not stop", "$text-warning"))
    else:
        parts.append((" ✗", "$text-error"))
        if answer.right_for:
            tasks = ", ".join(map(plain_text, answer.right_for))
            parts.append((f" the right answer to {tasks}", "$foreground 60%"))
    return Content.assemble(*parts)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))
