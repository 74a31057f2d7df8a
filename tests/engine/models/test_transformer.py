import math

import pytest
import torch
from torch import Tensor

from engine.architectures import Transformer as Config
from engine.models.transformer import Transformer, attention_mask
from engine.tokenizer import ANSWER
from tests.engine.small import ANCHORED, BOTH, ROTARY, VOCABULARY, language_model

CPU = torch.device("cpu")


def normalised(x: Tensor, weight: Tensor) -> Tensor:
    return x / (x.square().mean(-1, keepdim=True) + torch.finfo(torch.float32).eps).sqrt() * weight


def turned(vector: Tensor, position: int) -> Tensor:
    """Each pair of features (i, i + K / 2) as a complex number, times the unit number of its angle."""
    half = len(vector) // 2
    angles = torch.tensor([position / 10_000 ** (i / half) for i in range(half)])
    product = torch.complex(vector[:half], vector[half:]) * torch.polar(torch.ones(half), angles)
    return torch.cat([product.real, product.imag])


def by_hand(model: Transformer, tokens: list[int], mark: int) -> Tensor:
    """The logits of all columns, one column and one head after another."""
    config, weights = model.config, model.state_dict()
    width = config.width // config.heads
    columns = range(len(tokens))
    stream = [weights["embedding.weight"][token] for token in tokens]
    if "anchored" in config.positions:
        stream = [x + weights["anchored.weight"][config.context + t - mark] for t, x in enumerate(stream)]
    for i in range(config.layers):
        layer = {name.removeprefix(f"layers.{i}."): weight for name, weight in weights.items()}
        read = [normalised(x, layer["attention_norm.weight"]) for x in stream]
        gathered: list[list[Tensor]] = [[] for _ in columns]
        for head in range(config.heads):
            part = slice(head * width, (head + 1) * width)
            query, key, value = (
                [(layer[f"attention.{name}.weight"] @ x)[part] for x in read] for name in ("query", "key", "value")
            )
            if "rotary" in config.positions:
                query = [turned(x, t - mark) for t, x in enumerate(query)]
                key = [turned(x, t - mark) for t, x in enumerate(key)]
            for t in columns:
                scores = torch.stack([query[t] @ key[s] / math.sqrt(width) for s in range(t + 1)]).softmax(0)
                gathered[t].append(sum((scores[s] * value[s] for s in range(t + 1)), torch.zeros(width)))
        stream = [x + layer["attention.output.weight"] @ torch.cat(gathered[t]) for t, x in enumerate(stream)]
        hidden = [(layer["up.weight"] @ normalised(x, layer["feed_forward_norm.weight"])).relu() ** 2 for x in stream]
        stream = [x + layer["down.weight"] @ hidden[t] for t, x in enumerate(stream)]
    return torch.stack([weights["embedding.weight"] @ normalised(x, weights["norm.weight"]) for x in stream])


@pytest.mark.parametrize("config", [ANCHORED, ROTARY, BOTH], ids=lambda config: config.positions)
@pytest.mark.parametrize("mark", [0, 3, 6])
@torch.inference_mode()
def test_the_logits_from_the_mark_on_are_those_of_the_whole_computation(config: Config, mark: int) -> None:
    tokens = [4, 5, 6, ANSWER, 7, 4, 11]
    model = language_model(config, seed=3)
    assert isinstance(model, Transformer)
    logits = model(torch.tensor([tokens]), mark=mark)[0]
    assert torch.allclose(logits, by_hand(model, tokens, mark)[mark:], rtol=1e-4, atol=1e-4)


def test_a_fresh_model_is_the_identity_between_embedding_and_output() -> None:
    torch.manual_seed(0)
    model = Transformer(ROTARY, VOCABULARY)
    logits = model(torch.tensor([[4, 5, ANSWER]]), mark=2)[0, 0]
    alone = model.embedding.weight @ normalised(model.embedding.weight[ANSWER], torch.ones(16))
    assert torch.allclose(logits, alone, atol=1e-6)


def test_only_anchored_positions_are_learnt() -> None:
    assert Transformer(ROTARY, VOCABULARY).anchored is None
    anchored = Transformer(ANCHORED, VOCABULARY).anchored
    assert anchored is not None
    assert anchored.weight.shape == (2 * 24, 16)


def test_a_column_looks_at_itself_and_back_but_never_at_padding() -> None:
    mask = attention_mask(0, 3, torch.tensor([0, 2]), CPU).int().tolist()
    assert mask == [[[[1, 0, 0], [1, 1, 0], [1, 1, 1]]], [[[1, 0, 0], [0, 1, 0], [0, 0, 1]]]]


def test_new_columns_look_at_those_before_them() -> None:
    assert attention_mask(2, 4, None, CPU).int().tolist() == [[[[1, 1, 1, 0], [1, 1, 1, 1]]]]
