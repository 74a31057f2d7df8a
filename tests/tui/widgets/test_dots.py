import pytest

from tui.widgets.dots import LINES, SAMPLE, Dots, Marks, sample


@pytest.mark.parametrize("marks", ["braille", "block", "ascii"])
def test_lines_differ_by_more_than_their_colours(marks: Marks) -> None:
    assert len({sample(line, marks) for line in range(len(LINES))}) == len(LINES)


def test_a_line_has_its_dashes_also_where_it_crosses_another() -> None:
    dots = Dots(SAMPLE, 1, "braille")
    for row in range(4):
        dots.draw([(0, row), (dots.width - 1, row)], 0)
    dots.draw([(0, 2), (dots.width - 1, 2)], 1, 1)

    cells = [dots.cell(column, 0) for column in range(SAMPLE)]

    assert "".join(text for text, pen in cells if pen == 1) == sample(1, "braille").replace(" ", "")
    assert {text for text, pen in cells if pen == 0} == {"⣿"}
