from itertools import pairwise
from typing import Any

import pytest

from engine.scenario import Tuning
from engine.training.schedule import Schedule


def schedule(steps: int = 100, **tuning: Any) -> Schedule:
    return Schedule(Tuning(**({"warmup_steps": 4, "decay_steps": 20, "final_rate": 0.1} | tuning)), steps)


@pytest.mark.parametrize("name", ["constant", "linear", "hold"])
def test_the_rate_rises_evenly_to_the_full_one(name: str) -> None:
    warming = schedule(schedule=name)
    assert [warming.factor(step) for step in range(5)] == [0.25, 0.5, 0.75, 1.0, 1.0]


def test_without_warm_up_the_first_step_has_the_full_rate() -> None:
    assert schedule(schedule="constant", warmup_steps=0).factor(0) == 1.0


def test_the_warm_up_takes_half_of_a_short_run_at_most() -> None:
    assert [schedule(steps=4, schedule="constant").factor(step) for step in range(4)] == [0.5, 1.0, 1.0, 1.0]


def test_constant_stays_constant_even_if_told_to_decay() -> None:
    constant = schedule(schedule="constant")
    constant.begin_decay(10)
    assert {constant.factor(step) for step in range(4, 100)} == {1.0}


def test_linear_falls_evenly_over_all_steps_to_the_final_rate() -> None:
    falling = schedule(schedule="linear")
    factors = [falling.factor(step) for step in range(4, 101)]
    differences = [one - other for one, other in pairwise(factors)]
    assert differences == pytest.approx([0.9 / 96] * 96)
    assert factors[-1] == pytest.approx(0.1)


def test_hold_decays_over_the_last_steps_if_nobody_tells_it_to_earlier() -> None:
    holding = schedule()
    assert {holding.factor(step) for step in range(4, 81)} == {1.0}
    assert holding.factor(90) == pytest.approx(0.55)
    assert holding.factor(100) == pytest.approx(0.1)


def test_hold_decays_from_the_step_on_at_which_it_is_told_to() -> None:
    holding = schedule()
    holding.begin_decay(30)
    assert holding.factor(30) == 1.0
    assert holding.factor(40) == pytest.approx(0.55)
    assert holding.factor(50) == holding.factor(99) == pytest.approx(0.1)


def test_the_decay_begins_once() -> None:
    holding = schedule()
    holding.begin_decay(30)
    holding.begin_decay(40)
    assert holding.factor(40) == pytest.approx(0.55)


def test_a_decay_by_the_clock_is_not_put_off_by_a_late_call() -> None:
    holding = schedule()
    holding.begin_decay(95)
    assert holding.factor(90) == pytest.approx(0.55)


def test_a_score_is_the_last_word_once_a_held_rate_has_fallen() -> None:
    holding = schedule()
    assert [holding.settled(step) for step in (10, 99, 100)] == [False, False, True]
    holding.begin_decay(30)
    assert [holding.settled(step) for step in (30, 49, 50)] == [False, False, True]


@pytest.mark.parametrize("name", ["constant", "linear"])
def test_without_a_held_rate_every_score_counts(name: str) -> None:
    assert schedule(schedule=name).settled(1)


def test_a_run_that_is_shorter_than_its_decay_decays_after_the_warm_up() -> None:
    short = schedule(steps=12)
    assert short.factor(4) == 1.0
    assert short.factor(12) == pytest.approx(1 - 0.9 * 8 / 20)
