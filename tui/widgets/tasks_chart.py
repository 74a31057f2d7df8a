"""The curve of how many tasks it takes, drawn."""

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from tui.chart_text import head
from tui.tasks_curve import CurvePoint
from tui.widgets.axis import Axis
from tui.widgets.dots import Marks
from tui.widgets.plot import AXIS, Curve, Row, Window, plot
from tui.widgets.series_colours import colour


class TasksChart(Widget):
    """Exact match in percent over the number of tasks in the mixture, which grows by factors."""

    COMPONENT_CLASSES = {"chart--quiet"}
    DEFAULT_CSS = """
    TasksChart { height: 1fr; min-height: 6; }
    TasksChart .chart--quiet { color: $text-muted; }
    """

    def __init__(self, points: Sequence[CurvePoint], *, marks: Marks = "braille", id: str | None = None) -> None:
        super().__init__(id=id)
        unseen = [(float(point.tasks), point.unseen) for point in points]
        own = [(float(point.tasks), point.own) for point in points if point.own is not None]
        self._across = Axis(unseen[0][0], unseen[-1][0], log=True)
        self._curves = [Curve("unseen tasks", unseen), Curve("its own tasks", own, 1)]
        self._marks: Marks = marks
        self._rows: list[Row] = []

    def on_resize(self) -> None:
        """Draw for the new size."""
        window = Window(
            self.size.width, self.size.height - 1, self._across, Axis(0.0, 1.0), self._marks, percent=True, unit="tasks"
        )
        self._rows = [*head(self._curves, self._marks, self.size.width, 1), *plot(self._curves, window)]
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the picture."""
        row = self._rows[y] if y < len(self._rows) else []
        segments = [Segment(text, self._style(pen)) for text, pen in row]
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)

    def _style(self, pen: int) -> Style:
        if pen == AXIS:
            return self.get_component_rich_style("chart--quiet")
        return self.rich_style + Style(color=colour(self.app, self._curves[pen].line))
