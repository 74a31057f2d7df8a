"""Tokens and probabilities as people read them."""

import unicodedata
from typing import NamedTuple

from rich.cells import cell_len, split_graphemes

from engine.protocol import Token
from engine.tokenizer import END, SPECIAL
from tui.exchange import Reply
from tui.plain_text import plain_text

END_SIGN = "⏎"
"""Stands for the token that ends an answer."""


class Piece(NamedTuple):
    """What a terminal draws in one place: a letter with its marks, or an emoji of several characters."""

    text: str
    cells: int
    first: int
    """The first token that it comes from."""
    last: int


def pieces(tokens: tuple[Token, ...]) -> list[Piece]:
    """The text of an answer, cut where a terminal cuts it: never within a letter, though a token may end there."""
    text = "".join(plain_text(token.text) for token in tokens)
    owners = [index for index, token in enumerate(tokens) for _ in token.text]
    spans, _ = split_graphemes(text)
    return [Piece(text[start:end], cells, owners[start], owners[end - 1]) for start, end, cells in spans]


def token_name(reply: Reply, index: int) -> str:
    """What a token of an answer is called where it stands alone."""
    return END_SIGN if reply.is_end(index) else named(reply.tokens[index].text)


def named(text: str) -> str:
    """The name of a token of this text, or of this name in a vocabulary; never empty and never a mark alone."""
    if text == SPECIAL[END]:
        return END_SIGN
    shown = plain_text(text).replace(" ", "␣") or "∅"
    return standing_alone(shown)


def standing_alone(text: str) -> str:
    """A text that begins with something to see: a mark gets a letter to sit on, what joins emoji its number."""
    first, rest = text[:1], text[1:]
    if not first or cell_len(first):
        return text
    return f"◌{text}" if unicodedata.combining(first) else f"U+{ord(first):04X}{rest}"


def token_facts(reply: Reply, index: int) -> str:
    """How sure the model was of a token, and what it might have said: `o 98 %   instead: e 1.2 · a 0.4`."""
    token = reply.tokens[index]
    parts = [f"{token_name(reply, index)} {percent_figure(token.probability)} %"]
    if others := runners_up(token):
        parts.append(f"instead: {others}")
    return "   ".join(parts)


def percent_figure(probability: float) -> str:
    """`99`, `0.4`: percent without its sign. Only what is whole is called 100."""
    percent = 100 * probability
    return str(int(percent + 1e-6)) if percent >= 10 else f"{percent:.1f}".removesuffix(".0")


def runners_up(token: Token) -> str:
    """What the model might have said instead: `o 1.2 · e 0.4`; empty if nothing is known."""
    return " · ".join(f"{named(text)} {percent_figure(probability)}" for text, probability in token.runners_up)
