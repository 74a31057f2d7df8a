"""How many tasks it takes to follow instructions: the curve of several runs, and the same as a table."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from tui.matrix_text import whole_percent
from tui.screens.quiet_screen import QuietScreen
from tui.table import table
from tui.tasks_curve import CurvePoint
from tui.widgets.key_line import KeyLine
from tui.widgets.tasks_chart import TasksChart

EXPLAINED = (
    "Each point is a model that was instructed with so many tasks. Its own tasks it learns in any case. Tasks that it "
    "was never instructed with it does only after enough others: then it has learnt that an instruction names a task."
)


class CurveScreen(QuietScreen[None]):
    """Exact match over the number of tasks in the mixture."""

    DEFAULT_CSS = """
    CurveScreen {
        & #title { height: auto; padding: 0 1; margin-bottom: 1; }
        & TasksChart { height: 1fr; margin: 0 1; }
        & #table { height: auto; margin: 1 1 0 1; padding: 0; border-top: solid $border-blurred; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="curve.leave", tooltip="Go back to the matrix."),
    ]

    def __init__(self, points: Sequence[CurvePoint]) -> None:
        super().__init__()
        self._points = points

    def compose(self) -> ComposeResult:
        head = ("How many tasks does it take?", "bold $accent")
        unit = ("   exact match in % by tasks in the mixture", "$foreground 60%")
        yield Static(Content.assemble(head, unit, "\n", (EXPLAINED, "$foreground 60%")), id="title")
        yield TasksChart(self._points)
        yield Static(values(self._points), id="table", markup=False)
        yield KeyLine()

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)


def values(points: Sequence[CurvePoint]) -> str:
    """The points as a table, one column each."""
    header = ["tasks", *(f"{point.tasks}" for point in points)]
    rows = [
        ["unseen tasks", *(whole_percent([point.unseen]) for point in points)],
        ["its own tasks", *(whole_percent([] if point.own is None else [point.own]) for point in points)],
    ]
    if any(point.runs > 1 for point in points):
        rows.append(["runs", *(str(point.runs) for point in points)])
    return table(header, rows, right=header[1:])
