"""Processes that train together, played by threads. `test_at_work.py` has two real ones."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest
import torch
from torch import Tensor

from engine.errors import EngineError
from engine.memory import OutOfMemory
from engine.protocol import Step
from engine.training.ranks import Dismissed, Ranks
from engine.training.trainer import NonFiniteError, Trainer
from tests.engine.small import BOTH, EXAMPLES, answerer, identical, order, trainer, weights, with_memory_for

T = TypeVar("T")


@dataclass(frozen=True)
class Thread(Ranks):
    """One of the ranks. What all have to say is laid on a table, and taken from there when all have come."""

    table: dict[int, Any] = field(default_factory=dict)
    barrier: threading.Barrier = field(default_factory=lambda: threading.Barrier(1))

    def all_of(self, rows: list[int]) -> list[int]:
        return [row for part in self._everything(rows) for row in part]

    def _sum(self, values: Tensor) -> Tensor:
        return values.copy_(torch.stack(self._everything(values.clone())).sum(0))

    def _first_says(self, *numbers: int) -> list[int]:
        return list(self._everything(numbers)[0])

    def _everything(self, mine: T) -> list[T]:
        self.table[self.rank] = mine
        self.barrier.wait(timeout=30)
        found = [self.table[rank] for rank in range(self.size)]
        self.barrier.wait(timeout=30)
        return found


def trainers(size: int, **settings: Any) -> list[Trainer]:
    """One for each rank, all of the same model."""
    table: dict[int, Any] = {}
    barrier = threading.Barrier(size)
    made = []
    for rank in range(size):
        made.append(trainer(answerer(BOTH), **settings))
        made[-1].ranks = Thread(rank, size, table, barrier)
    return made


def together(made: Sequence[Trainer], work: Callable[[Trainer], T]) -> list[T]:
    """What each gives; an error of one ends the others' waiting."""

    def guarded(training: Trainer) -> T:
        try:
            return work(training)
        except BaseException:
            assert isinstance(training.ranks, Thread)
            training.ranks.barrier.abort()
            raise

    with ThreadPoolExecutor(len(made)) as pool:
        return list(pool.map(guarded, made))


def lead_or_follow(training: Trainer) -> list[Step]:
    """The first takes its steps and dismisses the others, who take as many."""
    if training.ranks.rank == 0:
        steps = list(training)
        training.ranks.dismiss()
        return steps
    steps = []
    while True:
        try:
            steps.append(training.train_step())
        except Dismissed:
            return steps


@pytest.mark.parametrize("size", [1, 2, 3])
def test_every_row_is_read_by_one_of_them(size: int) -> None:
    shares = [Ranks(rank, size).share(7) for rank in range(size)]
    assert sorted(row for share in shares for row in share) == list(range(7))
    assert max(map(len, shares)) == Ranks(0, size).largest_share(7)


@pytest.mark.parametrize(("size", "batch_size"), [(2, 5), (3, 2)], ids=["uneven shares", "one has nothing to read"])
def test_they_take_the_steps_of_one_and_keep_the_same_weights(size: int, batch_size: int) -> None:
    settings: dict[str, Any] = {"steps": 5, "batch_size": batch_size, "learning_rate": 1e-3}
    alone = list(trainer(answerer(BOTH), **settings))
    made = trainers(size, **settings)
    found = together(made, lead_or_follow)
    for steps in found:
        assert [step.loss for step in steps] == pytest.approx([step.loss for step in alone], rel=1e-4)
        assert [step.gradient_norm for step in steps] == pytest.approx([s.gradient_norm for s in alone], rel=1e-3)
        assert [step.tokens for step in steps] == [step.tokens for step in alone]
    assert all(identical(weights(training.model), weights(made[0].model)) for training in made)


def test_what_the_first_decides_about_the_decay_holds_for_all() -> None:
    made = trainers(2, steps=4, schedule="hold", decay_steps=2, warmup_steps=0)
    made[0].schedule.begin_decay(1)
    rates = [[step.learning_rate for step in steps] for steps in together(made, lead_or_follow)]
    assert rates[0] == rates[1]
    assert rates[0][2] < rates[0][1]


def test_if_one_has_too_little_memory_all_read_in_smaller_parts() -> None:
    alone = list(trainer(answerer(BOTH), steps=2, batch_size=8))
    made = trainers(2, steps=2, batch_size=8)
    with_memory_for(1, made[1].model)
    found = together(made, lead_or_follow)
    assert [training.micro_batch for training in made] == [1, 1]
    assert [step.loss for step in found[0]] == pytest.approx([step.loss for step in alone], rel=1e-4)


def test_if_one_has_no_memory_at_all_none_goes_on() -> None:
    made = trainers(2)
    with_memory_for(0, made[0].model)

    def try_a_step(training: Trainer) -> str:
        with pytest.raises(OutOfMemory) as caught:
            training.train_step()
        return str(caught.value)

    assert len(set(together(made, try_a_step))) == 1


def test_what_is_not_finite_is_known_to_all_with_the_examples_of_all() -> None:
    made = trainers(2, batch_size=6)
    for training in made:
        with torch.no_grad():
            training.model.get_parameter("norm.weight")[0] = torch.nan

    def try_a_step(training: Trainer) -> list[int]:
        with pytest.raises(NonFiniteError) as caught:
            training.train_step()
        return caught.value.rows

    for rows in together(made, try_a_step):
        assert sorted(rows) == sorted(order(made[0]).rows(0).tolist())
        assert len(rows) == 6 < len(EXAMPLES)


def test_ranks_that_are_not_at_the_same_step_do_not_train_together() -> None:
    made = trainers(2)
    made[1].step = 3
    with pytest.raises(EngineError, match="process 1 of this run is at step 3, the first one at 0"):
        together(made[::-1], Trainer.train_step)
