import pytest

from engine.protocol import Answer, Score
from tests.tui.stories import SCORES
from tui.figures import answer_table, duration, exact_match, percent, score_table


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "0.0 %"), (0.57, "57.0 %"), (0.985, "98.5 %"), (0.9999, "99.9 %"), (1.0, "100.0 %")]
)
def test_only_what_is_whole_is_a_hundred_percent(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (59.94, "59.9 s"), (59.96, "1 min 00 s"), (245, "4 min 05 s"), (7380, "2 h 03 min")],
)
def test_a_duration_is_told_in_the_unit_that_fits(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_tasks_count_in_a_split_by_their_number_of_examples() -> None:
    assert exact_match({"add": Score(1.0, 0, 0, 30), "reverse": Score(0.0, 0, 0, 10)}) == 0.75
    assert exact_match({}) == 0.0


def test_scores_are_one_line_for_each_split_and_task() -> None:
    assert score_table(SCORES).splitlines() == [
        "split       task  exact match  did not stop    loss  examples",
        "train       add       100.0 %         0.0 %  0.0012         8",
        "validation  add        50.0 %        25.0 %  0.1234         4",
    ]


def test_answers_of_several_models_stand_side_by_side() -> None:
    both = [Answer("Add 1 and 2", "3", [], stopped=True), Answer("Reverse cat", "tac", [], stopped=True)]
    alone = [Answer("Add 1 and 2", "3\x1b[2J", [], stopped=False)]

    assert answer_table({"both": both, "alone": alone}).splitlines() == [
        "prompt       both  alone",
        "Add 1 and 2  3     3␛[2J …",
        "Reverse cat  tac",
    ]
