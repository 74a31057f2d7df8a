from typing import get_args

import pytest

from engine.matrix import Cell, Group, Matrix, means
from tests.tui.matrices import BASE, GENERALIST, SMALL, SPECIALIST, WIDE
from tui.matrix_grid import Grid, GridColumn
from tui.matrix_words import EXPLAINED, cell_words, column_name, model_words, points, title_of


def test_every_group_is_explained_in_one_line() -> None:
    assert set(EXPLAINED) == set(get_args(Group))
    assert all(len(words) <= 110 and words.endswith(".") for words in EXPLAINED.values())


def test_columns_have_names() -> None:
    assert title_of("composition") == "composition"
    assert column_name(GridColumn("unseen_task", task="rotate")) == "unseen task: rotate"
    assert column_name(GridColumn("new_wording", wording="name first")) == "new wording, name first"
    assert column_name(GridColumn("trained")) == "trained, mean of all tasks"


@pytest.mark.parametrize(("share", "told"), [(0.88, "+88"), (-0.62, "−62"), (0.001, "±0"), (-0.004, "±0")])
def test_a_change_has_its_sign(share: float, told: str) -> None:
    assert points(share) == told


def test_a_cell_tells_what_is_right_what_went_on_and_what_was_lost() -> None:
    assert cell_words(Grid(SMALL), SPECIALIST, GridColumn("plain_text"))[1:] == [
        "22 of 60 answers are right. 2 more would be, but did not stop.",
        "Lost 62 percentage points against base, which it started from.",
    ]
    assert cell_words(Grid(SMALL), SPECIALIST, GridColumn("trained", task="sort"))[1:] == [
        "0 of 20 answers are right.",
        "As many as base, which it started from.",
    ]


def test_of_plain_instructions_it_is_told_what_a_model_does_instead() -> None:
    assert cell_words(Grid(SMALL), SPECIALIST, GridColumn("unseen_task"))[-1] == (
        "Instead: of 80 wrong answers 90 % do another task (reverse 85 %, copy 5 %)."
    )


def test_of_many_tasks_the_best_and_the_worst_are_named() -> None:
    told = cell_words(Grid(WIDE), SPECIALIST, GridColumn("trained"))[-1]
    assert told.startswith("Best at reverse 95, ")
    assert "; worst at " in told
    assert not any("Best" in words for words in cell_words(Grid(WIDE), BASE, GridColumn("trained")))


def test_a_model_tells_what_it_was_trained_on() -> None:
    assert model_words(Grid(WIDE), BASE) == ["It has followed no instruction yet."]
    assert model_words(Grid(WIDE), SPECIALIST) == ["Trained on 1 task: reverse. On its own: 95 %."]
    assert model_words(Grid(WIDE), GENERALIST)[0].startswith("Trained on 8 tasks: add, reverse, ")


def test_what_a_model_cannot_be_asked_is_said() -> None:
    measured = [Cell(SPECIALIST.run, "trained", "reverse", 1.0, 20, 0.0)]
    grid = Grid(Matrix([BASE, SPECIALIST], measured, means(measured), {}, []))
    assert cell_words(grid, BASE, GridColumn("trained"))[-1] == "This model cannot be asked that way."
