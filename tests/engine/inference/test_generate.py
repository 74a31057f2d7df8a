import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.inference.generate import GREEDY, Sampling, choose, generate, generate_plainly
from engine.models import LanguageModel
from engine.tokenizer import ANSWER, END, PAD, SPECIAL
from tests.engine.small import GRU, LANGUAGE_MODELS, TRANSFORMER, VOCABULARY, Says, language_model

CONTEXT = 24
MANY = 20_000

prompts = st.lists(st.integers(len(SPECIAL), VOCABULARY - 1), max_size=CONTEXT + 2).map(lambda ids: [*ids, ANSWER])


def generated(
    model: LanguageModel, prompt_list: list[list[int]], most: int, sampling: Sampling = GREEDY
) -> list[list[int]]:
    """The tokens of each prompt, with PAD behind the end."""
    columns = [chosen.tokens_B for chosen in generate(model, prompt_list, most=most, sampling=sampling)]
    return torch.stack(columns, dim=1).tolist() if columns else [[] for _ in prompt_list]


# --- the fast way against the plain one -------------------------------------------------------------------------------


@settings(max_examples=20)
@given(
    prompt_list=st.lists(prompts, min_size=1, max_size=5), seed=st.integers(0, 1000), most=st.integers(0, CONTEXT + 3)
)
@pytest.mark.parametrize("name", LANGUAGE_MODELS)
def test_a_batch_with_a_cache_answers_like_one_prompt_after_another_without(
    name: str, prompt_list: list[list[int]], seed: int, most: int
) -> None:
    model = language_model(LANGUAGE_MODELS[name], seed)
    for prompt, answer in zip(prompt_list, generated(model, prompt_list, most), strict=True):
        plain = generate_plainly(model, prompt, most=most)
        assert answer == plain + [PAD] * (len(answer) - len(plain))
        assert END not in plain[:-1]
        assert len(plain) <= min(most, max(CONTEXT - len(prompt), 0))


def test_the_tests_above_meet_answers_that_end_and_answers_that_do_not() -> None:
    ends = [generate_plainly(language_model(TRANSFORMER, seed), [5, ANSWER], most=30)[-1] == END for seed in range(20)]
    assert any(ends)
    assert not all(ends)


# --- where answers end ------------------------------------------------------------------------------------------------


def test_nothing_is_said_after_the_end_token() -> None:
    steps = list(generate(Says([5, 6, END, 7], VOCABULARY), [[4, ANSWER], [4, 4, ANSWER]], most=20))
    assert [chosen.tokens_B.tolist() for chosen in steps] == [[5, 5], [6, 6], [END, END]]


def test_a_row_that_has_ended_is_padded_while_others_go_on() -> None:
    short, long = [4] * (CONTEXT - 3) + [ANSWER], [4, ANSWER]
    assert generated(Says([5], VOCABULARY), [short, long], most=4) == [[5, 5, PAD, PAD], [5, 5, 5, 5]]


@pytest.mark.parametrize("name", LANGUAGE_MODELS)
def test_a_prompt_longer_than_the_context_gets_no_answer_and_leaves_the_others_theirs(name: str) -> None:
    model = language_model(LANGUAGE_MODELS[name], seed=3)
    for length in (CONTEXT, CONTEXT + 1, 3 * CONTEXT):
        too_long = [4] * (length - 1) + [ANSWER]
        assert generated(model, [too_long], most=5) == [[]]
        answers = generated(model, [too_long, [5, ANSWER]], most=5)
        plain = generate_plainly(model, [5, ANSWER], most=5)
        assert answers == [[PAD] * len(plain), plain]


@pytest.mark.parametrize("most", [0, 1, 7])
def test_there_are_never_more_tokens_than_asked_for(most: int) -> None:
    assert generated(Says([5], VOCABULARY), [[ANSWER]], most) == [[5] * most]


def test_the_probabilities_are_the_models_own_whatever_the_sampling() -> None:
    model = language_model(TRANSFORMER)
    prompt = [4, 5, ANSWER]
    with torch.inference_mode():
        expected = model(torch.tensor([prompt]), mark=2)[0, -1].softmax(-1)
    for sampling in (GREEDY, Sampling(temperature=5.0, top_k=2, top_p=0.3)):
        first = next(generate(model, [prompt], most=1, sampling=sampling))
        assert torch.allclose(first.probabilities_BV[0], expected, atol=1e-5)


# --- chance -----------------------------------------------------------------------------------------------------------


def test_the_same_seed_says_the_same_and_another_seed_something_else() -> None:
    model = language_model(GRU, seed=1)
    said = [generated(model, [[4, ANSWER]], 20, Sampling(temperature=3.0, seed=seed)) for seed in (0, 0, 1)]
    assert said[0] == said[1] != said[2]


@pytest.mark.parametrize("sampling", [GREEDY, Sampling(temperature=1.0)])
def test_saying_something_leaves_torchs_own_generator_alone(sampling: Sampling) -> None:
    model = language_model(TRANSFORMER)
    before = torch.get_rng_state()
    generated(model, [[4, ANSWER]], 10, sampling)
    assert torch.equal(torch.get_rng_state(), before)


LOGITS = [2.0, 1.0, 0.5, 0.0, -1.0]


def shares(sampling: Sampling) -> Tensor:
    """How often each of five tokens is chosen."""
    generator = torch.Generator().manual_seed(sampling.seed)
    chosen = choose(torch.tensor([LOGITS]).expand(MANY, -1), sampling, generator)
    return torch.bincount(chosen, minlength=len(LOGITS)) / MANY


def directly(temperature: float, kept: int) -> list[float]:
    """The probabilities of the five tokens when only the first `kept` are left."""
    weights = [math.exp(logit / temperature) if i < kept else 0.0 for i, logit in enumerate(LOGITS)]
    return [weight / sum(weights) for weight in weights]


@pytest.mark.parametrize(
    ("sampling", "expected"),
    [
        (Sampling(temperature=1.0), directly(1.0, 5)),
        (Sampling(temperature=0.5), directly(0.5, 5)),
        (Sampling(temperature=3.0), directly(3.0, 5)),
        (Sampling(temperature=1.0, top_k=1), directly(1.0, 1)),
        (Sampling(temperature=2.0, top_k=3), directly(2.0, 3)),
        (Sampling(temperature=1.0, top_k=99), directly(1.0, 5)),
        (Sampling(temperature=1.0, top_p=0.5), directly(1.0, 1)),  # the first has 0.56
        (Sampling(temperature=1.0, top_p=0.6), directly(1.0, 2)),  # the first two have 0.76
        (Sampling(temperature=1.0, top_p=0.8), directly(1.0, 3)),
        (Sampling(temperature=1.0, top_p=0.8, top_k=2), directly(1.0, 2)),
        (Sampling(temperature=1.0, top_p=0.0), directly(1.0, 1)),
        (Sampling(temperature=0.0), directly(1.0, 1)),
    ],
)
def test_tokens_are_chosen_with_their_probabilities(sampling: Sampling, expected: list[float]) -> None:
    found = shares(sampling).tolist()
    assert found == pytest.approx(expected, abs=0.015)
    assert [share > 0 for share in found] == [share > 0 for share in expected]


def test_rows_are_chosen_apart() -> None:
    logits = torch.tensor([[9.0, 0.0, 0.0], [0.0, 0.0, 9.0]])
    chosen = choose(logits, Sampling(temperature=0.1), torch.Generator().manual_seed(0))
    assert chosen.tolist() == [0, 2]
