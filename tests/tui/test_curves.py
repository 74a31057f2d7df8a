import msgspec
import pytest

from engine.protocol import Score, Scores
from tests.tui.fake_engine import recording
from tui.curves import (
    MOST_CURVES,
    compared_exact_match,
    compared_losses,
    compared_training,
    exact_match_curves,
    lines_for,
    loss_curves,
    smoothed,
)
from tui.state import Evaluated, Loss, RunView, apply_all


def view(*scores: Scores) -> RunView:
    evaluations = tuple(Evaluated(number, found, ()) for number, found in enumerate(scores, 1))
    return RunView(losses=(Loss(1, 2.0), Loss(2, 1.0)), loss=Loss(2, 1.0), evaluations=evaluations)


def score(share: float) -> Score:
    return Score(exact_match=share, did_not_stop=0.0, loss=1 - share, examples=10)


def test_one_run_has_a_training_loss_and_a_held_out_loss_with_lines_of_their_own() -> None:
    training, held_out = loss_curves(apply_all(RunView(), recording("finished")))

    assert (training.name, len(training.points)) == ("training", 700)
    assert (held_out.name, len(held_out.points)) == ("held out", 14)
    assert training.line != held_out.line


def test_a_loss_on_what_was_trained_on_is_not_called_held_out() -> None:
    curves = loss_curves(view({"train": {"add": score(0.5)}}))

    assert [curve.name for curve in curves] == ["training", "training examples"]


def test_the_newest_loss_is_drawn_also_when_it_is_between_two_that_are_kept() -> None:
    between = msgspec.structs.replace(view(), loss=Loss(3, 0.5))

    assert loss_curves(between)[0].points[-1] == (3, 0.5)


def test_several_runs_are_compared_by_what_is_held_out_or_say_what_else_it_is() -> None:
    views = {
        "one": view({"validation": {"add": score(0.5)}}),
        "new": view(),
        "all in": view({"train": {"add": score(0.5)}}),
    }

    curves = compared_losses(views, lines_for(list(views), {}))

    assert [(curve.name, curve.line) for curve in curves] == [
        ("one", 0),
        ("new (training)", 1),
        ("all in (training examples)", 2),
    ]


def test_the_training_loss_of_several_runs_is_a_picture_of_its_own() -> None:
    views = {"one": view({"validation": {"add": score(0.5)}}), "two": view()}

    curves = compared_training(views, {"one": 0, "two": 3})

    assert [(curve.name, len(curve.points), curve.line) for curve in curves] == [("one", 2, 0), ("two", 2, 3)]


def test_a_run_keeps_its_line_while_others_come_and_go() -> None:
    first = lines_for(["a", "b", "c"], {})
    assert first == {"a": 0, "b": 1, "c": 2}

    assert lines_for(["d", "c", "e"], first) == {"c": 2, "d": 0, "e": 1}


def test_as_many_runs_as_there_are_lines_are_told_apart() -> None:
    names = [str(number) for number in range(MOST_CURVES)]

    assert sorted(lines_for(names, {"5": 0, "1": 4}).values()) == list(range(MOST_CURVES))


def test_exact_match_of_one_run_is_drawn_task_by_task_each_with_its_line() -> None:
    shares: Scores = {"validation": {"add": score(0.5), "sort": score(0.0)}, "unseen": {"swap": score(0.25)}}

    found = {curve.name: (curve.line, curve.points) for curve in exact_match_curves(view(shares))}

    assert found == {"add": (0, [(1, 0.5)]), "sort": (1, [(1, 0.0)]), "swap (unseen)": (2, [(1, 0.25)])}


def test_of_many_tasks_mean_best_and_worst_are_drawn() -> None:
    tasks = {f"task-{number}": score(number / 10) for number in range(MOST_CURVES + 1)}

    found = {curve.name: curve.points[0][1] for curve in exact_match_curves(view({"validation": tasks}))}

    assert found == pytest.approx({"mean": 0.3, "best": 0.6, "worst": 0.0})


def test_never_more_curves_are_drawn_than_can_be_told_apart() -> None:
    tasks = {f"task-{number}": score(0.5) for number in range(5)}

    curves = exact_match_curves(view({"validation": tasks, "unseen": tasks, "train": tasks}))

    assert [curve.line for curve in curves] == list(range(MOST_CURVES))


def test_exact_match_of_several_runs_is_one_curve_each() -> None:
    views = {"one": view({"validation": {"add": score(0.5)}}), "two": view({"train": {"add": score(1.0)}})}

    assert [(curve.name, curve.points, curve.line) for curve in compared_exact_match(views, {"one": 4, "two": 1})] == [
        ("one", [(1, 0.5)], 4),
        ("two", [(1, 1.0)], 1),
    ]


def test_a_run_without_steps_has_no_curves() -> None:
    empty = RunView()
    assert loss_curves(empty) == exact_match_curves(empty) == []
    assert compared_losses({"a": empty}, {"a": 0}) == compared_exact_match({"a": empty}, {"a": 0}) == []


def test_control_characters_in_a_name_are_shown_as_symbols() -> None:
    curves = compared_losses({"\x1b[red]": view({"validation": {"add": score(0.5)}})}, {"\x1b[red]": 0})

    assert curves[0].name == "␛[red]"


def test_smoothing_keeps_what_is_level_and_halves_what_jumps() -> None:
    assert smoothed([(1, 4.0), (2, 4.0)], 0.9) == [(1, 4.0), (2, 4.0)]
    assert smoothed([(1, 0.0), (2, 2.0)], 0.5)[1][1] == pytest.approx(4 / 3)
    assert smoothed([(1, 0.0), (2, 2.0)], 0.0) == [(1, 0.0), (2, 2.0)]
