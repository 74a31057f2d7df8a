"""Models down, tasks across in groups, a number in every cell: the matrix to walk through."""

from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from engine.matrix import ComparedModel, Group
from tui.matrix_grid import Grid, GridColumn
from tui.matrix_words import name_of, title_of
from tui.widgets.cells import middle_cut
from tui.widgets.exchange_text import NAME, NARROW_NAME
from tui.widgets.heat_map_cells import HEADER_LINES, VIEWS, Slot, View, cell_content, header_lines, slots


class HeatMap(ScrollView, can_focus=True):
    """The names of the models and the headers stay in sight; the rest scrolls under them."""

    DEFAULT_CSS = """
    HeatMap { scrollbar-size: 1 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "open",
            "Open",
            id="compare.open",
            tooltip="The examples of a task and what every model answered; of a group its tasks.",
        ),
        Binding(
            "space",
            "tasks",
            "Tasks",
            id="compare.tasks",
            tooltip="Show a group task by task, or as one mean.",
        ),
        Binding(
            "v",
            "view",
            "Next view",
            id="compare.view",
            tooltip="Exact match, change against what it started from, or right but did not stop.",
        ),
        Binding("up,k", "move(-1, 0)", "Up", show=False, id="compare.up", tooltip="The model above."),
        Binding("down,j", "move(1, 0)", "Down", show=False, id="compare.down", tooltip="The model below."),
        Binding("left,h", "move(0, -1)", "Left", show=False, id="compare.left", tooltip="The column to the left."),
        Binding("right,l", "move(0, 1)", "Right", show=False, id="compare.right", tooltip="The column to the right."),
        Binding("home,g", "move(0, -9999)", "First", show=False, id="compare.first", tooltip="The first column."),
        Binding("end,G", "move(0, 9999)", "Last", show=False, id="compare.last", tooltip="The last column."),
    ]

    class Moved(Message):
        """Another cell is in hand, or it is seen in another way."""

    class Opened(Message):
        """The examples of a task are wanted."""

        def __init__(self, column: GridColumn) -> None:
            super().__init__()
            self.column = column

    def __init__(self, grid: Grid, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.grid = grid
        self.view: View = VIEWS[0]
        self._opened: set[Group] | None = None  # None: not settled, for the width is not known yet
        self._slots: list[Slot] = []
        self._row = self._at = 0

    @property
    def model(self) -> ComparedModel:
        """The one in hand."""
        return self.grid.models[self._row]

    @property
    def column(self) -> GridColumn:
        """The one in hand."""
        return self._slots[self._at].column if self._slots else self.grid.columns(())[0]

    def on_resize(self) -> None:
        """Lay out anew; at first open as many groups as fit."""
        if self.size.width and self._opened is None:
            self._opened = set()
            for group in self.grid.groups():
                wider = {*self._opened, group}
                if self._names_width() + self._slots_for(wider)[-1].right <= self.scrollable_content_region.width:
                    self._opened = wider
        self._arrange()

    def action_move(self, down: int, right: int) -> None:
        """Go to another cell."""
        self._row = max(0, min(self._row + down, len(self.grid.models) - 1))
        self._at = max(0, min(self._at + right, len(self._slots) - 1))
        self._arrange()

    def action_view(self) -> None:
        """Show the next measure."""
        self.view = VIEWS[(VIEWS.index(self.view) + 1) % len(VIEWS)]
        self._arrange()

    def action_tasks(self) -> None:
        """Open or close the group in hand."""
        group = self.column.group
        self._opened = (self._opened or set()) ^ {group}
        columns = self.grid.columns(self._opened)
        self._at = columns.index(GridColumn(group))
        self._arrange()

    def action_open(self) -> None:
        """Show the examples of a task; of a mean the tasks."""
        if self.column.task is None:
            self.action_tasks()
        else:
            self.post_message(self.Opened(self.column))

    def on_click(self, event: events.Click) -> None:
        """Take the cell under the mouse in hand."""
        x = event.x - self._names_width() + self.scroll_offset.x
        row = event.y - HEADER_LINES + self.scroll_offset.y
        at = next((i for i, slot in enumerate(self._slots) if slot.left <= x < slot.right), None)
        if (
            event.y >= HEADER_LINES
            and event.x >= self._names_width()
            and at is not None
            and row < len(self.grid.models)
        ):
            self._row, self._at = row, at
            self._arrange()

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        names = self._names_width()
        if y < HEADER_LINES:
            name, cells = Content(" " * names), self._header(y)
        elif (row := y - HEADER_LINES + self.scroll_offset.y) < len(self.grid.models):
            name, cells = self._name_cell(row, names), self._cells(row)
        else:
            return Strip.blank(width, self.rich_style)
        total = max(width, self._slots[-1].right if self._slots else 0)
        left = self.scroll_offset.x
        fixed, moving = self._strip(name, names), self._strip(cells, total)
        return Strip.join([fixed, moving.crop(left, left + width - names)])

    def _strip(self, content: Content, width: int) -> Strip:
        return Visual.to_strips(self, content, width, 1, self.visual_style, apply_selection=False, pad=True)[0]

    def _names_width(self) -> int:
        most = NAME if self.size.width >= 90 else NARROW_NAME
        return 4 + min(most, max(cell_len(name_of(model)) for model in self.grid.models))

    def _slots_for(self, opened: set[Group]) -> list[Slot]:
        return slots(self.grid.columns(opened), set(opened), bool(self.grid.matrix.lost) and self.view == "exact match")

    def _name_cell(self, row: int, width: int) -> Content:
        name = middle_cut(name_of(self.grid.models[row]), width - 4)
        if row == self._row:
            return Content.assemble(("▌ ", "$accent" if self.has_focus else "$foreground 50%"), (name, "bold"))
        return Content.assemble("  ", (name, "$foreground 65%"))

    def _cells(self, row: int) -> Content:
        line = Content("")
        for at, slot in enumerate(self._slots):
            figure = self.grid.figure(self.grid.models[row].run, slot.column)
            in_hand = row == self._row
            is_cursor = in_hand and at == self._at
            # The sixteen colours of a terminal cannot be mixed: there the numbers stand alone.
            is_shaded = not self.app.native_ansi_color
            cell = cell_content(slot, figure, self.view, in_hand=in_hand, is_cursor=is_cursor, is_shaded=is_shaded)
            line = line.pad_right(slot.left - line.cell_length) + cell
        return line

    def _header(self, y: int) -> Content:
        line = Content("")
        opened = self._opened or set()
        for at, slot in enumerate(self._slots):
            column, is_open = slot.column, slot.column.group in opened
            style = "bold $accent" if at == self._at else "bold" if column.is_mean else "$foreground 65%"
            line = line.pad_right(max(0, slot.left - line.cell_length))
            if y > 0:
                text = header_lines(column, is_open)[y - 1]
                line += Content.styled(" " * (slot.number - 1 - cell_len(text)) + text, style)
                if slot.change and y == 2:
                    line = line.pad_right(slot.right - 4 - line.cell_length) + Content.styled("lost", "$foreground 65%")
            elif is_open and column.is_mean:
                right = max(s.right for s in self._slots if s.column.group == column.group)
                title = title_of(column.group)
                rule = "─" * max(0, right - slot.left - cell_len(title) - 1)
                line += Content.assemble((title, "bold"), " ", (rule, "$foreground 30%"))
        return line

    def _arrange(self) -> None:
        if self._opened is None:
            return
        self._slots = self._slots_for(self._opened)
        self._at = min(self._at, len(self._slots) - 1)
        names = self._names_width()
        slot = self._slots[self._at]
        self.virtual_size = Size(names + self._slots[-1].right, HEADER_LINES + len(self.grid.models))
        in_sight = Region(slot.left, self._row, slot.right - slot.left + names, 1 + HEADER_LINES)
        self.scroll_to_region(in_sight, animate=False, immediate=True, force=True)
        self.refresh()
        self.post_message(self.Moved())
