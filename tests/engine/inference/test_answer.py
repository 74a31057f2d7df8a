from dataclasses import replace

import pytest
import torch

from engine.architectures import GruClassifier, GruTagger, Model
from engine.architectures import Tokenizer as TokenizerConfig
from engine.examples import Example
from engine.inference.answer import Answerer
from engine.inference.generate import Sampling, generate_plainly
from engine.memory import OutOfMemory
from engine.models import LanguageModel
from engine.protocol import Token
from engine.tokenizer import END, PAD, UNKNOWN
from tests.engine.small import GRU, TRANSFORMER, Says, answerer, saying, shaken, with_memory_for

BYTES = TokenizerConfig(kind="bytes")


def babbling() -> Answerer:
    """A model that says something or other."""
    model = answerer()
    shaken(model.model, seed=4)
    return model


def test_an_answer_is_its_tokens_joined_without_the_end_token() -> None:
    answer = saying("abc").answer("flip cba")
    assert (answer.prompt, answer.response, answer.stopped, answer.note) == ("flip cba", "abc", True, "")
    assert [token.text for token in answer.tokens] == ["a", "b", "c", ""]


def test_an_answer_that_does_not_stop_fills_the_context() -> None:
    answer = saying("abc", stops=False, context=10).answer("flip")
    assert answer.response == "abccc"
    assert not answer.stopped


@pytest.mark.parametrize(("most", "response"), [(0, ""), (2, "ab"), (9, "abc")])
def test_an_answer_has_no_more_tokens_than_asked_for(most: int, response: str) -> None:
    assert saying("abc").answer("flip", most=most).response == response


def test_each_token_is_told_as_soon_as_it_is_chosen() -> None:
    told: list[Token] = []
    answer = babbling().answer("1+2", on_token=told.append)
    assert told == answer.tokens
    assert "".join(token.text for token in told) == answer.response


def test_a_token_comes_with_its_probability_and_the_runners_up() -> None:
    model = babbling()
    ids = model.prompter.prompt("1+2")
    with torch.inference_mode():
        probabilities = model.model(torch.tensor([ids]), mark=len(ids) - 1)[0, -1].softmax(-1)
    order = probabilities.argsort(descending=True).tolist()
    first = model.answer("1+2", runners_up=2).tokens[0]
    names = model.prompter.tokenizer.vocabulary
    assert first.probability == pytest.approx(probabilities[order[0]].item(), rel=1e-4)
    assert [name for name, _ in first.runners_up] == [names[order[1]], names[order[2]]]
    assert [share for _, share in first.runners_up] == pytest.approx(probabilities[order[1:3]].tolist(), rel=1e-4)


def test_the_chosen_token_is_not_among_its_runners_up() -> None:
    model = babbling()
    tokens = model.answer("1+2", Sampling(temperature=50.0, seed=1), runners_up=3).tokens
    assert any(token.text for token in tokens)
    assert all(len(token.runners_up) == 3 for token in tokens)
    assert all(token.text not in dict(token.runners_up) for token in tokens)


def test_unknown_characters_of_a_prompt_are_noted_and_it_is_answered_all_the_same() -> None:
    answer = saying("abc").answer("flip äöä")
    assert "ä ö" in answer.note
    assert answer.response == "abc"


def test_a_prompt_that_leaves_no_room_is_not_answered_and_says_why() -> None:
    fits, too_long = saying("abc", context=10).answer("x" * 8), saying("abc", context=10).answer("x" * 9)
    assert fits.response == "a"
    assert (too_long.response, too_long.tokens, too_long.stopped) == ("", [], False)
    assert "longer than the model's 10 tokens" in too_long.note


def test_a_character_of_several_bytes_is_told_once_when_it_is_complete() -> None:
    answer = saying("dé!", tokenizer=BYTES).answer("x")
    assert answer.response == "dé!"
    assert [token.text for token in answer.tokens] == ["d", "", "é", "!", ""]


def test_words_of_an_answer_are_told_with_the_space_before_them() -> None:
    answer = saying("see you later", tokenizer=TokenizerConfig(kind="words")).answer("bye")
    assert [token.text for token in answer.tokens] == ["see", " you", " later", ""]


def test_many_answers_at_once_are_the_greedy_ones_of_each() -> None:
    model = babbling()
    assert isinstance(model.model, LanguageModel)
    prompts = ["1+2", "flip abc", "flip a", "9"]
    for prompt, ids in zip(prompts, model.answers(prompts, most=12), strict=True):
        plain = generate_plainly(model.model, model.prompter.prompt(prompt), most=12)
        assert ids == (plain if END in plain else plain + [PAD] * (12 - len(plain)))


def test_where_memory_is_short_fewer_are_answered_at_once() -> None:
    model = babbling()
    prompts = ["1+2", "flip abc", "flip a", "9", "5+2"]
    whole = model.answers(prompts, most=12)
    tried = with_memory_for(2, model.model)
    assert model.answers(prompts, most=12) == whole
    assert {1, 2} < set(tried)


def test_without_memory_for_one_answer_it_says_what_to_do() -> None:
    model = babbling()
    with_memory_for(0, model.model)
    with pytest.raises(OutOfMemory, match="use a smaller model"):
        model.answer("1+2")
    with pytest.raises(OutOfMemory, match="use a smaller model"):
        model.answers(["1+2", "9"], most=3)


def test_answers_keep_what_a_model_says_even_where_it_is_padding() -> None:
    model = saying("abc")
    model = replace(model, model=Says([PAD, UNKNOWN, END], model.spec.vocabulary))
    assert model.answers(["x"], most=9) == [[PAD, UNKNOWN, END]]


def test_a_taggers_answer_is_a_letter_for_each_position_and_always_complete() -> None:
    model = answerer(GruTagger(), [Example("Add 1 and 2", "3")])
    answer = model.answer("Add 1 and 2")
    assert len(answer.tokens) == 10
    assert answer.stopped
    assert answer.response == model.text(model.answers(["Add 1 and 2"], most=10)[0])


def test_a_classifiers_answer_is_a_label_with_the_others_as_runners_up() -> None:
    examples = [Example("Hello", "greeting"), Example("Bye", "farewell")]
    model = answerer(GruClassifier(), examples)
    answer = model.answer("Hello friend")
    assert answer.response == model.spec.labels[model.answers(["Hello friend"], most=1)[0][0]]
    (token,) = answer.tokens
    assert {token.text, token.runners_up[0][0]} == {"greeting", "farewell"}
    assert token.probability + token.runners_up[0][1] == pytest.approx(1)
    assert "friend" in answer.note


@pytest.mark.parametrize("config", [TRANSFORMER, GRU])
def test_asking_leaves_torchs_own_generator_alone(config: Model) -> None:
    model = answerer(config)
    before = torch.get_rng_state()
    model.answer("1+2", Sampling(temperature=1.0))
    model.answers(["1+2", "3"], most=4)
    assert torch.equal(torch.get_rng_state(), before)
