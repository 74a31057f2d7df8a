import random
from dataclasses import replace

import pytest
import torch

from engine.architectures import Gru, GruClassifier, GruTagger, Transformer
from engine.architectures import Tokenizer as TokenizerConfig
from engine.evaluate import evaluate, sample, score
from engine.examples import Example
from engine.inference.answer import Answerer
from engine.memory import OutOfMemory
from engine.models import ModelSpec, build
from engine.pretraining import tokenizer_of_base
from engine.prompt import PlainPrompter
from engine.protocol import Score
from engine.scenario import Scenario
from engine.tokenizer import END, PAD, UNKNOWN
from tests.engine.small import (
    EXAMPLES,
    GRU,
    LANGUAGE_MODELS,
    Says,
    answerer,
    saying,
    shaken,
    trainer,
    with_memory_for,
)

COUNTING = [Example(f"{word} {n}", word[0] * n, word) for word in ("ant", "bee") for n in range(1, 9)]
"""Half-way through, a model gets the letter right and the number wrong."""


def half_trained(config: Transformer, steps: int) -> Answerer:
    model = answerer(config, COUNTING)
    for _ in trainer(model, COUNTING, steps=steps, batch_size=0, learning_rate=0.02):
        pass
    return model


def by_decoding(model: Answerer, example: Example) -> str:
    """How the greedy answer to one example turns out."""
    response = model.prompter.response(example.response)
    (answer,) = model.answers([example.instruction], most=len(response))
    if answer == response:
        return "right"
    return "did not stop" if answer[:-1] == response[:-1] else "wrong"


def by_scoring(model: Answerer, example: Example) -> str:
    found = score(model, [example])
    assert (found.exact_match, found.did_not_stop) in {(1, 0), (0, 1), (0, 0)}
    return "right" if found.exact_match else "did not stop" if found.did_not_stop else "wrong"


# --- against decoding -------------------------------------------------------------------------------------------------


def test_every_example_is_scored_as_its_greedy_answer_turns_out() -> None:
    met = set()
    for steps in (15, 30, 60):
        model = half_trained(Transformer(width=16, layers=1, heads=2, context=24), steps)
        decoded = [by_decoding(model, example) for example in COUNTING]
        assert [by_scoring(model, example) for example in COUNTING] == decoded
        together = score(model, COUNTING)
        assert together.exact_match == decoded.count("right") / len(COUNTING)
        assert together.did_not_stop == decoded.count("did not stop") / len(COUNTING)
        met |= set(decoded)
    assert met == {"right", "wrong", "did not stop"}


@pytest.mark.parametrize("name", LANGUAGE_MODELS)
@pytest.mark.parametrize("seed", range(3))
def test_a_response_that_a_random_model_gives_is_right_and_any_other_is_not(name: str, seed: int) -> None:
    model = answerer(LANGUAGE_MODELS[name], tokenizer=TokenizerConfig(kind="characters"))
    shaken(model.model, seed)
    for instruction in ("1+2", "flip abc", ""):
        answer = model.answer(instruction, most=5)
        asked = Example(instruction, answer.response)
        assert by_scoring(model, asked) == by_decoding(model, asked)
        longer = Example(instruction, answer.response + "x")
        assert by_scoring(model, longer) == by_decoding(model, longer) != "right"


@pytest.mark.parametrize(
    ("said", "stops", "response", "expected"),
    [
        ("abc", True, "abc", "right"),
        ("abc", False, "abc", "did not stop"),
        ("abc", True, "ab", "did not stop"),
        ("abc", True, "abcd", "wrong"),
        ("abc", True, "abd", "wrong"),
        ("abc", True, "xbc", "wrong"),
    ],
)
def test_right_wrong_and_right_without_an_end(said: str, stops: bool, response: str, expected: str) -> None:
    model = saying(said, stops=stops)
    assert by_scoring(model, Example("x", response)) == expected
    assert by_decoding(model, Example("x", response)) == expected


@pytest.mark.parametrize("said", [[UNKNOWN, END], [UNKNOWN, UNKNOWN], [PAD, END]])
def test_a_response_that_cannot_be_encoded_is_never_right_nor_half_right(said: list[int]) -> None:
    model = saying("abc")
    model = replace(model, model=Says(said, model.spec.vocabulary))
    assert by_scoring(model, Example("x", "ä")) == "wrong"
    shorter = Example("x", "")
    assert score(model, [Example("x", "ä"), shorter]).exact_match == 0
    assert score(model, [Example("x", "ä"), shorter]).did_not_stop == (by_scoring(model, shorter) == "did not stop") / 2


# --- the notebook's models --------------------------------------------------------------------------------------------


def test_a_tagger_is_right_when_all_its_letters_are() -> None:
    examples = [Example("cat", "tac"), Example("dog", "god")]
    model = answerer(GruTagger(), examples)
    for _ in trainer(model, examples, steps=60, batch_size=0, learning_rate=0.05):
        pass
    answers = [model.answer(example.instruction).response for example in examples]
    assert answers == ["tac", "god"]
    assert score(model, [*examples, Example("cat", "tab")]).exact_match == pytest.approx(2 / 3)
    assert score(model, [Example("cat", "tac!")]).exact_match == 0
    assert score(model, [Example("cat", "Tac")]).exact_match == 1


def test_a_tagger_cannot_give_a_response_that_is_longer_than_its_letters() -> None:
    model = answerer(GruTagger(length=3), [Example("abc", "xyz")])
    for _ in trainer(model, [Example("abc", "xyz")], steps=40, learning_rate=0.05):
        pass
    assert score(model, [Example("abc", "xyz")]).exact_match == 1
    assert score(model, [Example("abc", "xyzz")]).exact_match == 0


def test_a_label_that_training_never_met_is_wrong_and_counts_in_no_loss() -> None:
    examples = [Example("Hello", "greeting"), Example("Bye", "farewell")]
    model = answerer(GruClassifier(), examples)
    said = model.answer("Hello").response
    known = score(model, [Example("Hello", said)])
    assert known.exact_match == 1
    both = score(model, [Example("Hello", said), Example("Hello", "question")])
    assert both == Score(0.5, 0.0, known.loss, 2)
    assert score(model, [Example("Hello", "question")]) == Score(0.0, 0.0, 0.0, 1)


# --- loss and groups --------------------------------------------------------------------------------------------------


def test_the_loss_is_the_mean_over_all_target_tokens_however_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    model = answerer(GRU)
    shaken(model.model, seed=1)
    total, count = 0.0, 0
    for example in EXAMPLES:
        prompt, response = model.prompter.prompt(example.instruction), model.prompter.response(example.response)
        with torch.inference_mode():
            logits = model.model(torch.tensor([prompt + response[:-1]]), mark=len(prompt) - 1)[0]
        total -= logits.log_softmax(-1)[range(len(response)), response].sum().item()
        count += len(response)
    whole = score(model, EXAMPLES)
    assert whole.loss == pytest.approx(total / count, rel=1e-4)
    monkeypatch.setattr("engine.evaluate.CHUNK", 3)
    assert score(model, EXAMPLES).loss == pytest.approx(whole.loss, rel=1e-5)


def test_where_memory_is_short_fewer_examples_are_read_at_once_and_the_score_is_the_same() -> None:
    model = answerer(GRU)
    whole = score(model, EXAMPLES)
    tried = with_memory_for(4, model.model)
    found = score(model, EXAMPLES)
    assert tried == [13, 7, 4, 4, 4, 1]
    assert found.exact_match == whole.exact_match
    assert found.loss == pytest.approx(whole.loss, rel=1e-5)


def test_without_memory_for_one_example_there_is_no_score() -> None:
    model = answerer(GRU)
    with_memory_for(0, model.model)
    with pytest.raises(OutOfMemory, match="no memory for even one example"):
        score(model, EXAMPLES)


def test_scores_are_grouped_by_split_and_task() -> None:
    examples = [
        Example("1", "abc", "one", "unseen"),
        Example("2", "abd", "one", "train"),
        Example("3", "abc", "two", "train"),
        Example("4", "abd", "two", "train"),
    ]
    scores = evaluate(saying("abc"), examples)
    assert list(scores) == ["train", "unseen"]
    assert {(split, task): (s.exact_match, s.examples) for split in scores for task, s in scores[split].items()} == {
        ("unseen", "one"): (1.0, 1),
        ("train", "one"): (0.0, 1),
        ("train", "two"): (0.5, 2),
    }


def test_nothing_to_evaluate_gives_no_scores() -> None:
    assert evaluate(saying("abc"), []) == {}


def test_looking_at_a_model_changes_neither_it_nor_any_random_generator() -> None:
    model = answerer()
    training = trainer(model)
    training.train_step()
    state, python, before = torch.get_rng_state(), random.getstate(), model.model.state_dict()
    evaluate(model, sample(EXAMPLES, 3, seed=1))
    assert torch.equal(torch.get_rng_state(), state)
    assert random.getstate() == python
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.model.state_dict().items())


# --- samples ----------------------------------------------------------------------------------------------------------

MANY = [
    Example(f"{n}", "", task, split) for task in ("one", "two") for split in ("train", "validation") for n in range(30)
]


def test_a_sample_has_at_most_so_many_examples_of_each_task_and_split() -> None:
    kept = sample([*MANY, Example("single", "", "three")], 10, seed=0)
    groups = [(example.task, example.split) for example in kept]
    assert {group: groups.count(group) for group in groups} == {
        ("one", "train"): 10,
        ("one", "validation"): 10,
        ("two", "train"): 10,
        ("two", "validation"): 10,
        ("three", "train"): 1,
    }


def test_the_same_seed_takes_the_same_sample_and_another_seed_another_one() -> None:
    one, again, other = (sample(MANY, 5, seed) for seed in (1, 1, 2))
    assert one == again
    assert {e.instruction for e in one} != {e.instruction for e in other}


def test_a_sample_is_not_the_beginning_of_the_data_and_holds_nothing_twice() -> None:
    kept = [example for example in sample(MANY, 10, seed=0) if example.task == "one" and example.split == "train"]
    assert len({example.instruction for example in kept}) == 10
    assert {example.instruction for example in kept} != {str(n) for n in range(10)}


# --- a base -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "stops", "outcome"),
    [("ba", True, "right"), ("ba ; ", True, "right"), ("ba x", False, "did not stop"), ("b ;", False, "wrong")],
)
def test_of_a_base_a_separator_ends_the_answer_too(said: str, stops: bool, outcome: str) -> None:
    tokens = tokenizer_of_base(Scenario(title="Base"))
    ids = tokens.encode(said.rstrip()) + ([END] if stops else [])
    spec = ModelSpec(Gru(width=1, context=24), len(tokens))
    base = Answerer(Says(ids, len(tokens)), spec, PlainPrompter(tokens))
    assert by_scoring(base, Example("flip : ab =", "ba")) == outcome


def test_the_loss_of_a_base_counts_all_ends_as_one() -> None:
    tokens = tokenizer_of_base(Scenario(title="Base"))
    spec = ModelSpec(GRU, len(tokens))
    base = Answerer(shaken(build(spec), seed=0), spec, PlainPrompter(tokens))
    logits_AV = base.model(torch.tensor([base.prompter.prompt("flip : ab =") + tokens.encode("b")]), mark=4)[0]
    logs_AV = logits_AV.log_softmax(-1)
    expected = -(logs_AV[0, tokens.encode("b")[0]] + logs_AV[1, base.prompter.ends].logsumexp(-1)) / 2
    assert score(base, [Example("flip : ab =", "b")]).loss == pytest.approx(expected.item(), rel=1e-4)
