import pytest

from tests.tui.matrices import SMALL, WIDE, mixtures
from tui.tasks_curve import curve_of


def test_runs_with_as_many_tasks_are_one_point() -> None:
    points = curve_of(mixtures())
    assert [(point.tasks, point.runs) for point in points] == [(1, 1), (2, 1), (4, 2), (8, 1)]
    assert [point.unseen for point in points] == pytest.approx([0.14, 0.5, 0.6, 0.8])


def test_own_tasks_are_those_that_a_run_was_trained_on() -> None:
    assert [point.own for point in curve_of(mixtures())] == pytest.approx([0.96] * 4)


def test_two_numbers_of_tasks_are_no_curve() -> None:
    assert curve_of(SMALL) == curve_of(WIDE) == []
