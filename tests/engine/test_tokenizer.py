import json
import string
from collections.abc import Sequence
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.architectures import Tokenizer as Config
from engine.errors import EngineError
from engine.examples import Example
from engine.tokenizer import (
    ANSWER,
    END,
    KINDS,
    PAD,
    PRINTABLE,
    SPECIAL,
    UNKNOWN,
    Letters,
    Tokenizer,
    build,
    from_dict,
    with_words,
)

KIND_NAMES = get_args(next(field for field in msgspec.structs.fields(Config) if field.name == "kind").type)


def made(kind: str, words: Sequence[str] = (), digit_places: int = 6) -> Tokenizer:
    """A tokenizer that knows these words, besides printable ASCII and é."""
    examples = [Example(" ".join(words), "é")] * 5
    return build(msgspec.convert({"kind": kind, "digit_places": digit_places}, Config), examples)


# Few letters and many of the characters that join and separate, so that most texts are hard ones.
hard_texts = st.text(st.sampled_from("ab" * 4 + "  " * 3 + "12,.\né'"), max_size=14)
word_lists = st.lists(st.text("ab", min_size=2, max_size=4), max_size=5)
known_texts = hard_texts | st.text(st.sampled_from([*PRINTABLE, "é"]), max_size=20)


def test_there_is_a_class_for_every_kind_that_a_scenario_may_name() -> None:
    assert set(KINDS) == set(KIND_NAMES)
    assert all(made(kind).kind == kind for kind in KIND_NAMES)


# --- there and back ---------------------------------------------------------------------------------------------------


@given(known_texts, word_lists, st.integers(0, 10))
def test_mixed_gives_every_text_of_known_characters_back(text: str, words: list[str], places: int) -> None:
    tokenizer = made("mixed", words, places)
    assert tokenizer.decode(tokenizer.encode(text)) == text


@given(st.text(st.sampled_from("ab" * 3 + "   ,->\n1"), max_size=14), st.integers(0, 10))
def test_marks_that_are_words_lose_nothing_either(text: str, places: int) -> None:
    tokenizer = with_words([",", "->", "\n", "ab"], places)
    assert tokenizer.decode(tokenizer.encode(text)) == text


@given(known_texts)
def test_characters_give_every_text_of_known_characters_back(text: str) -> None:
    tokenizer = made("characters")
    assert tokenizer.decode(tokenizer.encode(text)) == text


@given(st.text())
def test_bytes_give_every_text_back_and_know_all(text: str) -> None:
    tokenizer = made("bytes")
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert tokenizer.unknown(text) == ""


@pytest.mark.parametrize("kind", ["characters", "bytes", "words", "mixed"])
@given(st.text() | st.sampled_from(SPECIAL) | st.just("cat <end> <pad>"))
def test_nothing_that_is_typed_becomes_a_token_that_steers(kind: str, text: str) -> None:
    assert {PAD, ANSWER, END}.isdisjoint(made(kind, ["cat"]).encode(text))


@pytest.mark.parametrize("kind", KIND_NAMES)
@given(text=st.text(), words=word_lists)
def test_every_id_is_in_the_vocabulary(kind: str, text: str, words: list[str]) -> None:
    tokenizer = made(kind, words)
    assert all(0 <= index < len(tokenizer) for index in tokenizer.encode(text))


# --- mixed ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Reverse cat", "Reverse c a t"),
        ("Add 34 and 5", "Add 3₁ 4₀ and 5₀"),
        ("Add12", "Add <join> 1₁ 2₀"),
        ("12 34", "1₁ 2₀ _ 3₁ 4₀"),
        ("and, and", "and <join> , and"),
        ("(and)", "( <join> and <join> )"),
        ("and and", "and and"),
        ("and  and", "a n d _ _ a n d"),
        ("and\nand", "and <join> \n <join> and"),
        ("and \n and", "and \n and"),
        (" and ", "_ <join> and <join> _"),
        ("Android and band", "A n d r o i d and b a n d"),
        ("AND", "A N D"),
        ("1234567890", "1₅ 2₅ 3₅ 4₅ 5₅ 6₄ 7₃ 8₂ 9₁ 0₀"),
        ("", ""),
        ("<join>", "< j o i n >"),
    ],
)
def test_mixed_cuts_known_words_digits_and_the_rest(text: str, pieces: str) -> None:
    tokenizer = made("mixed", ["Add", "and", "Reverse"])
    expected = [piece.replace("_", " ") for piece in pieces.split(" ")] if pieces else []
    assert tokenizer.pieces(text) == expected
    assert tokenizer.decode(tokenizer.encode(text)) == text


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("ab -> c", ["ab", " -> ", "c"]),
        ("c -> d , ab", ["c", " -> ", "d", " , ", "ab"]),
        ("c->d, ab", ["c", "-", ">", "d", ",", "ab"]),
        ("c \n d", ["c", " \n ", "d"]),
        ("c  -> d", ["c", " ", " ", "-", ">", " ", "d"]),
        ("->", [" -> "]),
    ],
)
def test_a_mark_is_a_word_where_it_stands_alone(text: str, pieces: list[str]) -> None:
    assert with_words(["->", ",", "\n", "ab", "a"], 2).pieces(text) == pieces


def test_a_digit_says_its_place_counted_from_the_right_of_its_number() -> None:
    assert made("mixed", digit_places=2).pieces("7.305") == ["7₀", ".", "3₁", "0₁", "5₀"]


def test_without_places_a_digit_is_the_same_everywhere() -> None:
    tokenizer = made("mixed", digit_places=0)
    assert tokenizer.pieces("313") == ["3", "1", "3"]
    assert set(string.digits) < set(tokenizer.vocabulary)


def frequent_words(examples: list[Example]) -> set[str]:
    tokenizer = build(Config(), examples)
    return {name for name in tokenizer.vocabulary if name.isalpha() and len(name) > 1}


@pytest.mark.parametrize(("times", "of", "is_frequent"), [(4, 4, False), (5, 5, True), (5, 500, True), (5, 501, False)])
def test_a_word_is_one_token_from_five_examples_and_one_percent_on(times: int, of: int, is_frequent: bool) -> None:
    examples = [Example("word word", "1")] * times + [Example("2", "3")] * (of - times)
    assert frequent_words(examples) == ({"word"} if is_frequent else set())


def test_the_words_of_the_wording_are_tokens_and_those_of_the_content_are_spelled() -> None:
    contents = [first + second + third for first in "abcdefgh" for second in "xyz" for third in "pqrst"]
    examples = [Example(f"Reverse {content}", content[::-1], "reverse") for content in contents]
    examples += [Example(f"Add {n} and 1", str(n + 1), "add") for n in range(5)]
    assert frequent_words(examples) == {"Reverse", "Add", "and"}


def test_a_word_counts_within_its_task_and_only_in_training_examples() -> None:
    many = [Example("1", "2", "large")] * 600
    spread = [Example("word", "2", task) for task in ("one", "two", "large") for _ in range(4)]
    held_out = [Example("hidden", "2", "one", "validation")] * 50
    assert frequent_words([*many, *spread, *held_out]) == set()


def test_a_character_that_only_held_out_examples_have_is_unknown() -> None:
    tokenizer = build(Config(), [Example("ä", "1"), Example("ß", "1", split="validation")])
    assert tokenizer.unknown("äß") == "ß"
    assert tokenizer.encode("ß") == [UNKNOWN]
    assert tokenizer.decode(tokenizer.encode("äß!")) == "ä!"


# --- letters and words: the notebook's --------------------------------------------------------------------------------


def test_letters_are_the_notebooks_thirty_seven_symbols() -> None:
    tokenizer = Letters()
    assert len(tokenizer) == 37
    assert tokenizer.encode("az09") == [1, 26, 27, 36]
    assert tokenizer.encode("AZ") == [1, 26]


def test_blank_and_unknown_are_the_same_to_letters() -> None:
    tokenizer = Letters()
    assert tokenizer.encode("a b!") == [1, 0, 2, 0]
    assert tokenizer.decode([1, 0, 2, 0, 0]) == "a b"
    assert tokenizer.unknown("A b!?!") == "! ?"


def test_words_are_numbered_in_order_of_appearance_after_the_special_tokens() -> None:
    examples = [Example("Hello friend", "greeting"), Example("Good\tBye hello", "farewell")]
    tokenizer = build(Config(kind="words"), examples)
    assert tokenizer.vocabulary == [*SPECIAL, "hello", "friend", "greeting", "good", "bye", "farewell"]
    assert tokenizer.encode("HELLO  bye") == [4, 8]
    assert tokenizer.decode([4, 8, END]) == "hello bye"


def test_words_say_which_words_are_unknown_each_once() -> None:
    tokenizer = build(Config(kind="words"), [Example("Hello", "greeting")])
    assert tokenizer.unknown("hello you and you") == "you and"
    assert tokenizer.encode("you") == [UNKNOWN]


def test_a_word_that_looks_like_a_special_token_is_a_word() -> None:
    tokenizer = build(Config(kind="words"), [Example("say <end>", "<end>")])
    assert tokenizer.encode("<end>") == [5]
    assert tokenizer.decode([5]) == "<end>"
    assert tokenizer.unknown("<pad>") == "<pad>"


# --- bytes ------------------------------------------------------------------------------------------------------------


def test_a_character_of_several_bytes_appears_when_it_is_complete() -> None:
    tokenizer = made("bytes")
    ids = tokenizer.encode("é!")
    assert [tokenizer.decode(ids[:count]) for count in range(4)] == ["", "", "é", "é!"]


def test_bytes_that_are_no_text_are_shown_as_such() -> None:
    tokenizer = made("bytes")
    ids = [len(SPECIAL) + byte for byte in b"a\xffb"]
    assert tokenizer.decode(ids) == "a\ufffdb"


# --- saved and read ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KIND_NAMES)
@given(text=known_texts, words=word_lists, places=st.integers(0, 10))
def test_a_description_gives_the_same_tokenizer(kind: str, text: str, words: list[str], places: int) -> None:
    tokenizer = made(kind, words, places)
    again = from_dict(json.loads(json.dumps(tokenizer.to_dict())))
    assert type(again) is type(tokenizer)
    assert again.vocabulary == tokenizer.vocabulary
    assert again.encode(text) == tokenizer.encode(text)
    assert again.decode(again.encode(text)) == tokenizer.decode(tokenizer.encode(text))


@pytest.mark.parametrize(
    "damage",
    [
        {"kind": "runes"},
        {"kind": 3},
        {"kind": None},
        {"vocabulary": None},
        {"vocabulary": "abc"},
        {"vocabulary": [1, 2, 3, 4]},
        {"vocabulary": ["a", "b", "c", "d", "e"]},
        {"vocabulary": SPECIAL[:3]},
        {"kind": "bytes"},
        {"kind": "letters"},
        {"places": "many"},
        {"places": -1},
    ],
    ids=str,
)
def test_a_damaged_description_is_an_error(damage: dict[str, Any]) -> None:
    with pytest.raises(EngineError, match="tokenizer"):
        from_dict(made("mixed").to_dict() | damage)


@pytest.mark.parametrize("key", ["kind", "vocabulary"])
def test_an_incomplete_description_is_an_error(key: str) -> None:
    description = made("mixed").to_dict()
    del description[key]
    with pytest.raises(EngineError, match=key):
        from_dict(description)
