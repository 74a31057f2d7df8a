"""What every language model promises: logits depend on the row's own tokens up to their column, and on nothing else."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.inference.generate import pad_left
from engine.models import LanguageModel
from engine.tokenizer import ANSWER, PAD, SPECIAL
from tests.engine.small import LANGUAGE_MODELS, VOCABULARY, language_model

CPU = torch.device("cpu")

tokens = st.integers(len(SPECIAL), VOCABULARY - 1)
prompts = st.lists(tokens, max_size=8).map(lambda ids: [*ids, ANSWER])
answers = st.lists(tokens, max_size=8)


@pytest.fixture(params=LANGUAGE_MODELS)
def model(request: pytest.FixtureRequest) -> LanguageModel:
    return language_model(LANGUAGE_MODELS[request.param])


def read(model: LanguageModel, prompt: list[int], answer: list[int]) -> Tensor:
    """The logits of one example on its own, from the mark on."""
    with torch.inference_mode():
        logits: Tensor = model(torch.tensor([prompt + answer]), mark=len(prompt) - 1)
    return logits[0]


def close(one: Tensor, other: Tensor) -> bool:
    return torch.allclose(one, other, rtol=1e-4, atol=1e-4)


@settings(max_examples=15)
@given(rows=st.lists(st.tuples(prompts, answers), min_size=1, max_size=4), more=st.integers(0, 3))
@pytest.mark.parametrize("name", LANGUAGE_MODELS)
def test_a_row_is_read_alike_alone_and_in_any_batch_with_any_padding(
    name: str, rows: list[tuple[list[int], list[int]]], more: int
) -> None:
    model = language_model(LANGUAGE_MODELS[name])
    left, padding_B = pad_left([prompt for prompt, _ in rows], CPU)
    left, padding_B = torch.nn.functional.pad(left, (more, 0), value=PAD), padding_B + more
    width = max(len(answer) for _, answer in rows)
    right = torch.tensor([answer + [PAD] * (width - len(answer)) for _, answer in rows], dtype=torch.long)
    with torch.inference_mode():
        together = model(torch.cat([left, right], dim=1), mark=left.shape[1] - 1, padding_B=padding_B)
    for i, (prompt, answer) in enumerate(rows):
        assert close(together[i, : len(answer) + 1], read(model, prompt, answer))


@pytest.mark.parametrize("changed", range(6))
def test_a_token_changes_no_logits_before_it_and_some_from_it_on(model: LanguageModel, changed: int) -> None:
    prompt, answer = [4, 5, ANSWER], [6, 7, 8, 9, 10, 11]
    other = [*answer[:changed], 4, *answer[changed + 1 :]]
    before, after = read(model, prompt, answer), read(model, prompt, other)
    assert close(before[: changed + 1], after[: changed + 1])
    assert not close(before[changed + 1], after[changed + 1])


def test_the_prompt_is_read_from_its_first_token_on(model: LanguageModel) -> None:
    assert not close(read(model, [4, 5, 6, ANSWER], []), read(model, [7, 5, 6, ANSWER], []))
    assert not close(read(model, [4, 5, 6, ANSWER], []), read(model, [5, 4, 6, ANSWER], []))


@pytest.mark.parametrize("pieces", [[8], [3, 5], [3, 1, 1, 1, 1, 1], [1, 1, 1, 2, 3], [5, 3]])
def test_reading_piece_by_piece_with_a_cache_is_reading_at_once(model: LanguageModel, pieces: list[int]) -> None:
    tokens_BT = torch.tensor([[4, 5, ANSWER, 6, 7, 8, 9, 10], [PAD, 9, ANSWER, 4, 4, 5, 5, 6]])
    padding_B = torch.tensor([0, 1])
    with torch.inference_mode():
        at_once = model(tokens_BT, mark=2, padding_B=padding_B)
        cache = model.new_cache(2, 8)
        piecewise = [
            model(piece, mark=2, padding_B=padding_B, cache=cache) for piece in torch.split(tokens_BT, pieces, dim=1)
        ]
    assert close(torch.cat(piecewise, dim=1), at_once)


@pytest.mark.parametrize("prompt", [1, 24])
def test_the_whole_context_can_be_used_with_the_mark_at_either_end(model: LanguageModel, prompt: int) -> None:
    logits = read(model, [4] * (prompt - 1) + [ANSWER], [5] * (24 - prompt))
    assert logits.shape == (24 - prompt + 1, VOCABULARY)
    assert logits.isfinite().all()


def test_every_weight_learns(model: LanguageModel) -> None:
    logits = model(torch.tensor([[4, 5, ANSWER, 6, 7], [PAD, 9, ANSWER, 4, 4]]), mark=2, padding_B=torch.tensor([0, 1]))
    logits.square().sum().backward()
    assert [name for name, weight in model.named_parameters() if weight.grad is None or not weight.grad.any()] == []
