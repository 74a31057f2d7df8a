from typing import Literal

import pytest
import torch
from torch import nn
from torch.optim import Adam, AdamW, Muon

from engine.architectures import Gru, GruClassifier, GruTagger, Model
from engine.models import ModelSpec, build
from engine.models.lora import add_lora
from engine.scenario import Lora, Tuning
from engine.training.optimizer import build_optimizers
from tests.engine.small import BOTH, answerer, identical, trainer, weights

MODELS: list[Model] = [BOTH, Gru(width=8), GruTagger(), GruClassifier()]


def model_of(config: Model, lora: Lora | None = None) -> nn.Module:
    return build(ModelSpec(config, 40, ("yes", "no"), lora))


def names_by_kind(model: nn.Module, tuning: Tuning) -> dict[str, list[str]]:
    """Optimizer -> names of the parameters that it changes."""
    names = {id(weight): name for name, weight in model.named_parameters()}
    return {
        type(optimizer).__name__: sorted(
            names[id(weight)] for group in optimizer.param_groups for weight in group["params"]
        )
        for optimizer in build_optimizers(model, tuning)
    }


def test_muon_takes_exactly_the_matrices_inside_the_layers() -> None:
    found = names_by_kind(model_of(BOTH), Tuning(optimizer="muon"))
    inner = ["attention.key", "attention.output", "attention.query", "attention.value", "down", "up"]
    assert found["Muon"] == [f"layers.{i}.{name}.weight" for i in (0, 1) for name in inner]
    assert found["AdamW"] == [
        "anchored.weight",
        "embedding.weight",
        *(f"layers.{i}.{name}_norm.weight" for i in (0, 1) for name in ("attention", "feed_forward")),
        "norm.weight",
    ]


def test_muon_takes_no_adapters() -> None:
    lora = Lora(rank=2)
    assert list(names_by_kind(model_of(BOTH, lora), Tuning(optimizer="muon", lora=lora))) == ["AdamW"]


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "muon"])
@pytest.mark.parametrize("lora", [None, Lora(rank=2)])
@pytest.mark.parametrize("config", MODELS, ids=lambda config: type(config).__name__)
def test_everything_that_trains_is_in_one_optimizer_once(
    config: Model, lora: Lora | None, optimizer: Literal["adam", "adamw", "muon"]
) -> None:
    model = model_of(config, lora)
    found = names_by_kind(model, Tuning(optimizer=optimizer, lora=lora))
    trainable = sorted(name for name, weight in model.named_parameters() if weight.requires_grad)
    assert sorted(name for names in found.values() for name in names) == trainable


def test_adam_and_adamw_are_what_they_are_called() -> None:
    model = model_of(Gru(width=8))
    (adam,) = build_optimizers(model, Tuning(optimizer="adam"))
    (adamw,) = build_optimizers(model, Tuning(optimizer="adamw"))
    assert (type(adam), type(adamw)) == (Adam, AdamW)


def test_each_optimizer_has_its_own_rate_and_the_tunings_settings() -> None:
    tuning = Tuning(optimizer="muon", learning_rate=0.5, muon_learning_rate=0.25, betas=(0.1, 0.2), weight_decay=0.3)
    muon, adamw = build_optimizers(model_of(BOTH), tuning)
    assert isinstance(muon, Muon)
    assert muon.param_groups[0]["base_rate"] == muon.param_groups[0]["lr"] == 0.25
    assert adamw.param_groups[0]["base_rate"] == adamw.param_groups[0]["lr"] == 0.5
    assert adamw.param_groups[0]["betas"] == (0.1, 0.2)
    assert muon.param_groups[0]["weight_decay"] == adamw.param_groups[0]["weight_decay"] == 0.3


@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_training_adapters_leaves_the_base_as_it_is_bit_for_bit(optimizer: str) -> None:
    model = answerer()
    base = weights(model.model)
    torch.manual_seed(1)
    add_lora(model.model, Lora(rank=2))
    before = weights(model.model)
    steps = list(trainer(model, steps=5, optimizer=optimizer, lora=Lora(rank=2), weight_decay=0.1))
    after = weights(model.model)
    frozen = {name.replace(".linear.", "."): after[name] for name in after if name.replace(".linear.", ".") in base}
    assert identical(frozen, base)
    changed = {name for name in after if not torch.equal(after[name], before[name])}
    assert changed == {name for name, weight in model.model.named_parameters() if weight.requires_grad}
    assert steps[-1].loss < steps[0].loss
