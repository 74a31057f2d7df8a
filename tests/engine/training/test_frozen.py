import pytest

from engine.errors import InputError
from engine.models.lora import add_lora
from engine.scenario import Lora
from engine.training.frozen import freeze
from tests.engine.small import ROTARY, language_model


def frozen(*parts: str) -> set[str]:
    """The weights of a small transformer that no longer train."""
    model = language_model(ROTARY)
    freeze(model, parts)
    return {name for name, weight in model.named_parameters() if not weight.requires_grad}


def test_a_part_is_all_that_it_holds_and_nothing_with_a_name_like_it() -> None:
    assert frozen() == set()
    assert frozen("embedding") == {"embedding.weight"}
    assert frozen("layers.1.attention") == {f"layers.1.attention.{name}.weight" for name in MATRICES}
    assert frozen("layers.0", "norm") == {name for name in frozen("layers") if ".0." in name} | {"norm.weight"}
    assert frozen("layers.1.up.weight") == {"layers.1.up.weight"}


MATRICES = ("query", "key", "value", "output")


def test_an_unknown_part_is_an_error_with_the_closest_name() -> None:
    with pytest.raises(InputError) as caught:
        frozen("embeding", "layer.0", "layers.2", "x")
    hints = [problem.hint for problem in caught.value.problems]
    assert hints[:2] == ["did you mean `embedding`?", "did you mean `layers.0`?"]
    assert hints[3] == "its parts are embedding, layers, norm; layers are counted from layers.0"


def test_something_must_be_left_to_train() -> None:
    with pytest.raises(InputError, match="every part"):
        frozen("embedding", "layers", "norm")


def test_of_a_model_with_adapters_those_of_a_frozen_part_stay_as_they_are() -> None:
    model = language_model(ROTARY)
    add_lora(model, Lora(rank=2))
    freeze(model, ["layers.0"])
    trained = {name.split(".")[1] for name, weight in model.named_parameters() if weight.requires_grad}
    assert trained == {"1"}
