import random

from engine.pretraining import tokenizer_of_base, writer
from engine.reading import NOTHING, Reading, reading_of_base
from engine.scenario import Pretraining, Scenario
from engine.tokenizer import ANSWER, END, PAD, UNKNOWN

TOKENS = tokenizer_of_base(Scenario(title="Base"))
ALL = Pretraining()


def words(reading: Reading) -> set[str]:
    return {TOKENS.vocabulary[index] for index in reading.tokens}


def test_a_base_has_read_every_token_of_its_text_but_words_that_an_answer_is_by_chance() -> None:
    read = set(reading_of_base(ALL, TOKENS).tokens)
    rng = random.Random("another")
    for _ in range(3000):
        for text, role in writer(ALL).document(rng):
            ids = TOKENS.encode(text)
            assert read.issuperset(ids) or (role == "answer" and len(ids) == 1)


def test_a_base_has_not_read_the_words_of_instructions_and_marks_that_steer() -> None:
    reading = reading_of_base(ALL, TOKENS)
    assert {"flip", "the", "then", " = ", "q", "Q", "3₁"} <= words(reading)
    assert words(reading).isdisjoint({"please", "can", "today", "you", " ? ", "<join>"})
    assert END in reading.tokens
    assert {PAD, ANSWER, UNKNOWN}.isdisjoint(reading.tokens)


def test_names_of_rules_that_it_was_not_told_of_are_new() -> None:
    few = reading_of_base(Pretraining(rules=["reverse"]), TOKENS)
    assert {"flip", "mirror"} <= words(few)
    assert "sum" not in words(few)


def test_what_is_read_later_is_added() -> None:
    assert Reading(ALL, (4, 9)).followed_by({7, 9}) == Reading(ALL, (4, 7, 9))


def test_of_a_model_that_was_no_base_it_is_not_known_what_it_has_read() -> None:
    assert NOTHING.followed_by({7}) == NOTHING
