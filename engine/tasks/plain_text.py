"""Plain text written by rules, for a base model to read: it tells what the rules do and never asks for anything.

    flip : biq = qib , plsg = gslp                      a list: one rule, named once
    the flip of biq is qib . biq shout -> BIQ           sentences: each with a rule of its own

Both are needed. Lists alone teach the skills but tie a skill to its place in the list; sentences, in which any name
may follow any other, are what lets a tuned model carry out instructions by names that it was never instructed with.
A document ends after an answer, so that a reader also learns that text may end there.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from engine.tasks.arguments import draw, held_out, written
from engine.tasks.rule import Rule

Role: TypeAlias = Literal["answer", "end", "name", "argument", "rest"]

FRAMES = (
    "the {n} of {x}",
    "{x} {n}",
    "{n} {x}",
    "a {n} of {x}",
    "to {n} the {x}",
    "{n} ( {x} )",
    "{x} then {n}",
    "for {x} the {n}",
    "from {x} by {n}",
    "as for {x} , her {n}",
)
"""How a sentence begins, `{n}` for the name and `{x}` for the argument; a delimiter and the answer follow."""

DELIMITERS = ("=", "->", "gives", "is", ":", "\n")
SEPARATORS = (";", ".", ",", "\n")

SHARES = {
    "add": 3.5, "sort": 2.5, "descend": 2.5, "palindrome": 2, "geminate": 2, "double": 2, "compare": 2,
    "reverse": 1.8, "skip": 1.5, "trade": 1.5, "stretch": 1.5, "redo": 1.5, "max": 1.5, "min": 1.5, "shift": 1.5,
    "unshift": 1.5, "rotate": 1.5, "rotate-back": 1.5, "join": 1.3, "swap": 1.3,
}  # fmt: skip
"""How often a rule is told of, beside the 1 of those that are not here: what is hard to learn needs more text."""


class Part(NamedTuple):
    """A stretch of a document; parts stand one space apart. A reader may weigh its loss by the role."""

    text: str
    role: Role


@dataclass(frozen=True)
class PlainText:
    """A writer of documents about `rules`; what it writes depends on the generator it is given and on nothing else.

    `lists` is the share of documents that are lists, `sentences` the most that any other document has, `nameless` the
    share of lists without a name, `long` the share of words longer than those of instructions. Held-out arguments are
    never written.
    """

    rules: Sequence[Rule]
    lists: float = 0.4
    sentences: int = 4
    nameless: float = 0.1
    long: float = 0.15
    words: tuple[int, int] = (3, 6)
    long_words: tuple[int, int] = (7, 8)

    def document(self, rng: random.Random) -> list[Part]:
        """One list of 2 to 6 items, or some sentences; the document ends where its last answer ends."""
        return self._list(rng) if rng.random() < self.lists else self._sentences(rng)

    def question(self, rule: Rule, rng: random.Random) -> tuple[str, str]:
        """A text about a held-out argument that breaks off where the answer is due, and this answer."""
        delimiter, name = rng.choice(DELIMITERS), rng.choice(rule.names)
        arguments = draw(rule, rng, words=self.words)
        while not held_out(arguments):
            arguments = draw(rule, rng, words=self.words)
        if rng.random() < self.lists:
            items, separator = [self._item(rule, rng) for _ in range(rng.randint(0, 2))], rng.choice(SEPARATORS)
            told = [part for argument, answer in items for part in (argument, delimiter, answer, separator)]
            parts = [name, ":", *told, written(arguments)]
        else:
            parts = [rng.choice(FRAMES).format(n=name, x=written(arguments))]
        return " ".join([*parts, delimiter]), rule.apply(*arguments)

    def _list(self, rng: random.Random) -> list[Part]:
        rule, delimiter, separator = self._rule(rng), rng.choice(DELIMITERS), rng.choice(SEPARATORS)
        parts = [] if rng.random() < self.nameless else [Part(rng.choice(rule.names), "name"), Part(":", "rest")]
        for _ in range(rng.randint(2, 6)):
            argument, answer = self._item(rule, rng)
            parts += [Part(argument, "argument"), Part(delimiter, "rest"), Part(answer, "answer")]
            parts.append(Part(separator, "end"))
        return parts[:-1]

    def _sentences(self, rng: random.Random) -> list[Part]:
        parts: list[Part] = []
        for _ in range(rng.randint(1, self.sentences)):
            rule = self._rule(rng)
            argument, answer = self._item(rule, rng)
            fields = {"{n}": Part(rng.choice(rule.names), "name"), "{x}": Part(argument, "argument")}
            parts += [fields.get(word, Part(word, "rest")) for word in rng.choice(FRAMES).split(" ")]
            parts += [Part(rng.choice(DELIMITERS), "rest"), Part(answer, "answer")]
            parts.append(Part(rng.choice(SEPARATORS), "end"))
        return parts[:-1]

    def _rule(self, rng: random.Random) -> Rule:
        return rng.choices(self.rules, [SHARES.get(rule.name, 1) for rule in self.rules])[0]

    def _item(self, rule: Rule, rng: random.Random) -> tuple[str, str]:
        while True:
            words = self.long_words if rule.kind == "word" and rng.random() < self.long else self.words
            arguments = draw(rule, rng, words=words)
            if not held_out(arguments):
                return written(arguments), rule.apply(*arguments)
