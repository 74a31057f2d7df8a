"""The matrix of models and tasks: what each way of tuning gave, what it cost, and what a model does instead."""

from collections.abc import Awaitable, Callable
from time import monotonic
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from engine.errors import EngineError, InputError
from engine.matrix import AskedQuestion, Group, Matrix
from tui.figures import duration
from tui.matrix_grid import Grid
from tui.matrix_words import cell_words, column_name, model_words, name_of
from tui.plain_text import plain_text
from tui.screens.cell import CellScreen
from tui.screens.curve import CurveScreen
from tui.screens.quiet_screen import QuietScreen
from tui.tasks_curve import curve_of
from tui.widgets.exchange_text import shortened
from tui.widgets.group_legend import GroupLegend
from tui.widgets.heat_map import HeatMap
from tui.widgets.key_line import KeyLine

GetMatrix = Callable[[], Awaitable[Matrix]]
GetAnswers = Callable[[Group, str], Awaitable[list[AskedQuestion]]]
"""Of a group and a task: what was asked and answered."""

VIEW_WORDS = {
    "exact match": "exact match in % · …: some right, but went on",
    "change": "change against what it started from, in % points",
    "did not stop": "right, but did not stop: went on after the answer, in %",
}
NO_CHANGE = "It started from fresh weights, or from a model that is not compared here: no change is known."
WAITING = (
    "Every model is asked the same questions. This takes some seconds a model, and longer while a run goes on. "
    "Esc goes back."
)
EMPTY = (
    "Nothing was asked: the scenario holds no example out. Give a task a share for validation in the scenario file: "
    "Esc goes back, E there edits the file."
)


class CompareScreen(QuietScreen[None]):
    """The heat map, and below it the cell in hand in words."""

    DEFAULT_CSS = """
    CompareScreen {
        & #title { height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
        & #body { height: 1fr; padding: 0 1; }
        & HeatMap { height: auto; max-height: 1fr; }
        & #words { height: auto; margin-top: 1; border-top: solid $border-blurred; }
        & #state { height: 1fr; content-align: center middle; color: $text-muted; padding: 0 4; text-align: center; }
        & #state.-error { color: $text-error; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "n",
            "curve",
            "How many tasks",
            id="compare.curve",
            tooltip="Exact match on unseen tasks by the number of tasks in the mixture.",
        ),
        Binding("ctrl+r", "retry", "Try again", id="compare.retry", tooltip="Ask the models again."),
        Binding("escape", "leave", "Back", id="compare.leave", tooltip="Go back."),
    ]

    def __init__(self, matrix: Matrix | GetMatrix, answers: GetAnswers | None = None, *, title: str = "") -> None:
        """A screen for a matrix.

        Args:
            matrix: what was measured, or what gives it.
            answers: gives the very answers of one cell; None: they cannot be had.
            title: of the scenario.
        """
        super().__init__()
        self._matrix = matrix if isinstance(matrix, Matrix) else None
        self._get = None if isinstance(matrix, Matrix) else matrix
        self._answers = answers
        self._scenario_title = title
        self._failed = False

    def compose(self) -> ComposeResult:
        yield Static("", id="title")
        yield Vertical(id="body")
        yield KeyLine()

    async def on_mount(self) -> None:
        """Show the matrix, or get it first."""
        if self._matrix:
            await self._show(self._matrix)
        else:
            self._start()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The curve needs several mixtures; only what failed can be tried again."""
        if action == "curve":
            return bool(self._matrix and curve_of(self._matrix))
        if action == "retry":
            return self._failed
        return True

    def action_leave(self) -> None:
        """Go back. What is being asked is not waited for."""
        self.dismiss(None)

    def action_retry(self) -> None:
        """Ask again."""
        self._start()

    def action_curve(self) -> None:
        """Show how many tasks it takes."""
        if self._matrix:
            self.app.push_screen(CurveScreen(curve_of(self._matrix)))

    def on_heat_map_moved(self) -> None:
        """Tell about the cell in hand."""
        self._tell()

    def on_heat_map_opened(self, message: HeatMap.Opened) -> None:
        """Show the examples of a task."""
        column, answers = message.column, self._answers
        if answers is None or self._matrix is None or column.task is None:
            self.notify("The answers themselves are not at hand; only their shares were kept.", markup=False)
            return
        group, task = column.group, column.task
        self.app.push_screen(CellScreen(self._matrix, group, task, lambda: answers(group, task)))

    def _start(self) -> None:
        self._failed = False
        self.refresh_bindings()
        self.run_worker(self._load(), exclusive=True, exit_on_error=False)

    async def _load(self) -> None:
        assert self._get
        await self._say(WAITING)
        began = monotonic()

        def tick() -> None:
            for state in self.query("#state").results(Static):
                state.update(f"{WAITING}\n\n{duration(round(monotonic() - began))} so far.")

        ticking = self.set_interval(1, tick)
        try:
            matrix = await self._get()
        except (EngineError, InputError) as error:
            self._failed = True
            await self._say(f"{error}\n\nCtrl+R tries again, Esc goes back.", error=True)
        else:
            self._matrix = matrix
            await self._show(matrix)
        finally:
            ticking.stop()
        self.refresh_bindings()

    async def _say(self, text: str, *, error: bool = False) -> None:
        body = self.query_one("#body")
        await body.remove_children()
        lines = "\n".join(plain_text(line) for line in text.split("\n"))
        await body.mount(Static(lines, id="state", classes="-error" if error else "", markup=False))
        self._retitle("")

    async def _show(self, matrix: Matrix) -> None:
        if not matrix.cells:
            await self._say(EMPTY)
            return
        body = self.query_one("#body")
        await body.remove_children()
        heat_map = HeatMap(Grid(matrix))
        await body.mount(heat_map, Static("", id="words", markup=False), GroupLegend(heat_map.grid.groups()))
        heat_map.focus()

    def _tell(self) -> None:
        heat_map = self.query_one(HeatMap)
        grid, model, column = heat_map.grid, heat_map.model, heat_map.column
        head = Content.assemble((name_of(model), "bold"), "   ", (column_name(column), "bold $accent"))
        lines = [Content(line) for line in cell_words(grid, model, column)]
        figure = grid.figure(model.run, column)
        if heat_map.view == "change" and figure and figure.change is None:
            lines.append(Content(NO_CHANGE))
        lines += [Content.styled(line, "$foreground 60%") for line in model_words(grid, model)]
        self.query_one("#words", Static).update(Content("\n").join([head, *lines]))
        self._retitle(VIEW_WORDS[heat_map.view])

    def _retitle(self, view: str) -> None:
        title = shortened(plain_text(self._scenario_title), max(12, self.size.width - len(view) - 14))
        parts = [("Compare", "bold $accent"), ("  ", ""), (title, "bold")]
        self.query_one("#title", Static).update(Content.assemble(*parts, ("   ", ""), (view, "$foreground 60%")))
