import dataclasses

import torch

from engine.inference.answer import Answerer
from engine.models import ModelSpec, build
from engine.pretraining import FRAME_WORDS, tokenizer_of_base
from engine.prompt import PlainPrompter, Prompter
from engine.reading import NOTHING, Reading, reading_of_base
from engine.scenario import Pretraining, Scenario
from engine.tasks.vocabulary import FILLERS
from engine.tokenizer import ANSWER, PAD, Characters
from engine.training.new_words import hold_new_words, place_new_words
from tests.engine.small import ROTARY, identical, shaken, weights

TOKENS = tokenizer_of_base(Scenario(title="Base"))
READ = reading_of_base(Pretraining(), TOKENS)
FRAMES = [word for word in FRAME_WORDS if word.isalpha() and len(word) > 1]


def base(reading: Reading = READ) -> Answerer:
    spec = ModelSpec(ROTARY, len(TOKENS))
    return Answerer(shaken(build(spec), seed=0), spec, PlainPrompter(TOKENS), reading)


def tuned(examples: set[int]) -> Answerer:
    return dataclasses.replace(base(READ.followed_by({*examples, ANSWER})), prompter=Prompter(TOKENS))


def rows(of: Answerer, *words: str) -> torch.Tensor:
    """Their embeddings."""
    return weights(of.model)["embedding.weight"][[TOKENS.encode(word)[0] for word in words]]


def ids(*words: str) -> set[int]:
    return {index for word in words for index in TOKENS.encode(word)}


def test_a_tuning_begins_with_new_words_in_the_middle_of_the_words_that_the_base_has_read() -> None:
    model = base()
    before = weights(model.model)["embedding.weight"]
    place_new_words(model)
    mean = rows(model, *FRAMES).mean(0)
    for row in rows(model, "please", "today", "you", "?"):
        assert torch.allclose(row, mean, atol=1e-6)
    kept = [*READ.tokens, PAD]
    assert torch.equal(weights(model.model)["embedding.weight"][kept], before[kept])


def test_the_answer_mark_of_a_base_points_anywhere_and_is_as_long_as_a_word() -> None:
    one, other = base(), base(Reading(Pretraining(seed=1), READ.tokens))
    for model in (one, other):
        place_new_words(model)
        mark = weights(model.model)["embedding.weight"][ANSWER]
        assert torch.allclose(mark.norm(), rows(model, *FRAMES).norm(dim=1).mean(), rtol=1e-4)
    marks = [weights(model.model)["embedding.weight"][ANSWER] for model in (one, other)]
    assert not torch.allclose(marks[0], marks[1])


def test_the_same_base_is_prepared_alike_and_what_was_tuned_is_left_alone() -> None:
    one, again, later = base(), base(), tuned(set())
    before = weights(later.model)
    for model in (one, again, later):
        place_new_words(model)
    assert identical(weights(one.model), weights(again.model))
    assert identical(weights(later.model), before)


def test_through_a_tuning_words_that_stay_new_are_held_in_the_middle_of_its_fillers() -> None:
    examples = ids("please", "can", "you", "flip", "c")
    model = tuned(examples)
    before = weights(model.model)["embedding.weight"]
    hold = hold_new_words(model, examples)
    assert hold is not None
    hold()
    assert torch.allclose(rows(model, "today")[0], rows(model, "please", "can", "you").mean(0), atol=1e-6)
    kept = [*READ.tokens, *examples, ANSWER, PAD]
    assert torch.equal(weights(model.model)["embedding.weight"][kept], before[kept])


def test_a_tuning_without_fillers_of_its_own_takes_all_that_were_ever_read() -> None:
    model = tuned(ids("flip", "please"))
    hold = hold_new_words(model, ids("flip", "c"))
    assert hold is not None
    hold()
    read = [word for word in FILLERS if word.isalpha() and len(word) > 1 and ids(word) <= set(model.reading.tokens)]
    assert {"please", "the"} <= set(read)
    assert torch.allclose(rows(model, "today")[0], rows(model, *read).mean(0), atol=1e-6)


def test_nothing_is_touched_where_it_is_not_known_what_was_read_or_all_was() -> None:
    spelled = dataclasses.replace(base(), prompter=PlainPrompter(Characters(TOKENS.vocabulary)))
    for model in (base(NOTHING), base(Reading(None, tuple(range(len(TOKENS))))), spelled):
        before = weights(model.model)
        place_new_words(model)
        assert identical(weights(model.model), before)
        assert hold_new_words(model, ids("please")) is None


def test_an_embedding_that_does_not_train_needs_no_holding() -> None:
    model = base()
    model.model.requires_grad_(False)
    assert hold_new_words(model, ids("please")) is None
