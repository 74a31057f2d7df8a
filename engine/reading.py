"""What a model has read so far: which tokens it has met, and how the base that it goes back to was made."""

import random
from collections import Counter

import msgspec

from engine.pretraining import FRAME_WORDS, rules, writer
from engine.scenario import Pretraining
from engine.tasks.plain_text import DELIMITERS, SEPARATORS
from engine.tokenizer import END, Mixed

DOCUMENTS, OFTEN = 2000, 5
"""In so many documents each letter, digit and mark that arguments and answers are made of stands at least so often.
A word that stands there more seldom does so by chance: `we` is what is left of `awe`."""


class Reading(msgspec.Struct, frozen=True):
    """What a model has read. Empty for one that goes back to no base made from plain text."""

    pretraining: Pretraining | None = None
    """How its base was made."""
    tokens: tuple[int, ...] = ()
    """Ids of the tokens of all texts and examples so far; empty where that is not known."""

    def followed_by(self, tokens: set[int]) -> "Reading":
        """This, and then text of these tokens."""
        return Reading(self.pretraining, tuple(sorted({*self.tokens, *tokens}))) if self.tokens else self


NOTHING = Reading()


def reading_of_base(pretraining: Pretraining, tokenizer: Mixed) -> Reading:
    """What a base has read once it is made."""
    text, rng = writer(pretraining), random.Random(0)
    told = Counter(part.text for _ in range(DOCUMENTS) for part in text.document(rng))
    counts: Counter[int] = Counter()
    for piece, times in told.items():
        counts.update({index: times for index in tokenizer.encode(piece)})
    always = [*FRAME_WORDS, *DELIMITERS, *SEPARATORS, *(name for rule in rules(pretraining) for name in rule.names)]
    tokens = {index for piece in always for index in tokenizer.encode(piece)}
    return Reading(pretraining, tuple(sorted({END, *tokens, *(i for i, times in counts.items() if times >= OFTEN)})))
