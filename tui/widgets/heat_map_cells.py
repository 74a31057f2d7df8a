"""One cell and one header of the heat map as styled text. A shade never stands without its number."""

from typing import Literal, NamedTuple

from rich.cells import cell_len
from textual.content import Content

from tui.matrix_grid import Figure, GridColumn
from tui.matrix_text import COLUMNS
from tui.matrix_words import points
from tui.plain_text import plain_text
from tui.widgets.exchange_text import shortened

View = Literal["exact match", "change", "did not stop"]
VIEWS: tuple[View, ...] = ("exact match", "change", "did not stop")

WENT_ON = "…"
"""Behind a number: some answers were right but did not stop."""

HEADER_LINES = 3
CHANGE = 5
"""Cells that the change takes beside the mean of plain text: what was forgotten is seen in every view."""

FORGOTTEN = GridColumn("plain_text")

LONGEST_HEADER = 10


class Slot(NamedTuple):
    """Where a column stands, in cells from the first column's left edge."""

    column: GridColumn
    left: int
    number: int
    """Cells of the number, and of the header above it."""
    change: int
    """Cells of the change beside it; 0 for none."""

    @property
    def right(self) -> int:
        """The first cell behind it, counted alike."""
        return self.left + self.number + self.change


def header_lines(column: GridColumn, is_open: bool) -> tuple[str, str]:
    """What stands above a column, on two lines."""
    if column.is_mean or column.wording:
        if is_open and column.is_mean:
            return "", "mean"
        header = next(c.header for c in COLUMNS if (c.group, c.wording) == (column.group, column.wording))
        first, _, second = header.rpartition("\n")
        return first, second
    name = plain_text(column.task or "") or "no task"
    first, then, second = name.partition(" then ")
    if then:
        return shortened(first, LONGEST_HEADER), shortened(f"›{second}", LONGEST_HEADER)
    if cell_len(name) > 7 and "-" in name[1:-1]:
        first, _, second = name.rpartition("-")
        return shortened(f"{first}-", LONGEST_HEADER), shortened(second, LONGEST_HEADER)
    return "", shortened(name, LONGEST_HEADER)


def slots(columns: list[GridColumn], opened: set[str], with_change: bool) -> list[Slot]:
    """Where each column stands."""
    found: list[Slot] = []
    right = 0
    for column in columns:
        width = max(5, *(cell_len(line) + 1 for line in header_lines(column, column.group in opened)))
        left = right + (2 if column.is_mean and found else 1 if found else 0)
        found.append(Slot(column, left, width, CHANGE if with_change and column == FORGOTTEN else 0))
        right = found[-1].right
    return found


def cell_content(
    slot: Slot, figure: Figure | None, view: View, *, in_hand: bool, is_cursor: bool, is_shaded: bool = True
) -> Content:
    """A number on its shade; dim unless its model is in hand."""
    number, shade = _number(figure, view)
    strength = 1.0 if in_hand else 0.45
    background = ""
    if shade and is_shaded:
        color, value = shade
        background = f"on {color} {max(1, round(100 * value * strength))}%"
    weight = "bold " if slot.column.is_mean else ""
    style = f"{weight}$foreground {background}" if in_hand else f"{weight}$foreground 65% {background}"
    if is_cursor:
        style = "bold reverse $accent"
    cell = Content.styled(_right(number, slot.number), style)
    if not slot.change:
        return cell
    return Content.assemble(cell, _beside(figure, in_hand))


def _number(figure: Figure | None, view: View) -> tuple[str, tuple[str, float] | None]:
    """The text, its last place kept for a mark; a colour and how strong it is."""
    if figure is None:
        return "· ", None
    if view == "change":
        if figure.change is None:
            return "– ", None
        color = "$success" if figure.change > 0 else "$error"
        return f"{points(figure.change)} ", (color, abs(figure.change) * 0.5) if round(100 * figure.change) else None
    if view == "did not stop":
        return f"{round(100 * figure.did_not_stop)} ", ("$warning", figure.did_not_stop * 0.6)
    mark = WENT_ON if round(100 * figure.did_not_stop) else " "
    return f"{int(100 * figure.exact + 1e-6)}{mark}", ("$accent", figure.exact * 0.5)


def _beside(figure: Figure | None, in_hand: bool) -> Content:
    if figure is None or figure.change is None:
        return Content(" " * CHANGE)
    whole = round(100 * figure.change)
    color = "$text-success" if whole > 0 else "$text-error" if whole < 0 else "$foreground 50%"
    return Content.styled(
        _right(points(figure.change), CHANGE), color if in_hand else f"{color} 60%" if whole else color
    )


def _right(text: str, width: int) -> str:
    return " " * max(0, width - cell_len(text)) + text
