"""What a chart says in words: its legend, with the values under its cursor, and all values as a table."""

import math
from bisect import bisect_right
from collections.abc import Sequence

from rich.cells import cell_len

from tui.table import table
from tui.widgets.cells import middle_cut
from tui.widgets.dots import Marks, sample
from tui.widgets.plot import AXIS, Curve, Row

SHORTEST = 6
"""Cells of a curve's name at least."""

LONGEST = 30

BETWEEN = "   "


def head(
    curves: Sequence[Curve],
    marks: Marks,
    width: int,
    rows: int,
    *,
    facts: str = "",
    step: float | None = None,
    percent: bool = False,
) -> list[Row]:
    """A piece of each curve's line with its name, and at a step its value, in so many rows at most.

    `facts` stand at the right of the first row. Where there is no room for the names, they lose their middles.
    """
    texts = ["" if step is None else f" {written(value_at(curve, step), percent=percent)}" for curve in curves]
    for longest in range(LONGEST, SHORTEST - 1, -1):
        parts: list[Row] = [] if step is None else [[(f"step {step:,.0f}", len(curves))]]
        for pen, (curve, text) in enumerate(zip(curves, texts, strict=True)):
            name = middle_cut(curve.name, longest)
            parts.append([(f"{sample(curve.line, marks)} ", pen), (name, AXIS), (text, pen)])
        lines = _filled(parts, width, width - len(facts) - 2 if facts else width)
        if len(lines) <= rows:
            break
    first = lines[0]
    gap = width - len(facts) - _cells(first)
    if facts and gap > 1:
        first.append((" " * gap + facts, AXIS))
    return lines[:rows]


def values_table(curves: Sequence[Curve], lines: int, width: int, *, percent: bool) -> str:
    """The values of all curves at a few steps, evenly spread, the newest last, in so many lines.

    Where something was evaluated those are the steps.
    """
    fewest = min(curves, key=lambda curve: len(curve.points))
    steps = [step for step, _ in fewest.points]
    newest = max(curve.points[-1][0] for curve in curves)
    if newest > steps[-1]:
        steps.append(newest)
    room = max(1, lines - 1)
    chosen = (
        steps if len(steps) <= room else [steps[-1 - round(n * (len(steps) - 1) / room)] for n in range(room)][::-1]
    )
    rows = [[f"{step:,.0f}", *(written(value_at(curve, step), percent=percent) for curve in curves)] for step in chosen]
    longest = max(SHORTEST, (width - max(len(row[0]) for row in rows)) // len(curves) - 2)
    names = [middle_cut(curve.name, min(longest, LONGEST)) for curve in curves]
    return table(["step", *names], rows, right=["step", *names])


def value_at(curve: Curve, step: float) -> float:
    """The last value up to a step; not a number before the first."""
    number = bisect_right(curve.points, step, key=lambda point: point[0])
    return curve.points[number - 1][1] if number else math.nan


def written(value: float, *, percent: bool) -> str:
    """`98.5` of a share, `0.0184` of a loss, `–` where there is none."""
    if math.isnan(value):
        return "–"
    return f"{int(value * 1000 + 1e-6) / 10:.1f}" if percent else f"{value:.4f}"


def _filled(parts: Sequence[Row], width: int, first: int) -> list[Row]:
    """The parts on as few lines as will do, the first of another width."""
    lines: list[Row] = [[]]
    for part in parts:
        room = (first if len(lines) == 1 else width) - _cells(lines[-1]) - len(BETWEEN)
        if lines[-1] and _cells(part) > room:
            lines.append([])
        elif lines[-1]:
            lines[-1].append((BETWEEN, AXIS))
        lines[-1] += part
    return lines


def _cells(row: Row) -> int:
    return sum(cell_len(text) for text, _ in row)
