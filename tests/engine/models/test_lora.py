import copy
from typing import Any

import pytest
import torch
from peft import LoraConfig, inject_adapter_in_model
from torch import nn

from engine.models import ModelSpec, build
from engine.models.lora import LoraLinear, adapters, add_lora, merge_lora
from engine.scenario import Lora
from engine.scenario_table import Matrix
from tests.engine.small import TRANSFORMER, VOCABULARY, identical, language_model, shaken, weights

TOKENS = torch.tensor([[4, 5, 1, 6, 7]])


def adapted(rank: int = 2, alpha: float = 6.0) -> tuple[nn.Module, nn.Module]:
    """A model, and the same with adapters."""
    plain = language_model(TRANSFORMER)
    model = copy.deepcopy(plain)
    add_lora(model, Lora(rank=rank, alpha=alpha))
    return plain, model


def test_fresh_adapters_change_no_logits() -> None:
    plain, model = adapted()
    assert torch.equal(model(TOKENS, mark=2), plain(TOKENS, mark=2))


def test_every_linear_layer_has_an_adapter_and_nothing_else_trains() -> None:
    plain, model = adapted()
    layers = {name for name, child in plain.named_modules() if isinstance(child, nn.Linear)}
    assert {name for name, child in model.named_modules() if isinstance(child, LoraLinear)} == layers
    trained = {name for name, weight in model.named_parameters() if weight.requires_grad}
    assert trained == {f"{layer}.{part}.weight" for layer in layers for part in ("down", "up")}


@pytest.mark.parametrize("layers", [["query", "value"], ["up", "down"], ["output"]])
def test_only_the_layers_asked_for_get_an_adapter(layers: list[Matrix]) -> None:
    model = language_model(TRANSFORMER)
    add_lora(model, Lora(rank=2, layers=layers))
    adapted = [name for name, child in model.named_modules() if isinstance(child, LoraLinear)]
    assert {name.rpartition(".")[2] for name in adapted} == set(layers)
    assert len(adapted) == 2 * len(layers)


def test_the_adapters_are_all_that_trains() -> None:
    _, model = adapted()
    trained = {name: weight for name, weight in model.named_parameters() if weight.requires_grad}
    assert adapters(model).keys() == trained.keys()
    assert all(adapters(model)[name] is weight for name, weight in trained.items())


@pytest.mark.parametrize("layers", [["query", "value"], []])
def test_adapters_do_what_those_of_peft_do(layers: list[Matrix]) -> None:
    plain = language_model(TRANSFORMER)
    ours, theirs = copy.deepcopy(plain), copy.deepcopy(plain)
    add_lora(ours, Lora(rank=3, alpha=6.0, layers=layers))
    names = layers or ["query", "key", "value", "output", "up", "down"]
    inject_adapter_in_model(LoraConfig(r=3, lora_alpha=6, target_modules=[*map(str, names)]), theirs)
    with torch.no_grad():
        for name, layer in ours.named_modules():
            if isinstance(layer, LoraLinear):
                nn.init.normal_(layer.up.weight, std=0.3)
                their: Any = theirs.get_submodule(name)
                their.lora_A["default"].weight.copy_(layer.down.weight)
                their.lora_B["default"].weight.copy_(layer.up.weight)
    optimizers = [torch.optim.SGD([w for w in m.parameters() if w.requires_grad], lr=0.1) for m in (ours, theirs)]
    for _ in range(3):
        for model, optimizer in zip((ours, theirs), optimizers, strict=True):
            torch.autograd.backward(model(TOKENS, mark=2).log_softmax(-1)[..., 5].sum())
            optimizer.step()
            optimizer.zero_grad()
        assert torch.allclose(ours(TOKENS, mark=2), theirs(TOKENS, mark=2), rtol=1e-4, atol=1e-5)
    for name, layer in ours.named_modules():
        if isinstance(layer, LoraLinear):
            their = theirs.get_submodule(name)
            assert torch.allclose(layer.down.weight, their.lora_A["default"].weight, rtol=1e-4, atol=1e-6)
            assert torch.allclose(layer.up.weight, their.lora_B["default"].weight, rtol=1e-4, atol=1e-6)
            their.merge()
    merge_lora(ours)
    for name, weight in ours.named_parameters():
        parent, _, last = name.rpartition(".")
        their = theirs.get_submodule(parent)
        assert torch.allclose(weight, getattr(their, "base_layer", their).get_parameter(last), rtol=1e-4, atol=1e-5)


def test_an_adapter_adds_its_product_times_alpha_over_rank() -> None:
    layer = LoraLinear(nn.Linear(3, 4, bias=False), Lora(rank=2, alpha=6.0))
    shaken(layer, seed=0)
    x = torch.tensor([1.0, 2.0, 3.0])
    expected = (layer.linear.weight + 3.0 * layer.up.weight @ layer.down.weight) @ x
    assert torch.allclose(layer(x), expected, atol=1e-5)


def test_the_adapters_of_a_layer_are_as_narrow_as_their_rank() -> None:
    model = build(ModelSpec(TRANSFORMER, VOCABULARY, lora=Lora(rank=3)))
    shapes = {name: tuple(weight.shape) for name, weight in model.named_parameters() if weight.requires_grad}
    assert shapes["layers.0.up.down.weight"] == (3, 16)
    assert shapes["layers.0.up.up.weight"] == (64, 3)


def test_merged_adapters_leave_the_plain_model_with_the_same_answers_and_all_weights_training() -> None:
    plain, model = adapted()
    shaken(model, seed=1, std=0.3)
    logits = model(TOKENS, mark=2)
    merge_lora(model)
    assert model.state_dict().keys() == plain.state_dict().keys()
    assert torch.allclose(model(TOKENS, mark=2), logits, rtol=1e-3, atol=1e-3)
    assert all(weight.requires_grad for weight in model.parameters())


def test_merging_fresh_adapters_gives_the_base_back_bit_for_bit() -> None:
    plain, model = adapted()
    merge_lora(model)
    assert identical(weights(model), weights(plain))


@pytest.mark.parametrize("seed", [0, 1])
def test_a_model_with_adapters_is_built_alike_from_the_same_seed(seed: int) -> None:
    spec = ModelSpec(TRANSFORMER, VOCABULARY, lora=Lora(rank=2))
    torch.manual_seed(seed)
    one = weights(build(spec))
    torch.manual_seed(seed)
    assert identical(weights(build(spec)), one)
