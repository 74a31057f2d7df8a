"""The chart of runs: loss or exact match over the steps, as curves or as a small table."""

from collections.abc import Mapping

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.chart_text import head, values_table
from tui.curves import Kind, curves_of, lines_for
from tui.settings import settings_of
from tui.state import RunView
from tui.widgets.axis import Axis, spanning
from tui.widgets.cells import cut
from tui.widgets.dots import Marks
from tui.widgets.plot import AXIS, CURSOR, Curve, Row, Window, plot
from tui.widgets.series_colours import colour
from tui.widgets.throttle import Throttle

SMOOTHINGS = (0.0, 0.8, 0.95)
"""Weight of the past: none, some, much."""

SMALLEST_ZOOM = 10.0
"""Steps."""

HEAD = 3
"""Lines of the legend at most."""

LOWEST = 4
"""Lines that there are at least; then the curves take all of them, and have no legend."""


class LossChart(Widget, can_focus=True):
    """Curves of one run or of several. `show` takes views as they come; it draws as often as the settings say.

    Each curve has a colour and a line of its own; a run keeps both as long as it is shown.
    """

    COMPONENT_CLASSES = {"chart--quiet", "chart--cursor"}
    DEFAULT_CSS = """
    LossChart { height: 1fr; min-height: 4; }
    LossChart .chart--quiet { color: $text-muted; }
    LossChart .chart--cursor { color: $accent; }
    """
    BINDINGS = [
        Binding("v", "turn_over", "Loss/score", id="chart.kind",
                tooltip="Change between loss and exact match; of several runs also to their training loss."),
        Binding("y", "log", "Log", id="chart.log", show=False, tooltip="Logarithmic or linear loss."),
        Binding("m", "smooth", "Smooth", id="chart.smooth", show=False,
                tooltip="Smooth the training loss of a run: off, some, much."),
        Binding("enter", "table", "Values", id="chart.table", tooltip="Read the same values in a table, or go back."),
        Binding("left", "read(-1)", "Read", id="chart.left", show=False,
                tooltip="Read the values one place to the left."),
        Binding("right", "read(1)", "Read", id="chart.right", show=False,
                tooltip="Read the values one place to the right."),
        Binding("plus,equals_sign", "zoom(0.5)", "Zoom in", id="chart.in", show=False,
                tooltip="Show fewer steps, larger."),
        Binding("minus", "zoom(2)", "Zoom out", id="chart.out", show=False, tooltip="Show more steps."),
        Binding("left_square_bracket", "pan(-1)", "Earlier", id="chart.earlier", show=False,
                tooltip="Show earlier steps."),
        Binding("right_square_bracket", "pan(1)", "Later", id="chart.later", show=False, tooltip="Show later steps."),
        Binding("0", "reset", "Whole", id="chart.whole", show=False, tooltip="Show all steps, without the cursor."),
    ]  # fmt: skip

    def __init__(self, id: str | None = None) -> None:
        """A chart without curves yet."""
        super().__init__(id=id)
        self.kind: Kind = "loss"
        self.logarithmic = False
        self.smoothing = 0
        """Position in `SMOOTHINGS`."""
        self.as_table = False
        self.cursor: float | None = None
        self.empty = ""
        """What to say as long as there are no curves."""
        self._views: Mapping[str, RunView] = {}
        self._lines: dict[str, int] = {}
        self._range: tuple[float, float] | None = None
        self._strips: list[Strip] = []
        self.throttle = Throttle(self, 0.5, self._draw)

    def show(self, views: Mapping[str, RunView], *, empty: str = "") -> None:
        """Show these runs, by their names. `empty` is what to say where there is nothing to draw yet."""
        other_runs, other_words = list(views) != list(self._views), empty != self.empty
        self._views, self.empty = views, empty
        if other_runs:
            self.cursor = self._range = None
            self._lines = lines_for(list(views), self._lines)
            self.refresh_bindings()
        if other_runs or other_words:
            self.throttle.now()
        else:
            self.throttle.ask()

    @property
    def facts(self) -> str:
        """What is shown, in a few words."""
        if self.kind == "exact match":
            parts = ["exact match in %"]
        elif self._is_several:
            parts = ["held-out loss" if self.kind == "loss" else "training loss, smoothed"]
        else:
            parts = ["loss"] + [("", "smooth", "very smooth")[self.smoothing]] * bool(self.smoothing)
        parts += ["log"] * (self.logarithmic and self.kind != "exact match")
        parts += ["zoomed"] * (self._range is not None)
        return " · ".join(parts)

    @property
    def _is_several(self) -> bool:
        return len(self._views) > 1

    def key_word(self, binding: Binding) -> str:
        """What a key does at this moment: without curves, nothing."""
        return binding.description if self._views else ""

    # --- keys ---------------------------------------------------------------------------------------------------------

    def action_turn_over(self) -> None:
        """The next kind of curves."""
        if self.kind == "loss" and self._is_several:
            self.kind = "training loss"
        else:
            self.kind = "loss" if self.kind == "exact match" else "exact match"
        self.throttle.now()

    def action_log(self) -> None:
        """Logarithmic or linear."""
        self.logarithmic = not self.logarithmic
        self.throttle.now()

    def action_smooth(self) -> None:
        """The next smoothing."""
        self.smoothing = (self.smoothing + 1) % len(SMOOTHINGS)
        self.throttle.now()

    def action_table(self) -> None:
        """Curves or table."""
        self.as_table = not self.as_table
        self.throttle.now()

    def action_read(self, places: int) -> None:
        """Move the cursor; it begins at the newest step."""
        low, high = self._shown_range()
        width = (high - low) / max(1, self.size.width - 6)
        start = self.cursor if self.cursor is not None else min(high, self._newest()) - places * width
        self._read_at(start + places * width)

    def action_zoom(self, factor: float) -> None:
        """Show so many times the steps, around the cursor or up to the newest step."""
        low, high = self._shown_range()
        middle = self.cursor if self.cursor is not None else high
        share = (middle - low) / (high - low)
        length = max(SMALLEST_ZOOM, (high - low) * factor)
        self._move_to(middle - share * length, length)

    def action_pan(self, direction: int) -> None:
        """Move by a quarter of what is shown."""
        low, high = self._shown_range()
        self._move_to(low + direction * (high - low) / 4, high - low)

    def action_reset(self) -> None:
        """All steps, no cursor."""
        self._range = self.cursor = None
        self.throttle.now()

    def on_click(self, event: events.Click) -> None:
        """Read the values under the mouse."""
        low, high = self._shown_range()
        gutter = max(0, self.size.width - self._columns)
        self._read_at(low + (event.x - gutter) / max(1, self._columns - 1) * (high - low))

    def _read_at(self, step: float) -> None:
        """Put the cursor at a step that is shown, not beyond the newest: there is nothing to read yet."""
        low, high = self._shown_range()
        self.cursor = max(low, min(high, self._newest(), step))
        self.throttle.now()

    def _newest(self) -> float:
        return max((view.step for view in self._views.values()), default=0)

    def _move_to(self, low: float, length: float) -> None:
        first, last = self._whole_range()
        low = max(first, min(low, last - length))
        self._range = None if length >= last - first else (low, low + length)
        if self.cursor is None:
            self.throttle.now()
        else:
            self._read_at(self.cursor)

    # --- drawing ------------------------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """Draw for the new size."""
        self.throttle.now()

    def notify_style_update(self) -> None:
        """Draw in the new colours."""
        super().notify_style_update()
        if self.is_mounted:
            self._draw()

    def render_line(self, y: int) -> Strip:
        """A line of the picture that was drawn last."""
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.rich_style)

    def curves(self) -> list[Curve]:
        """What is drawn."""
        return curves_of(self.kind, self._views, self._lines, SMOOTHINGS[self.smoothing])

    def _draw(self) -> None:
        width, height = self.size
        if not width or not height:
            return
        settings = settings_of(self.app)
        self.throttle.seconds = 1 / settings.chart_updates
        self._marks = settings.chart_marks
        curves = self.curves()
        strips = [self._strip(row, curves, width) for row in self._rows(curves, width, height)]
        # Over a slow line every row counts: only those that changed are sent.
        former, self._strips = self._strips, strips
        changed = [y for y in range(max(len(strips), len(former))) if strips[y : y + 1] != former[y : y + 1]]
        self.refresh(*(Region(0, y, width, 1) for y in changed))

    def _rows(self, curves: list[Curve], width: int, height: int) -> list[Row]:
        if not curves:
            is_trained = any(view.losses for view in self._views.values())
            words = cut("No answers were checked yet. v shows the loss." if is_trained else self.empty, width)
            return [*([[]] * max(0, (height - 1) // 2)), [(" " * ((width - cell_len(words)) // 2) + words, AXIS)]]
        percent = self.kind == "exact match"
        if self.as_table:
            lines = values_table(curves, height, width, percent=percent).splitlines()
            gap = " " * (width - cell_len(lines[0]) - len(self.facts))
            lines[0] += f"{gap}{self.facts}" if len(gap) > 1 else ""
            return [[(line, AXIS if number == 0 else len(curves))] for number, line in enumerate(lines)]
        above: list[Row] = []
        if height > LOWEST or self.cursor is not None:
            most = min(HEAD, max(1, (height - LOWEST) // 2))
            facts = self.facts if self.cursor is None else ""  # the values take its room
            above = head(curves, self._marks, width, most, facts=facts, step=self.cursor, percent=percent)
        rows = plot(curves, self._window(curves, width, height - len(above)))
        self._columns = width - len(rows[0][0][0])
        return [*above, *rows]

    def _window(self, curves: list[Curve], width: int, height: int) -> Window:
        low, high = self._shown_range()
        seen = [value for curve in curves for step, value in curve.points if low <= step <= high and value == value]
        percent = self.kind == "exact match"
        finite = [value for value in seen if abs(value) != float("inf")]
        up = Axis(0.0, 1.0) if percent else spanning(finite, log=self.logarithmic)
        return Window(width, height, Axis(low, high), up, self._marks, percent, self.cursor)

    _marks: Marks = "braille"
    _columns = 1
    """Of the last picture, without the axis."""

    def _shown_range(self) -> tuple[float, float]:
        return self._range or self._whole_range()

    def _whole_range(self) -> tuple[float, float]:
        """From 0 to the last step; while runs go on in jumps of an eighth, so that the picture stays still between."""
        last = 1.0
        for view in self._views.values():
            jump = view.steps / 8
            grows = view.live and jump > 0
            last = max(last, min(view.steps, -(-view.step // jump) * jump) if grows else view.step)
        return 0.0, max(last, SMALLEST_ZOOM)

    def _strip(self, row: Row, curves: list[Curve], width: int) -> Strip:
        segments, room = [], width
        for text, pen in row:
            if cell_len(text) > room:
                text = cut(text.rstrip(), room) if room else ""
            room -= cell_len(text)
            segments.append(Segment(text, self._style(pen, curves)))
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def _style(self, pen: int, curves: list[Curve]) -> Style:
        if pen == AXIS:
            return self.get_component_rich_style("chart--quiet")
        if pen == CURSOR:
            return self.get_component_rich_style("chart--cursor")
        if pen >= len(curves):
            return self.rich_style
        return self.rich_style + Style(color=colour(self.app, curves[pen].line))
