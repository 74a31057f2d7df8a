from tui.chart_text import head, values_table
from tui.widgets.plot import Curve, Row

CURVES = [
    Curve("instruction-tune-on-8", [(50.0, 1.5), (100.0, 0.5)], 0),
    Curve("instruction-tune-on-64", [(100.0, 0.25)], 1),
]


def text(rows: list[Row]) -> list[str]:
    return ["".join(piece for piece, _ in row).rstrip() for row in rows]


def test_the_legend_shows_a_piece_of_each_line_and_what_it_is_about() -> None:
    rows = head(CURVES, "braille", 90, 1, facts="held-out loss")

    assert text(rows) == [f"⠤⠤⠤⠤⠤ instruction-tune-on-8   ⠤⠤ ⠠⠤ instruction-tune-on-64{'held-out loss':>32}"]


def test_names_that_find_no_room_are_on_more_lines() -> None:
    rows = head(CURVES, "ascii", 44, 2, facts="held-out loss")

    assert text(rows) == ["** instruction-tune-on-8       held-out loss", "oo instruction-tune-on-64"]


def test_where_there_are_no_more_lines_names_lose_their_middles() -> None:
    rows = head(CURVES, "ascii", 48, 1, facts="loss")

    assert text(rows) == ["** instruct…ne-on-8   oo instruct…e-on-64   loss"]


def test_at_the_cursor_each_curve_has_its_value() -> None:
    rows = head(CURVES, "ascii", 90, 1, step=60)

    assert text(rows) == ["step 60   ** instruction-tune-on-8 1.5000   oo instruction-tune-on-64 –"]


def test_the_table_of_values_is_as_wide_as_there_is_room() -> None:
    lines = values_table(CURVES, 5, 40, percent=False).splitlines()

    assert lines[0] == "step  instruct…ne-on-8  instruct…e-on-64"
    assert lines[-1].split() == ["100", "0.5000", "0.2500"]
