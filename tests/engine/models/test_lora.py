import copy

import pytest
import torch
from torch import nn

from engine.models import ModelSpec, build
from engine.models.lora import LoraLinear, add_lora, merge_lora
from engine.scenario import Lora
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
