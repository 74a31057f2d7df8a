"""The trainer's loss, its steps, and what it does where a number is not finite."""

import copy
import math
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from engine.batches import IGNORE, Batch, Data
from engine.examples import Example
from engine.inference.answer import Answerer
from engine.scenario import Tuning
from engine.training.streams import ExampleStream
from engine.training.trainer import NonFiniteError, Trainer
from tests.engine.small import BOTH, EXAMPLES, GRU, Rows, answerer, identical, order, shaken, text, trainer, weights

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
