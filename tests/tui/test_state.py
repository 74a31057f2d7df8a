from collections.abc import Sequence
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.protocol import (
    Answer,
    AnyEvent,
    Checkpoint,
    Evaluation,
    Failed,
    Finished,
    Interrupted,
    LearningRate,
    Paused,
    Resumed,
    Score,
    Started,
    Step,
    Stopped,
    Token,
    Warning,
)
from tests.tui.fake_engine import recording
from tui.state import MOST_EVALUATIONS, MOST_LOSSES, RunView, apply, apply_all


def started(step: int = 0, steps: int = 100, time: float = 0.0) -> Started:
    return Started(
        run="r",
        time=time,
        tuning="both",
        scenario="Sums",
        step=step,
        steps=steps,
        parameters=10,
        trainable=5,
        device="cpu",
        threads=1,
        precision="float32",
        examples={},
    )


def step(number: int, loss: float = 1.0, time: float = 0.0) -> Step:
    return Step(
        run="r", time=time, step=number, loss=loss, learning_rate=0.1, gradient_norm=2.0, tokens=50, seconds=0.5
    )


def evaluation(number: int, response: str = "3") -> Evaluation:
    scores = {"validation": {"add": Score(exact_match=number / 100, did_not_stop=0.0, loss=0.5, examples=10)}}
    answers = [Answer("Add 1 and 2", response, [Token("3", 0.9)], stopped=True)]
    return Evaluation(run="r", step=number, scores=scores, answers=answers, seconds=0.1)


def finished(number: int) -> Finished:
    scores = evaluation(number).scores
    return Finished(
        run="r",
        tuning="both",
        step=number,
        seconds=1.0,
        evaluation_seconds=0.1,
        tokens_per_second=1.0,
        reason="goal",
        scores=scores,
    )


def view_of(*events: AnyEvent) -> RunView:
    return apply_all(RunView(), events)


steps = st.integers(1, 50)
any_event: st.SearchStrategy[AnyEvent] = st.one_of(
    steps.map(started),
    st.builds(step, steps, st.floats(0, 9), st.floats(1, 9)),
    steps.map(evaluation),
    steps.map(lambda number: Checkpoint(run="r", step=number, name="s", weights="")),
    steps.map(lambda number: Paused(run="r", step=number)),
    steps.map(lambda number: Resumed(run="r", step=number)),
    steps.map(lambda number: Interrupted(run="r", step=number, reason="SIGINT")),
    steps.map(lambda number: Stopped(run="r", step=number)),
    steps.map(lambda number: Failed(run="r", step=number, message="m")),
    steps.map(lambda number: LearningRate(run="r", step=number, rate=0.5)),
    steps.map(finished),
    st.builds(Warning, run=st.just("r"), message=st.sampled_from("ab")),
)


@given(st.lists(any_event), st.integers(0, 20))
def test_in_how_many_lists_events_come_makes_no_difference(events: Sequence[AnyEvent], cut: int) -> None:
    assert apply_all(apply_all(RunView(), events[:cut]), events[cut:]) == apply_all(RunView(), events)


@given(st.lists(any_event))
def test_no_view_ever_changes(events: Sequence[AnyEvent]) -> None:
    before = apply_all(RunView(), events)
    kept = before.losses, before.evaluations, before.notices, before.state

    for event in events:
        apply(before, event)

    assert (before.losses, before.evaluations, before.notices, before.state) == kept


def test_a_recorded_run_is_told_in_full() -> None:
    view = apply_all(RunView(), recording("finished"))

    assert (view.state, view.tuning, view.step, view.share) == ("finished", "instruction-tune", 700, 1.0)
    assert [loss.step for loss in view.losses] == list(range(1, 701))
    assert view.evaluations[-1].scores["validation"]["reverse"].exact_match == 1.0
    assert [answer.response for answer in view.evaluations[-2].answers][2:] == ["tac", "god"]
    assert view.saved == 700


@pytest.mark.parametrize(
    ("event", "state"),
    [
        (Paused(run="r", step=1), "paused"),
        (Resumed(run="r", step=1), "running"),
        (Interrupted(run="r", step=1, reason="SIGINT"), "interrupted"),
        (Stopped(run="r", step=1), "stopped"),
        (Failed(run="r", step=1, message="no number"), "failed"),
        (finished(1), "finished"),
    ],
)
def test_the_state_is_that_of_the_last_word(event: AnyEvent, state: str) -> None:
    assert view_of(started(), step(1), event).state == state


def test_a_run_without_events_waits() -> None:
    assert RunView().state == "queued"
    assert RunView().share == 0.0
    assert RunView().seconds_left is None


def test_a_run_that_goes_on_from_a_checkpoint_takes_back_what_came_after_it() -> None:
    story: list[AnyEvent] = [
        started(),
        step(1),
        step(2),
        evaluation(2),
        step(3),
        evaluation(3),
        Interrupted(run="r", step=3, reason=""),
    ]

    view = view_of(*story, started(step=2), step(3, loss=7.0))

    assert [(loss.step, loss.loss) for loss in view.losses] == [(1, 1.0), (2, 1.0), (3, 7.0)]
    assert [found.step for found in view.evaluations] == [2]


def test_a_long_run_keeps_few_losses_and_always_knows_the_newest() -> None:
    count = 5 * MOST_LOSSES
    view = view_of(started(steps=count), *(step(number) for number in range(1, count + 1)))

    assert MOST_LOSSES / 2 <= len(view.losses) <= MOST_LOSSES
    assert max(later.step - earlier.step for earlier, later in pairwise(view.losses)) < 2 * view.stride
    assert view.loss is not None and view.loss.step == count


@given(st.sets(st.integers(1, 100), min_size=1, max_size=5))
def test_no_peak_of_a_long_run_is_lost(peaks: set[int]) -> None:
    losses = (step(number, loss=9.0 if number in peaks else 1.0) for number in range(1, 101))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tui.state.MOST_LOSSES", 20)
        view = view_of(started(), *losses)

    assert {number // view.stride for number in peaks} == {
        loss.step // view.stride for loss in view.losses if loss.loss == 9.0
    }


def test_what_was_told_in_few_steps_is_not_thinned_by_the_steps_that_follow() -> None:
    count = 20 * MOST_LOSSES
    told = [*range(1, count, 20), *range(count, count + MOST_LOSSES)]
    view = view_of(started(steps=count), *map(step, told))

    assert max(later.step - earlier.step for earlier, later in pairwise(view.losses)) <= 2 * view.stride


def test_many_evaluations_are_thinned_evenly_and_the_first_and_last_stay() -> None:
    count = 3 * MOST_EVALUATIONS
    view = view_of(started(steps=count), *(evaluation(number) for number in range(1, count + 1)))

    assert len(view.evaluations) <= MOST_EVALUATIONS
    assert (view.evaluations[0].step, view.evaluations[-1].step) == (1, count)
    assert max(later.step - earlier.step for earlier, later in pairwise(view.evaluations)) <= view.evaluation_stride


def test_time_in_a_pause_or_after_a_break_is_not_time_at_work() -> None:
    view = view_of(
        started(time=100.0),
        step(1, time=102.0),
        Paused(run="r", time=103.0, step=1),
        Resumed(run="r", time=200.0, step=1),
        step(2, time=202.0),
        started(step=2, time=900.0),
        step(3, time=901.0),
    )

    assert view.seconds == 3.0 + 2.0 + 1.0


def test_the_time_left_follows_the_speed_so_far() -> None:
    view = view_of(started(steps=10, time=1.0), step(1, time=3.0), step(2, time=5.0))

    assert view.seconds_left == 16.0


def test_answers_are_kept_without_their_tokens() -> None:
    (found,) = view_of(started(), evaluation(1)).evaluations

    assert found.answers == (Answer("Add 1 and 2", "3", [], stopped=True),)


def test_the_end_brings_the_last_scores_and_answers() -> None:
    last = msgspec.structs.replace(finished(2), answers=evaluation(2, "4").answers)
    view = view_of(started(), evaluation(1), step(2), last)

    assert [(found.step, found.answers[0].response) for found in view.evaluations] == [(1, "3"), (2, "4")]


def test_a_log_whose_end_has_no_answers_keeps_those_of_the_same_step() -> None:
    view = view_of(started(), evaluation(2), step(2), finished(2))

    assert [(found.step, len(found.answers)) for found in view.evaluations] == [(2, 1)]


def test_warnings_and_the_reason_of_a_failure_are_kept_once() -> None:
    warning = Warning(run="r", message="long answers are cut", hint="raise context")
    view = view_of(started(), warning, step(1), warning, Failed(run="r", step=1, message="no number", hint="slower"))

    assert [(notice.kind, notice.message, notice.hint) for notice in view.notices] == [
        ("warning", "long answers are cut", "raise context"),
        ("error", "no number", "slower"),
    ]


def test_a_changed_learning_rate_shows_at_once() -> None:
    assert view_of(started(), step(1), LearningRate(run="r", step=1, rate=0.25)).learning_rate == 0.25


def test_the_speed_is_smoothed() -> None:
    slow = Step(run="r", step=2, loss=1.0, learning_rate=0.1, gradient_norm=1.0, tokens=50, seconds=5.0)

    assert view_of(started(), step(1)).tokens_per_second == 100.0
    assert 90.0 < view_of(started(), step(1), slow).tokens_per_second < 100.0
