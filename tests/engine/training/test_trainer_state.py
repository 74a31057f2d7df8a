"""A training again: with the same seed, from a state in its middle, with another rate."""

from typing import Any

import pytest
import torch
from torch import Tensor

from tests.engine.small import BOTH, answerer, identical, trainer, weights


def test_two_trainings_give_the_same_weights_bit_for_bit() -> None:
    found = []
    for _ in range(2):
        model = answerer(BOTH)
        losses = [step.loss for step in trainer(model, steps=10, optimizer="muon")]
        found.append((losses, weights(model.model)))
    assert found[0][0] == found[1][0]
    assert identical(found[0][1], found[1][1])


def test_another_seed_reads_the_examples_in_another_order() -> None:
    one, other = (trainer(answerer(), seed=seed, steps=4) for seed in (0, 1))
    assert [step.loss for step in one] != [step.loss for step in other]


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "muon"])
def test_going_on_from_any_step_gives_the_undisturbed_weights_bit_for_bit(optimizer: str) -> None:
    steps = 9
    settings: dict[str, Any] = {"optimizer": optimizer, "steps": steps, "decay_steps": 3, "weight_decay": 0.01}
    model = answerer()
    undisturbed = trainer(model, **settings)
    kept = [(weights(model.model), undisturbed.state())]
    for step in undisturbed:
        if step.step == 4:
            undisturbed.schedule.begin_decay(4)
        kept.append((weights(model.model), undisturbed.state()))
    for done, (saved, (tensors, place)) in enumerate(kept[:-1]):
        again = answerer(seed=99)
        again.model.load_state_dict(saved)
        resumed = trainer(again, **settings)
        resumed.restore(tensors, place)
        assert resumed.step == done
        assert identical(resumed.state()[0], tensors)
        if done < 4:
            resumed.schedule.begin_decay(4)
        assert [step.step for step in resumed] == list(range(done + 1, steps + 1))
        assert identical(weights(again.model), kept[-1][0])


def test_a_state_is_a_copy_that_further_steps_do_not_change() -> None:
    training = trainer(answerer())
    training.train_step()
    tensors, _ = training.state()
    before = {name: tensor.clone() for name, tensor in tensors.items()}
    training.train_step()
    assert identical(tensors, before)


def test_a_state_is_plain_tensors_and_numbers() -> None:
    training = trainer(answerer(), optimizer="muon")
    training.train_step()
    tensors, place = training.state()
    assert all(type(tensor) is Tensor for tensor in tensors.values())
    expected = {"step": 1, "decay_from": training.schedule.decay_from, "rate_factor": 1.0, "micro_batch": 0}
    assert place == expected


def test_restoring_sets_torchs_own_generator_back() -> None:
    training = trainer(answerer())
    tensors, place = training.state()
    expected = torch.rand(3)
    training.restore(tensors, place)
    assert torch.equal(torch.rand(3), expected)


def test_a_changed_rate_multiplies_every_rate_and_stays_with_the_state() -> None:
    usual, changed = (trainer(answerer(), optimizer="muon") for _ in range(2))
    changed.rate_factor = 0.5
    assert changed.train_step().learning_rate == 0.5 * usual.train_step().learning_rate
    for optimizer, other in zip(changed.optimizers, usual.optimizers, strict=True):
        rates = [[group["lr"] for group in one.param_groups] for one in (optimizer, other)]
        assert rates[0] == [0.5 * rate for rate in rates[1]]
    later = trainer(answerer(), optimizer="muon")
    later.restore(*changed.state())
    assert later.rate_factor == 0.5
