from tui.table import table


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert table(["prompt", "answer"], [["Add 1 and 2", "3"], ["Reverse cat", "tac"]]).splitlines() == [
        "prompt       answer",
        "Add 1 and 2  3",
        "Reverse cat  tac",
    ]


def test_a_named_column_is_aligned_on_the_right() -> None:
    assert table(["n"], [["1,000"], ["7"]], right=["n"]).splitlines() == ["    n", "1,000", "    7"]


def test_wide_characters_take_the_two_cells_they_fill() -> None:
    assert table(["a", "b"], [["你好", "x"], ["abcd", "y"]]).splitlines()[1:] == ["你好  x", "abcd  y"]


def test_a_table_without_rows_is_its_header() -> None:
    assert table(["run", "state"], []) == "run  state"


def test_a_name_of_several_lines_ends_where_the_others_do() -> None:
    assert table(["model", "new\nname"], [["base", "7"]], right=["new\nname"]).splitlines() == [
        "        new",
        "model  name",
        "base      7",
    ]
