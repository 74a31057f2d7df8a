"""Tokenizers and models as a scenario asks for them, and as a checkpoint says what it is of."""

from typing import Annotated, Literal

from msgspec import Meta

from engine.scenario_table import Size, Table


class Tokenizer(Table, kw_only=True):
    """How text becomes tokens. Left out: what suits the model."""

    kind: Literal["characters", "bytes", "words", "mixed", "letters"] = "mixed"
    """`mixed`: frequent words are one token each, the rest is spelled. `letters`: the notebook's 37-symbol code."""
    digit_places: Annotated[int, Meta(ge=0, le=10)] = 6
    """`mixed`: a digit's token says its place (units, tens, ...) up to this many; 0 gives plain digits."""


class Transformer(Table, tag_field="architecture", tag="transformer", kw_only=True):
    """A decoder-only transformer (pre-norm, rotary positions, tied embeddings)."""

    width: Size = 48
    """Numbers that stand for one token."""
    layers: Size = 2
    """Blocks of attention and feed-forward."""
    heads: Size = 4
    """Attention heads of a layer; they share the width evenly."""
    feed_forward: Size | None = None
    """Numbers inside the feed-forward network of a layer. Left out: four times the width."""
    context: Size = 64
    """Longest prompt plus response, in tokens."""
    positions: Literal["rotary", "anchored", "rotary+anchored"] = "anchored"
    """`anchored`: learned positions counted from the mark where the answer starts."""


class Gru(Table, tag_field="architecture", tag="gru", kw_only=True):
    """A GRU language model: reads the whole prompt, then answers."""

    width: Size = 96
    """Numbers that stand for one token, and hidden units of a layer."""
    layers: Size = 1
    """GRU layers, one on top of the other."""
    context: Size = 64
    """Longest prompt plus response, in tokens."""


class GruTagger(Table, tag_field="architecture", tag="gru_tagger", kw_only=True):
    """The notebook's model for instructions: one output letter for each input letter, at the same step."""

    embedding: Size = 16
    """Numbers that stand for one letter."""
    hidden: Size = 32
    """Hidden units of the GRU."""
    length: Size = 10
    """Prompts and responses are cut or padded to this many letters."""


class GruClassifier(Table, tag_field="architecture", tag="gru_classifier", kw_only=True):
    """The notebook's model for greetings and farewells: the last hidden state chooses a label."""

    embedding: Size = 8
    """Numbers that stand for one word."""
    hidden: Size = 16
    """Hidden units of the GRU."""
    length: Size = 5
    """Sentences are cut or padded to this many words."""


Model = Transformer | Gru | GruTagger | GruClassifier


def suiting(model: Model) -> Tokenizer:
    """The tokenizer for a model where the file does not say. The notebook's models work with no other kind."""
    match model:
        case GruTagger():
            return Tokenizer(kind="letters")
        case GruClassifier():
            return Tokenizer(kind="words")
    return Tokenizer()
