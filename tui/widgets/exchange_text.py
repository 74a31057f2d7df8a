"""An exchange as lines of styled text: the prompt, and for each model what it answered, shaded by its certainty.

Most styles are named by component classes (`.answers--right`). Backgrounds are written out: Textual leaves those of a
component class out when a text is drawn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len, split_graphemes
from textual.content import Content, Span

from tui.exchange import Exchange, Reply, remarks, verdict
from tui.plain_text import plain_text
from tui.token_text import percent_figure, pieces, token_name
from tui.widgets.cells import middle_cut

NAME = 26
"""Cells of a model's name at most."""

NARROW_NAME = 18
"""The same where there is little room."""

Shades = tuple[tuple[float, str], ...]

SHADES: Shades = (
    (0.95, ""),
    (0.8, "on $warning 20%"),
    (0.5, "on $warning 35%"),
    (0.2, "underline on $warning 50%"),
    (0.0, "underline on $warning 70%"),
)
"""From this probability on a token has this style. What is less likely than all else together is underlined, too."""

LINES: Shades = ((0.8, ""), (0.5, "underline"), (0.0, "bold underline"))
"""The same for a terminal with its own sixteen colours, which cannot be mixed."""

CURSOR = "bold reverse"

FIGURE_LINES = 3
"""Lines of figures at most."""

WAITING = "·"


class Line(NamedTuple):
    """A line on the screen, and the reply that it belongs to; -1 for the prompt."""

    content: Content
    reply: int


@dataclass(frozen=True)
class Hand:
    """What is in hand: a reply, and while the list has the focus a token."""

    reply: int
    token: int | None = None


def exchange_lines(exchange: Exchange, width: int, hand: Hand | None = None, shades: Shades = SHADES) -> list[Line]:
    """The lines of an exchange in so many cells."""
    lines = [Line(line, -1) for line in _prompt_lines(exchange, width)]
    most = NAME if width >= 90 else NARROW_NAME
    names = [middle_cut(plain_text(reply.model.name), most) for reply in exchange.replies]
    name_width = max(map(cell_len, names), default=0)
    room = max(8, width - name_width - 5)
    longest = max((sum(piece.cells for piece in pieces(reply.tokens)) for reply in exchange.replies), default=0)
    answer_width = min(longest + 1, room - 2)
    for index, (reply, name) in enumerate(zip(exchange.replies, names, strict=True)):
        in_hand = hand if hand and hand.reply == index else None
        rows = list(_reply_rows(reply, exchange, answer_width, room, in_hand, shades))
        marker = Content.styled("▌ ", ".answers--mark") if in_hand else Content("  ")
        style = ".answers--name-in-hand" if in_hand else ".answers--name"
        label = Content.styled(name + " " * (name_width - cell_len(name)), style)
        first = Content.assemble(marker, label, "   ", rows[0])
        indent = " " * (name_width + 3)
        lines += [Line(first, index), *(Line(Content.assemble(marker, indent, row), index) for row in rows[1:])]
    return lines


def shortened(text: str, width: int) -> str:
    """A text of one line in so many cells, with … where something is missing."""
    if cell_len(text) <= width:
        return text
    kept = Content(text).truncate(width - 1).plain
    return kept.rstrip() + "…"


def shade(probability: float, shades: Shades = SHADES) -> str:
    """The style for a token of this probability; empty for a certain one."""
    return next(style for least, style in shades if probability >= least or least == 0)


def answer_content(reply: Reply, token: int | None = None, shades: Shades = SHADES) -> Content:
    """The answer on one line, each letter shaded by the least certain of its tokens, and a token marked."""
    text, spans = "", []
    for piece in pieces(reply.tokens):
        start, text = len(text), text + piece.text
        if style := shade(min(t.probability for t in reply.tokens[piece.first : piece.last + 1]), shades):
            spans.append(Span(start, len(text), style))
        if token is not None and piece.first <= token <= piece.last:
            spans.append(Span(start, len(text), CURSOR))
    if reply.state == "went on" and reply.tokens:
        start, text = len(text), text + "…"
        spans.append(Span(start, len(text), ".answers--quiet"))
    if token is not None and reply.is_end(token):
        start, text = len(text), text + "⏎"
        spans.append(Span(start, len(text), CURSOR))
    return Content(text, spans)


def sign(reply: Reply, exchange: Exchange) -> Content:
    """Whether the answer is right, and what else there is to say about it in words."""
    found = verdict(reply, exchange.expected)
    parts: list[Content] = []
    if found == "right":
        parts.append(Content.styled("✓", ".answers--right"))
    elif found:
        parts.append(Content.styled("✗", ".answers--wrong"))
    failed = reply.state == "failed"
    style = ".answers--wrong" if failed else ".answers--quiet"
    words = map(plain_text, remarks(reply, exchange.expected))
    parts += [Content.styled("✗ " * failed + each, style) for each in words]
    return Content(" ").join(parts)


def figures(reply: Reply) -> list[str]:
    """Each token with its probability in percent."""
    return [f"{token_name(reply, i)} {percent_figure(token.probability)}" for i, token in enumerate(reply.tokens)]


def folded(content: Content, width: int) -> list[Content]:
    """The content on as many lines as it takes, cut between letters and at no other place."""
    spans, total = split_graphemes(content.plain)
    if total <= width:
        return [content]
    cuts, used = [], 0
    for start, _, cells in spans:
        if used + cells > width:
            cuts.append(start)
            used = 0
        used += cells
    return content.divide(cuts)


def _prompt_lines(exchange: Exchange, width: int) -> Iterator[Content]:
    prompt = Content.styled(plain_text(exchange.prompt), ".answers--prompt")
    if exchange.expected:
        right = " or ".join(plain_text(response) or "∅" for response in sorted(exchange.expected))
        prompt = Content.assemble(prompt, "   ", Content.styled(f"right: {right}", ".answers--quiet"))
    for number, line in enumerate(folded(prompt, max(8, width - 2))):
        yield Content.assemble(Content.styled("› ", ".answers--prompt-sign") if number == 0 else Content("  "), line)


def _reply_rows(
    reply: Reply, exchange: Exchange, answer_width: int, room: int, hand: Hand | None, shades: Shades
) -> Iterator[Content]:
    """The answer in its column, the sign beside it. Of the one in hand the figures; below, while it is looked at."""
    if reply.state == "running" and not reply.tokens:
        yield Content.styled(WAITING, ".answers--quiet")
        return
    if not reply.tokens:
        yield from sign(reply, exchange).wrap(room) or [Content("")]
        return
    answer = folded(answer_content(reply, hand.token if hand else None, shades), max(4, answer_width))
    padded = answer[0].pad_right(max(0, answer_width - answer[0].cell_length))
    beside = Content.assemble(padded, " ", sign(reply, exchange)).rstrip()
    numbers = figures(reply) if hand else []
    together = f"sure: {' · '.join(numbers)} %"
    gap = max(answer_width + 4, beside.cell_length + 2)
    fits = bool(numbers) and len(answer) == 1 and gap + cell_len(together) <= room
    if fits:
        beside = Content.assemble(beside, " " * (gap - beside.cell_length), Content.styled(together, ".answers--quiet"))
    if beside.cell_length > room:
        yield answer[0]
        yield from answer[1:]
        yield from sign(reply, exchange).wrap(room)
    else:
        yield beside
        yield from answer[1:]
    if hand and hand.token is not None and numbers and not fits:
        yield from (Content.styled(line, ".answers--quiet") for line in _around(hand.token, numbers, room))


def _around(token: int, numbers: Sequence[str], width: int) -> list[str]:
    """Lines of figures in percent; of many those around the token in hand."""
    width -= 2
    lines: list[list[str]] = [[]]
    at = 0
    for index, number in enumerate(numbers):
        if lines[-1] and cell_len(" · ".join([*lines[-1], number])) > width:
            lines.append([])
        lines[-1].append(number)
        at = len(lines) - 1 if index == token else at
    first = max(0, min(at - FIGURE_LINES // 2, len(lines) - FIGURE_LINES))
    return [" · ".join(line) + " %" for line in lines[first : first + FIGURE_LINES]]
