"""What a chart says in words: its legend, the values under its cursor, all values as a table."""

import math
from bisect import bisect_right
from collections.abc import Sequence

from tui.table import table
from tui.widgets.dots import ASCII_PENS, Line, Marks
from tui.widgets.plot import AXIS, Curve, Row

_SIGNS: dict[Line, str] = {"solid": "━━", "dashed": "╍╍", "dotted": "┈┈"}
NAME = 14
"""Letters of a curve's name in the head of a table."""


def legend(curves: Sequence[Curve], marks: Marks) -> Row:
    """The sign and the name of each curve that is listed; the held-out losses of several runs are told together."""
    row: Row = []
    for pen, curve in enumerate(curves):
        sign = ASCII_PENS[pen % len(ASCII_PENS)] if marks == "ascii" else _SIGNS[curve.line]
        if curve.listed:
            row += [(f"{sign} ", pen), (f"{curve.name}   ", AXIS)]
    if marks != "ascii" and any(not curve.listed for curve in curves):
        row.append((f"{_SIGNS['dashed']} held out", AXIS))
    return row


def readings(curves: Sequence[Curve], step: float, *, percent: bool) -> Row:
    """The value of each curve at a step: the last one known there."""
    row: Row = [(f"step {step:,.0f}   ", len(curves))]
    for pen, curve in enumerate(curves):
        row += [(f"{curve.name} ", AXIS), (f"{written(value_at(curve, step), percent=percent)}   ", pen)]
    return row


def values_table(curves: Sequence[Curve], lines: int, *, percent: bool) -> str:
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
    names = [curve.name if len(curve.name) <= NAME else curve.name[: NAME - 1] + "…" for curve in curves]
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
