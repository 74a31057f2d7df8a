import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.axis import Axis
from tui.widgets.dots import Marks
from tui.widgets.plot import CURSOR, Curve, Point, Window, plot


def drawn(points: list[Point], marks: Marks = "braille", *, cursor: float | None = None) -> list[str]:
    window = Window(20, 6, Axis(0, 10), Axis(0, 1), marks, cursor=cursor)
    return ["".join(text for text, _ in row) for row in plot([Curve("loss", points)], window)]


FALLING: list[Point] = [(0, 1.0), (5, 0.25), (10, 0.0)]


def test_a_falling_curve_in_braille() -> None:
    assert drawn(FALLING) == [
        "  1┤⠑⠢⣀             ",
        "   │   ⠑⠤⡀          ",
        "0.5┤     ⠈⠑⠤⣀       ",
        "  0┤         ⠉⠉⠒⠒⠤⠤⣀",
        "   └┴───────┴──────┴",
        "    0 steps       10",
    ]


def test_the_same_curve_in_blocks() -> None:
    assert drawn(FALLING, "block")[:4] == [
        "  1┤▀▄▖             ",
        "   │  ▝▀▚▄          ",
        "0.5┤      ▀▚▄▄      ",
        "  0┤          ▀▀▀▀▄▄",
    ]


def test_the_same_curve_where_there_is_nothing_but_ascii() -> None:
    assert drawn(FALLING, "ascii") == [
        "  1+***             ",
        "   |   ***          ",
        "0.5+      ******    ",
        "  0+            ****",
        "   ++-------+------+",
        "    0 steps       10",
    ]


def test_every_row_fills_the_width_and_no_more() -> None:
    for marks in ("braille", "block", "ascii"):
        assert {len(row) for row in drawn(FALLING, marks)} == {20}


def test_what_is_no_number_breaks_the_line() -> None:
    whole = "".join(drawn([(0, 0.5), (10, 0.5)]))
    broken = "".join(drawn([(0, 0.5), (4, math.nan), (6, math.inf), (8, 0.5), (10, 0.5)]))

    assert count(broken) < count(whole)


def test_of_many_points_in_a_column_the_peaks_are_drawn() -> None:
    spike: list[Point] = [(n / 100, 0.0) for n in range(1000)]
    spike[500] = (5.0, 1.0)

    assert count(drawn(spike)[0]) == 1


def test_the_cursor_is_a_line_from_top_to_bottom() -> None:
    rows = plot([], Window(20, 6, Axis(0, 10), Axis(0, 1), cursor=10))

    assert [row[-1] for row in rows[:4]] == [("│", CURSOR)] * 4


@pytest.mark.parametrize(("width", "height"), [(0, 0), (5, 3), (20, 2), (3, 30)])
def test_a_window_without_room_is_empty(width: int, height: int) -> None:
    rows = plot([Curve("loss", FALLING)], Window(width, height, Axis(0, 10), Axis(0, 1)))

    assert len(rows) == height
    assert all(not text.strip() for row in rows for text, _ in row)


@given(
    st.lists(st.tuples(st.integers(0, 100), st.floats()), max_size=50).map(sorted),
    st.floats(0, 50),
    st.floats(60, 100),
    st.sampled_from(["braille", "block", "ascii"]),
)
def test_any_values_in_any_window_can_be_drawn(points: list[Point], low: float, high: float, marks: Marks) -> None:
    window = Window(40, 10, Axis(low, high), Axis(0, 3), marks)

    assert len(plot([Curve("loss", points)], window)) == 10


def count(text: str) -> int:
    """Cells with braille dots."""
    return sum("⠀" < letter <= "⣿" for letter in text)
