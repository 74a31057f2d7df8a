"""Curves with their axes, as rows of characters. Knows nothing of widgets, colours or runs."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tui.widgets.axis import Axis
from tui.widgets.dots import Dots, Marks

AXIS = -1
CURSOR = -2
"""Pens of what is no curve."""

Row = list[tuple[str, int]]
"""Pieces of text, each with its pen."""

Point = tuple[float, float]


class Curve(NamedTuple):
    """Values over steps."""

    name: str
    points: Sequence[Point]
    line: int = 0
    """Which line it is drawn with: a number of the colours and of `LINES`, so that either tells curves apart."""


class Window(NamedTuple):
    """What part of the curves is shown, and how large."""

    width: int
    """Cells, the axis included."""
    height: int
    across: Axis
    up: Axis
    marks: Marks = "braille"
    percent: bool = False
    cursor: float | None = None
    unit: str = "steps"
    """What is counted across: a plural."""


def plot(curves: Sequence[Curve], window: Window) -> list[Row]:
    """The rows of a picture of the curves; a pen is the number of its curve. Too small a window gives empty rows."""
    rows_inside = window.height - 2
    labels = _labels(window, rows_inside)
    gutter = max(map(len, labels.values()), default=0)
    width = window.width - gutter - 1
    if rows_inside < 2 or width < 8:
        return [[(" " * window.width, AXIS)] for _ in range(window.height)]
    dots = Dots(width, rows_inside, window.marks)
    for pen, curve in enumerate(curves):
        for path in _paths(curve.points, window, dots):
            dots.draw(path, pen, curve.line)
    cursor = -1 if window.cursor is None else round(window.across.place(window.cursor) * (width - 1))
    ascii_only = window.marks == "ascii"
    corner, tick, bar = ("+", "+", "|") if ascii_only else ("└", "┤", "│")
    rows: list[Row] = []
    for row in range(rows_inside):
        label = labels.get(row, "")
        start = f"{label:>{gutter}}{tick if label else bar}"
        rows.append([(start, AXIS), *_joined(_with_cursor(dots, row, column, cursor, bar) for column in range(width))])
    return [*rows, *_foot(window, gutter, width, corner, "-" if ascii_only else "─", "+" if ascii_only else "┴")]


def _with_cursor(dots: Dots, row: int, column: int, cursor: int, bar: str) -> tuple[str, int]:
    text, pen = dots.cell(column, row)
    return (bar, CURSOR) if column == cursor and pen < 0 else (text, pen)


def _joined(cells: Iterable[tuple[str, int]]) -> Row:
    """Neighbours of one pen as one piece."""
    row: Row = []
    for text, pen in cells:
        if row and row[-1][1] == pen:
            row[-1] = (row[-1][0] + text, pen)
        else:
            row.append((text, pen))
    return row


def _labels(window: Window, rows: int) -> dict[int, str]:
    """Row -> what stands beside it."""
    found = {}
    for value in window.up.ticks(max(3, rows // (2 if window.up.log else 3))):
        row = round((1 - window.up.place(value)) * (rows - 1))
        found[row] = f"{value * 100:.0f}" if window.percent else f"{value:g}"
    return found


def _foot(window: Window, gutter: int, width: int, corner: str, line: str, tick: str) -> list[Row]:
    ruler, text = [line] * width, [" "] * width
    free_from = 0
    for value in window.across.ticks(max(2, width // 12)):
        if value != round(value):
            continue
        column = round(window.across.place(value) * (width - 1))
        ruler[column] = tick
        label = f"{value:,.0f}"
        start = max(0, min(column - len(label) // 2, width - len(label)))
        label += "" if free_from else f" {window.unit[:-1] if value == 1 else window.unit}"
        if free_from <= start and start + len(label) <= width:
            text[start : start + len(label)] = label
            free_from = start + len(label) + 2
    before = " " * gutter
    return [[(before + corner + "".join(ruler), AXIS)], [(before + " " + "".join(text), AXIS)]]


def _paths(points: Sequence[Point], window: Window, dots: Dots) -> list[list[tuple[int, int]]]:
    """The dots to connect. Of many points in one column only the first, lowest, highest and last are drawn.

    What is no number breaks the line.
    """
    paths: list[list[tuple[int, int]]] = [[]]
    column: list[int] = []
    at = -1

    def close() -> None:
        if column:
            low, high = min(column), max(column)
            paths[-1].extend((at, y) for y in dict.fromkeys((column[0], low, high, column[-1])))
            column.clear()

    for step, value in _seen(points, window.across):
        x = round(window.across.place(step) * (dots.width - 1))
        if x != at:
            close()
            at = x
        if math.isfinite(value):
            column.append(round((1 - max(-1.0, min(2.0, window.up.place(value)))) * (dots.height - 1)))
        else:
            close()
            paths.append([])
    close()
    return [path for path in paths if path]


def _seen(points: Sequence[Point], across: Axis) -> Sequence[Point]:
    """The points inside, and one more at each side so that lines leave the picture."""
    first = next((number for number, point in enumerate(points) if point[0] >= across.low), len(points))
    last = next((number for number, point in enumerate(points) if point[0] > across.high), len(points))
    return points[max(0, first - 1) : last + 1]
