import msgspec
import pytest

from engine.protocol import Score, Scores
from tests.tui.fake_engine import recording
from tui.curves import MOST_TASKS, exact_match_curves, loss_curves, smoothed
from tui.state import Evaluated, Loss, RunView, apply_all


def view(*scores: Scores) -> RunView:
    evaluations = tuple(Evaluated(number, found, ()) for number, found in enumerate(scores, 1))
    return RunView(losses=(Loss(1, 2.0), Loss(2, 1.0)), loss=Loss(2, 1.0), evaluations=evaluations)


def score(share: float) -> Score:
    return Score(exact_match=share, did_not_stop=0.0, loss=1 - share, examples=10)


def test_one_run_has_a_training_loss_and_a_held_out_loss_dashed() -> None:
    training, held_out = loss_curves({"both": apply_all(RunView(), recording("finished"))})

    assert (training.name, training.line, len(training.points)) == ("training", "solid", 700)
    assert (held_out.name, held_out.line, len(held_out.points)) == ("held out", "dashed", 14)
    assert training.colour != held_out.colour


def test_several_runs_have_a_colour_each() -> None:
    curves = loss_curves({"one": view({"validation": {"add": score(0.5)}}), "two": view()})

    assert [(curve.name, curve.colour) for curve in curves] == [("one", 0), ("one held out", 0), ("two", 1)]


def test_the_newest_loss_is_drawn_also_when_it_is_between_two_that_are_kept() -> None:
    between = msgspec.structs.replace(view(), loss=Loss(3, 0.5))

    assert loss_curves({"both": between})[0].points[-1] == (3, 0.5)


def test_exact_match_of_one_run_is_drawn_task_by_task_and_unseen_ones_dotted() -> None:
    shares: Scores = {"validation": {"add": score(0.5), "sort": score(0.0)}, "unseen": {"swap": score(0.25)}}

    found = {curve.name: (curve.line, curve.points) for curve in exact_match_curves({"both": view(shares)})}

    assert found == {
        "add": ("solid", [(1, 0.5)]),
        "sort": ("solid", [(1, 0.0)]),
        "swap unseen": ("dotted", [(1, 0.25)]),
    }


def test_of_many_tasks_mean_best_and_worst_are_drawn() -> None:
    tasks = {f"task-{number}": score(number / 10) for number in range(MOST_TASKS + 1)}

    found = {curve.name: curve.points[0][1] for curve in exact_match_curves({"both": view({"validation": tasks})})}

    assert found == pytest.approx({"mean": 0.25, "best": 0.5, "worst": 0.0})


def test_exact_match_of_several_runs_is_one_curve_each() -> None:
    views = {"one": view({"validation": {"add": score(0.5)}}), "two": view({"train": {"add": score(1.0)}})}

    assert [(curve.name, curve.points) for curve in exact_match_curves(views)] == [
        ("one", [(1, 0.5)]),
        ("two", [(1, 1.0)]),
    ]


def test_the_exact_match_of_several_runs_differs_by_its_lines_too() -> None:
    views = {name: view({"validation": {"add": score(0.5)}}) for name in ("one", "two", "three")}

    assert [curve.line for curve in exact_match_curves(views)] == ["solid", "dashed", "dotted"]


def test_a_run_without_steps_has_no_curves() -> None:
    assert loss_curves({"both": RunView()}) == exact_match_curves({"both": RunView()}) == []


def test_control_characters_in_a_name_are_shown_as_symbols() -> None:
    curves = loss_curves({"\x1b[red]": view(), "two": view()})

    assert curves[0].name == "␛[red]"


def test_smoothing_keeps_what_is_level_and_halves_what_jumps() -> None:
    assert smoothed([(1, 4.0), (2, 4.0)], 0.9) == [(1, 4.0), (2, 4.0)]
    assert smoothed([(1, 0.0), (2, 2.0)], 0.5)[1][1] == pytest.approx(4 / 3)
    assert smoothed([(1, 0.0), (2, 2.0)], 0.0) == [(1, 0.0), (2, 2.0)]
