"""A trainer where memory is short: batches in parts, and what is said where even that does not help."""

import pytest
import torch

from engine.memory import OutOfMemory
from engine.training.trainer import Trainer
from tests.engine.small import BOTH, Rows, answerer, identical, text, trainer, weights, with_memory_for


@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_a_batch_that_does_not_fit_is_read_in_parts_with_the_same_gradient(optimizer: str) -> None:
    roomy, tight = (answerer(BOTH) for _ in range(2))
    expected = list(trainer(roomy, steps=4, batch_size=11, optimizer=optimizer))
    tried = with_memory_for(3, tight.model)
    training = trainer(tight, steps=4, batch_size=11, optimizer=optimizer)
    found = list(training)
    assert tried[:6] == [11, 6, 3, 3, 3, 2]
    assert (training.micro_batch, max(tried[3:])) == (3, 3)
    for one, other in zip(found, expected, strict=True):
        assert one.loss == pytest.approx(other.loss, rel=1e-4)
        assert one.gradient_norm == pytest.approx(other.gradient_norm, rel=1e-3)
        assert one.tokens == other.tokens


def test_of_several_streams_each_fits_by_itself() -> None:
    model, tight = answerer(BOTH), answerer(BOTH)
    asked = trainer(model, batch_size=4)
    streams = [*asked.streams, Rows(text([[4, 5, 6], [7, 4, 8]], [[1.0, 0.5, 0.0], [0.25, 3.0, 1.0]]))]
    expected = Trainer(model.model, streams, asked.tuning, steps=1).train_step()
    with_memory_for(2, tight.model)
    found = Trainer(tight.model, streams, asked.tuning, steps=1).train_step()
    assert found.loss == pytest.approx(expected.loss, rel=1e-5)
    assert found.gradient_norm == pytest.approx(expected.gradient_norm, rel=1e-4)


def test_a_resumed_training_reads_in_the_same_parts_and_gives_the_same_weights_bit_for_bit() -> None:
    one, other = answerer(), answerer()
    with_memory_for(2, one.model)
    undisturbed = trainer(one, steps=6)
    for step in undisturbed:
        if step.step == 3:
            saved, state = weights(one.model), undisturbed.state()
    other.model.load_state_dict(saved)
    resumed = trainer(other, steps=6)
    resumed.restore(*state)
    tried = with_memory_for(2, other.model)
    list(resumed)
    assert max(tried) == 2
    assert identical(weights(other.model), weights(one.model))


def test_where_not_one_example_fits_nothing_is_changed() -> None:
    model = answerer()
    with_memory_for(0, model.model)
    training = trainer(model)
    before = weights(model.model)
    with pytest.raises(OutOfMemory, match="no memory for even one example; use a smaller model"):
        training.train_step()
    assert identical(weights(model.model), before)
    assert training.step == 0


def test_an_error_that_is_not_about_memory_is_not_taken_for_it() -> None:
    model = answerer()
    model.model.register_forward_pre_hook(lambda *_: torch.zeros(2) @ torch.zeros(3))
    with pytest.raises(RuntimeError, match="size"):
        trainer(model).train_step()


def test_a_step_says_how_much_memory_was_in_use() -> None:
    steps = list(trainer(answerer(), steps=2))
    assert steps[0].memory == steps[1].memory > 10_000_000
