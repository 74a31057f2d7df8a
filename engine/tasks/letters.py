"""Rules that keep some letters of a word, or say something about them."""

from engine.tasks.rule import rule

NOTHING = "-"
"""The answer when no letter is left: an answer is never empty."""


@rule("first", "initial", "head")
def first(word: str) -> str:
    """The first letter."""
    return word[0]


@rule("second", "follower", "deuce")
def second(word: str) -> str:
    """The second letter."""
    return word[1:2] or NOTHING


@rule("last", "final", "tail")
def last(word: str) -> str:
    """The last letter."""
    return word[-1]


@rule("ends", "edges", "outer")
def ends(word: str) -> str:
    """The first and the last letter."""
    return word[0] + word[-1]


@rule("skip", "hop", "odds")
def skip(word: str) -> str:
    """Every other letter, from the first."""
    return word[::2]


@rule("behead", "shave", "decap")
def drop_first(word: str) -> str:
    """All but the first letter."""
    return word[1:] or NOTHING


@rule("chop", "curtail", "trim")
def drop_last(word: str) -> str:
    """All but the last letter."""
    return word[:-1] or NOTHING


@rule("peel", "strip", "pare")
def peel(word: str) -> str:
    """All but the first and the last letter."""
    return word[1:-1] or NOTHING


@rule("devowel", "unvowel", "consonants")
def drop_vowels(word: str) -> str:
    """The letters that are not a, e, i, o or u."""
    return "".join(letter for letter in word if letter not in "aeiou") or NOTHING


@rule("length", "count", "size")
def length(word: str) -> str:
    """How many letters there are."""
    return str(len(word))


@rule("palindrome", "symmetric", "reversible")
def palindrome(word: str) -> str:
    """Whether it reads the same from both ends: yes or no."""
    return "yes" if word == word[::-1] else "no"
