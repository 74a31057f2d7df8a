"""How a model sees an example: its tokens, which of them count in the loss, what is cut, what cannot be encoded."""

import json
from collections.abc import Iterable
from typing import Literal, NamedTuple

import msgspec

from engine import tokenizer
from engine.architectures import GruClassifier, GruTagger, Model
from engine.base_library import built_in
from engine.examples import Example
from engine.prompt import Prompter, longest, prompter_for
from engine.scenario import Scenario, Tuning, model_of, tokenizer_of, trains_on

Role = Literal["prompt", "mark", "counts", "end", "unknown", "cut"]
"""`mark` starts the answer, `counts` and `end` count in the loss, `unknown` is what the tokenizer does not know."""


class Piece(NamedTuple):
    """One token, by the name that people see."""

    text: str
    role: Role


class Reader(NamedTuple):
    """What a tuning reads examples with."""

    model: Model
    prompter: Prompter


class Seen(msgspec.Struct, frozen=True):
    """An example as a model reads it."""

    pieces: list[Piece]
    tokens: int
    """As the limit counts them."""
    limit: int
    """Tokens that the model can read."""
    counted: int
    """Tokens that count in the loss."""
    unknown: str
    """What cannot be encoded; empty if all can."""
    cuts: bool
    """Whether the model cuts what is too long; else it cannot be trained on it."""

    @property
    def too_long(self) -> bool:
        """Whether there are more tokens than the model can read."""
        return self.tokens > self.limit


class _SavedModel(msgspec.Struct):
    config: Model


class _SavedBase(msgspec.Struct):
    model: _SavedModel
    tokenizer: dict[str, object]


def reader_of(scenario: Scenario, tuning: Tuning, examples: Iterable[Example]) -> Reader | None:
    """What a tuning reads its examples with; None where a base brings its own tokenizer and is not at hand.

    Takes about as long as reading all examples once: the tokenizer's words come from them.
    """
    if scenario.base:
        folder = built_in().get(scenario.base)
        if folder is None:
            return None
        saved = msgspec.convert(json.loads((folder / "checkpoint.json").read_text()), _SavedBase)
        tokens = tokenizer.from_dict(saved.tokenizer)
        return Reader(saved.model.config, prompter_for(saved.model.config, tokens, scenario.prompt_template))
    model = model_of(scenario, tuning)
    own = [example for example in examples if trains_on(tuning, example.task)]
    tokens = tokenizer.build(tokenizer_of(scenario, tuning), own)
    return Reader(model, prompter_for(model, tokens, scenario.prompt_template))


def seen(reader: Reader, example: Example) -> Seen:
    """An example as the reader's model sees it."""
    model, prompter = reader
    known, limit = prompter.tokenizer, longest(model)
    prompt = _pieces(known, prompter.text(example.instruction), "prompt")
    response = _pieces(known, example.response, "counts")
    match model:
        case GruTagger():
            pieces = [*_cut(prompt, limit), Piece("▸", "mark"), *_cut(response, limit)]
            counted = limit
        case GruClassifier():
            pieces = [*_cut(prompt, limit), Piece("▸", "mark"), Piece(example.response, "counts")]
            counted = 1
        case _:
            pieces = [*prompt, Piece("▸", "mark"), *response, Piece("⏎", "end")]
            counted = len(response) + 1
    unknown = prompter.unknown(prompter.text(example.instruction))
    if not isinstance(model, GruClassifier):
        unknown = unknown or prompter.unknown(example.response)
    cuts = isinstance(model, GruTagger | GruClassifier)
    return Seen(pieces, prompter.length(example), limit, counted, unknown, cuts)


def _pieces(known: tokenizer.Tokenizer, text: str, role: Role) -> list[Piece]:
    return [Piece(piece, role if piece in known.ids else "unknown") for piece in known.pieces(text)]


def _cut(pieces: list[Piece], limit: int) -> list[Piece]:
    return [*pieces[:limit], *(Piece(piece.text, "cut") for piece in pieces[limit:])]
