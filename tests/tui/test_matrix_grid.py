import pytest

from tests.tui.matrices import GENERALIST, SMALL, SPECIALIST, TRAINED, WIDE, matrix_of
from tui.matrix_grid import Figure, Grid, GridColumn


def test_a_closed_group_is_one_column() -> None:
    columns = Grid(WIDE).columns(())
    assert [column.group for column in columns] == Grid(WIDE).groups()
    assert all(column.is_mean for column in columns)


def test_an_opened_group_has_its_wordings_and_its_tasks_behind_its_mean() -> None:
    columns = [column for column in Grid(WIDE).columns({"new_wording"}) if column.group == "new_wording"]
    assert columns[:3] == [
        GridColumn("new_wording"),
        GridColumn("new_wording", wording="name first"),
        GridColumn("new_wording", wording="argument first"),
    ]
    assert [column.task for column in columns[3:]] == TRAINED


def test_the_figure_of_a_mean_is_over_its_tasks_and_told_against_the_parent() -> None:
    figure = Grid(SMALL).figure(SPECIALIST.run, GridColumn("trained"))
    assert figure is not None
    assert (figure.exact, figure.did_not_stop, figure.change) == pytest.approx((0.95 / 3, 0.1 / 3, 0.95 / 3))
    assert figure.examples == 60
    forgotten = Grid(SMALL).figure(SPECIALIST.run, GridColumn("plain_text"))
    assert forgotten is not None
    assert forgotten.change == pytest.approx(-0.62)


def test_the_figure_of_a_task_is_told_against_the_parent_if_that_is_there() -> None:
    column = GridColumn("trained", task="reverse")
    assert Grid(SMALL).figure(SPECIALIST.run, column) == Figure(0.95, 0.0, 20, 0.95)
    alone = matrix_of([cell for cell in SMALL.cells if cell.run == GENERALIST.run], [GENERALIST])
    assert Grid(alone).figure(GENERALIST.run, column) == Figure(0.95, 0.0, 20, None)


def test_what_was_not_asked_has_no_figure() -> None:
    assert Grid(SMALL).figure("base", GridColumn("chain")) is None
    assert Grid(SMALL).figure("nobody", GridColumn("trained")) is None
