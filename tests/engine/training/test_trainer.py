import copy
import math
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from engine.batches import IGNORE, Batch, Data
from engine.examples import Example
from engine.inference.answer import Answerer
from engine.memory import OutOfMemory
from engine.scenario import Tuning
from engine.training.streams import ExampleStream
from engine.training.trainer import NonFiniteError, Trainer
from tests.engine.small import (
    BOTH,
    EXAMPLES,
    GRU,
    answerer,
    identical,
    order,
    shaken,
    trainer,
    weights,
    with_memory_for,
)

REFERENCE = {
    "adam": [4.4847, 4.0959, 3.8758],
    "adamw": [4.4287, 3.5859, 2.9088],
    "muon": [4.4422, 3.5351, 2.8388],
}
"""Losses of the small transformer in its steps 2, 7 and 12."""


def by_hand(model: Answerer, examples: list[Example]) -> Tensor:
    """The loss of some examples: each read on its own, token by token, summed, over the number of target tokens."""
    total, count = torch.zeros(()), 0
    for example in examples:
        prompt, response = model.prompter.prompt(example.instruction), model.prompter.response(example.response)
        for i, target in enumerate(response):
            read = torch.tensor([prompt + response[:i]])
            total = total - model.model(read, mark=len(prompt) - 1)[0, -1].log_softmax(-1)[target]
            count += 1
    return total / count


# --- the loss ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("config", [BOTH, GRU], ids=["transformer", "gru"])
def test_a_steps_loss_is_the_mean_over_all_its_target_tokens(config: Any) -> None:
    model = answerer(config)
    shaken(model.model, seed=5, std=0.3)
    training = trainer(model, batch_size=7)
    read = [EXAMPLES[row] for row in order(training).rows(0).tolist()]
    assert len({len(example.response) for example in read}) > 1
    loss = by_hand(model, read)
    gradients = torch.autograd.grad(loss, list(model.model.parameters()))
    step = training.train_step()
    assert step.loss == pytest.approx(loss.item(), rel=1e-4)
    assert step.gradient_norm == pytest.approx(math.sqrt(sum(g.square().sum().item() for g in gradients)), rel=1e-3)
    assert step.tokens == sum(model.prompter.length(example) - 1 for example in read)


@pytest.mark.parametrize("optimizer", REFERENCE)
def test_the_first_losses_are_the_known_ones(optimizer: str) -> None:
    steps = list(trainer(answerer(BOTH), steps=12, optimizer=optimizer, weight_decay=1.0, batch_size=0))
    assert [step.loss for step in steps[1::5]] == pytest.approx(REFERENCE[optimizer], rel=5e-3)


def test_training_lowers_the_loss() -> None:
    losses = [step.loss for step in trainer(answerer(), steps=60, batch_size=0, optimizer="muon")]
    assert losses[-1] < losses[0] / 4


def test_bfloat16_changes_the_loss_a_little() -> None:
    exact, rough = answerer(), answerer()
    rounded = trainer(rough)
    rounded.autocast = True
    loss = trainer(exact).train_step().loss
    found = rounded.train_step().loss
    assert found != loss
    assert found == pytest.approx(loss, rel=0.02)


class Rows:
    """A stream of one batch, over and over."""

    def __init__(self, batch: Batch) -> None:
        self.batch = lambda step: batch


def text(targets: list[list[int]], weights: list[list[float]]) -> Batch:
    targets_BA = torch.tensor(targets)
    return Batch(targets_BA.roll(1, 1), targets_BA, 0, None, targets_BA.numel(), weights_BA=torch.tensor(weights))


def weighted_sum(model: Answerer, batch: Batch) -> float:
    """Of the losses of all targets."""
    assert batch.weights_BA is not None
    logs_BAV = model.model(batch.tokens_BT, mark=0).log_softmax(-1)
    losses_BA: Tensor = -logs_BAV.gather(-1, batch.targets_BA[..., None])[..., 0]
    return (losses_BA * batch.weights_BA).sum().item()


def test_of_weighted_targets_the_loss_is_the_weighted_mean() -> None:
    model = answerer(BOTH)
    shaken(model.model, seed=5, std=0.3)
    batch = text([[4, 5, 6], [7, 4, 8]], [[1.0, 0.5, 0.0], [0.25, 3.0, 1.0]])
    expected = weighted_sum(model, batch) / 5.75
    step = Trainer(model.model, [Rows(batch)], Tuning(), steps=1).train_step()
    assert step.loss == pytest.approx(expected, rel=1e-4)


def test_of_several_streams_the_loss_is_the_mean_over_the_targets_of_all() -> None:
    model = answerer(BOTH)
    shaken(model.model, seed=5, std=0.3)
    batch = text([[4, 5, 6]], [[1.0, 0.5, 0.0]])
    asked = trainer(model, batch_size=7)
    read = asked.streams[0].batch(0)
    targets = int((read.targets_BA != IGNORE).sum())
    alone = Trainer(copy.deepcopy(model.model), asked.streams, asked.tuning, steps=1).train_step()
    told = weighted_sum(model, batch)
    step = Trainer(model.model, [*asked.streams, Rows(batch)], asked.tuning, steps=1).train_step()
    assert step.loss == pytest.approx((alone.loss * targets + told) / (targets + 1.5), rel=1e-4)
    assert step.tokens == alone.tokens + 3


# --- the iterator -----------------------------------------------------------------------------------------------------


def test_it_yields_every_step_in_turn_and_then_no_more() -> None:
    training = trainer(answerer(), steps=5)
    assert [step.step for step in training] == [1, 2, 3, 4, 5]
    assert list(training) == []


def test_whoever_stops_asking_can_go_on_later() -> None:
    training = trainer(answerer(), steps=5)
    for step in training:
        if step.step == 2:
            break
    assert training.step == 2
    assert [step.step for step in training] == [3, 4, 5]


def test_the_learning_rate_of_every_optimizer_follows_the_schedule() -> None:
    training = trainer(answerer(), steps=8, schedule="linear", optimizer="muon", learning_rate=0.5)
    used: list[list[float]] = []
    for optimizer in training.optimizers:
        optimizer.register_step_pre_hook(lambda made, *_: used.append([group["lr"] for group in made.param_groups]))
    told = [step.learning_rate for step in training]
    factors = [training.schedule.factor(step) for step in range(8)]
    assert told == [0.5 * factor for factor in factors]
    assert used == [[rate * factor] for factor in factors for rate in (0.01, 0.5)]


@pytest.mark.parametrize(("clip", "expected"), [(0.0, 1.0), (0.01, 0.01), (1e6, 1.0)])
def test_a_long_gradient_is_shortened_and_its_length_told(clip: float, expected: float) -> None:
    training = trainer(answerer(), steps=1, gradient_clip=clip)
    used: list[float] = []

    def measure(*_: object) -> None:
        gradients = [weight.grad for weight in training.parameters if weight.grad is not None]
        used.append(float(nn.utils.get_total_norm(gradients)))

    training.optimizers[0].register_step_pre_hook(measure)
    told = training.train_step().gradient_norm
    assert told > 0.1
    assert used == pytest.approx([expected if expected < 1 else told], rel=1e-3)


# --- what is not finite -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [math.nan, math.inf])
@pytest.mark.parametrize("optimizer", ["adam", "muon"])
def test_a_loss_that_is_no_number_changes_nothing(bad: float, optimizer: str) -> None:
    model = answerer()
    training = trainer(model, optimizer=optimizer)
    training.train_step()
    with torch.no_grad():
        model.model.get_parameter("norm.weight")[0] = bad
    before, (state, place) = weights(model.model), training.state()
    with pytest.raises(NonFiniteError, match="loss of step 2") as caught:
        training.train_step()
    assert caught.value.rows == order(training).rows(1).tolist()
    assert identical(weights(model.model), before)
    assert identical(training.state()[0], state)
    assert training.state()[1] == place


class Cliff(nn.Module):
    """Finite logits with an infinite slope."""

    def __init__(self) -> None:
        super().__init__()
        self.other = nn.Parameter(torch.ones(2, 5))
        self.edge = nn.Parameter(torch.zeros(5))

    def forward(self, tokens_BT: Tensor, *, mark: int, padding_B: Tensor | None = None) -> Tensor:
        return (self.other[0] + self.edge.sqrt()).expand(len(tokens_BT), 1, 5)


def test_an_infinite_gradient_changes_nothing_although_the_loss_is_finite() -> None:
    model = Cliff()
    one = torch.ones(3, dtype=torch.long)
    data = Data(torch.ones(3, 1, dtype=torch.long), torch.tensor([[1], [2], [3]]), 0, one, one * 0)
    stream = ExampleStream(data, batch_size=2, seed=0)
    training = Trainer(model, [stream], Tuning(optimizer="adam"), steps=5)
    before = weights(model)
    with pytest.raises(NonFiniteError, match="gradient of step 1") as caught:
        training.train_step()
    assert caught.value.what == "gradient"
    assert caught.value.rows == order(training).rows(0).tolist()
    assert identical(weights(model), before)
    assert training.step == 0
    assert all(weight.grad is None for weight in model.parameters())


def test_of_a_batch_the_examples_without_a_loss_are_named() -> None:
    model = answerer()
    nine = model.prompter.prompt("9")[0]
    model.model.register_forward_hook(
        lambda _, read, logits_BAV: logits_BAV + torch.where(read[0] == nine, math.inf, 0.0).amax(1)[:, None, None]
    )
    training = trainer(model, batch_size=0)
    with pytest.raises(NonFiniteError) as caught:
        training.train_step()
    assert [EXAMPLES[row].instruction for row in sorted(caught.value.rows)] == ["1+94", "5+94", "9+2", "9+7", "9+94"]
    assert caught.value.read == len(EXAMPLES)


# --- little memory ----------------------------------------------------------------------------------------------------


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


# --- the same again ---------------------------------------------------------------------------------------------------


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
