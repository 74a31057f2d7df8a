import random
import sys

import pytest

from engine.tasks import RULES, Rule, rule
from engine.tasks.arguments import draw
from engine.tasks.rule import Argument
from engine.tasks.vocabulary import FILLERS

WORKED: dict[str, tuple[Argument, str]] = {
    "copy": (("cat",), "cat"),
    "reverse": (("cat",), "tac"),
    "rotate": (("cats",), "atsc"),
    "rotate-back": (("cats",), "scat"),
    "trade": (("cats",), "satc"),
    "sort": (("banana",), "aaabnn"),
    "descend": (("banana",), "nnbaaa"),
    "shift": (("haz",), "iba"),
    "unshift": (("iba",), "haz"),
    "double": (("cat",), "catcat"),
    "redo": (("cat",), "cat-cat"),
    "geminate": (("cat",), "ccaatt"),
    "stutter": (("cat",), "c-c-cat"),
    "stretch": (("cat",), "cattt"),
    "first": (("cat",), "c"),
    "second": (("cat",), "a"),
    "last": (("cat",), "t"),
    "ends": (("cats",), "cs"),
    "skip": (("horse",), "hre"),
    "drop-first": (("cats",), "ats"),
    "drop-last": (("cats",), "cat"),
    "peel": (("cats",), "at"),
    "drop-vowels": (("banana",), "bnn"),
    "length": (("banana",), "6"),
    "palindrome": (("level",), "yes"),
    "upper": (("cat",), "CAT"),
    "capitalise": (("cat",), "Cat"),
    "alternate-case": (("cats",), "CaTs"),
    "spell": (("cat",), "c-a-t"),
    "snake": (("cat",), "c_a_t"),
    "censor": (("cats",), "c***"),
    "bracket": (("cat",), "[cat]"),
    "paren": (("cat",), "(cat)"),
    "exclaim": (("cat",), "cat!"),
    "hash": (("cat",), "#cat"),
    "plural": (("box",), "boxes"),
    "add": ((17, 25), "42"),
    "max": ((17, 25), "25"),
    "min": ((17, 25), "17"),
    "compare": ((17, 25), "less"),
    "join": (("cat", "dog"), "catdog"),
    "swap": (("cat", "dog"), "dog cat"),
    "former": (("cat", "dog"), "cat"),
    "latter": (("cat", "dog"), "dog"),
}


def test_every_rule_has_a_worked_example() -> None:
    assert set(WORKED) == set(RULES)


@pytest.mark.parametrize("name", RULES)
def test_rule_gives_the_answer_of_its_worked_example(name: str) -> None:
    arguments, answer = WORKED[name]
    assert RULES[name].apply(*arguments) == answer


@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    [
        ("palindrome", ("cat",), "no"),
        ("plural", ("cat",), "cats"),
        ("compare", (7, 7), "equal"),
        ("compare", (8, 7), "more"),
        ("drop-vowels", ("aeiou",), "-"),
        ("peel", ("at",), "-"),
    ],
)
def test_rule_gives_its_other_answers(name: str, arguments: Argument, answer: str) -> None:
    assert RULES[name].apply(*arguments) == answer


@pytest.mark.parametrize("made", RULES.values(), ids=RULES)
def test_rule_says_what_it_does(made: Rule) -> None:
    assert made.description.endswith(".")


def test_names_are_words_that_no_other_rule_and_no_filler_has() -> None:
    names = [name for made in RULES.values() for name in made.names]
    assert all(len(made.names) >= 3 for made in RULES.values())
    assert len(set(names)) == len(names)
    assert not set(names) & set(FILLERS)
    assert all(name.isalpha() and name.islower() for name in names)


@pytest.mark.parametrize("name", RULES)
def test_rule_answers_every_argument(name: str) -> None:
    made, rng = RULES[name], random.Random(0)
    for _ in range(300):
        answer = made.apply(*draw(made, rng, words=(1, 9), numbers=(0, 999)))
        assert answer and answer == answer.strip()


def test_a_rule_is_added_by_writing_a_function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[rule.__module__], "RULES", rules := dict[str, Rule]())

    @rule("yo", "hey", "hello")
    def greet_twice(first: str, second: str) -> str:
        """A greeting.

        For two.
        """
        return f"hi {first} and {second}"

    made = rules["greet-twice"]
    assert (made.kind, made.names, made.description) == ("words", ("yo", "hey", "hello"), "A greeting.")
    assert made.apply("a", "b") == greet_twice("a", "b") == "hi a and b"


def test_a_rule_that_is_none_is_refused() -> None:
    def documented(word: str) -> str:
        """Something."""
        return word

    def bare(word: str) -> str:
        return word

    def counting(word: str) -> int:
        """Not text."""
        return len(word)

    with pytest.raises(ValueError, match="three different names"):
        rule("one", "other")(documented)
    with pytest.raises(ValueError, match=r"the name of another rule.*flip"):
        rule("one", "other", "flip")(documented)
    with pytest.raises(ValueError, match="docstring"):
        rule("one", "other", "third")(bare)
    with pytest.raises(ValueError, match="returns str"):
        rule("one", "other", "third")(counting)  # type: ignore[type-var]
