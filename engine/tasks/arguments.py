"""The arguments that rules are asked about: drawn at random, written in an instruction, held out by hash."""

import random
import zlib
from functools import cache
from string import ascii_lowercase

from engine.tasks.rule import RULES, Argument, Rule
from engine.tasks.vocabulary import FILLERS


def draw(
    rule: Rule, rng: random.Random, *, words: tuple[int, int] = (3, 6), numbers: tuple[int, int] = (0, 99)
) -> Argument:
    """Draw an argument that fits `rule`.

    Args:
        words: the fewest and the most letters of a word; of two words each has at most two letters less than the
            most, so that a pair is not much longer than a word.
        numbers: the smallest and the largest number.

    Words are random letters, never a word that instructions are made of. Half of the words for `palindrome` are one:
    by chance alone the answer would almost always be no.
    """
    if rule.kind == "numbers":
        return rng.randint(*numbers), rng.randint(*numbers)
    low, high = words
    if rule.kind == "words":
        high = max(low, high - 2)
        return _word(rng, low, high), _word(rng, low, high)
    word = _word(rng, low, high)
    if rule.name == "palindrome" and rng.random() < 0.5:
        half = word[: (len(word) + 1) // 2]
        word = half + half[: len(word) // 2][::-1]
    return (word,)


def written(arguments: Argument) -> str:
    """The argument as an instruction holds it: `cat`, `12 and 34`, `cat and dog`."""
    return " and ".join(str(argument) for argument in arguments)


def held_out(arguments: Argument, one_in: int = 5) -> bool:
    """Whether an argument is kept from every stage of training: always the same `one_in`-th part of all."""
    return zlib.crc32(written(arguments).encode()) % one_in == 0


def _word(rng: random.Random, low: int, high: int) -> str:
    while True:
        word = "".join(rng.choices(ascii_lowercase, k=rng.randint(low, high)))
        if word not in _instruction_words():
            return word


@cache
def _instruction_words() -> frozenset[str]:
    return frozenset(FILLERS) | {name for rule in RULES.values() for name in rule.names}
