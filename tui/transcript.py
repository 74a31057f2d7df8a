"""What was asked and answered, as text for a file."""

from collections.abc import Iterable, Iterator

from rich.cells import cell_len

from tui.exchange import Exchange, Reply, remarks, verdict
from tui.plain_text import plain_text
from tui.token_text import percent_figure, token_name

SIGNS = {"right": "✓", "wrong": "✗", "right, but went on": "✗", None: ""}


def transcript(exchanges: Iterable[Exchange]) -> str:
    """Every prompt with one line a model: its answer, whether it is right, what the screen says of it, its tokens."""
    return "\n\n".join("\n".join(_lines(exchange)) for exchange in exchanges) + "\n"


def _lines(exchange: Exchange) -> Iterator[str]:
    right = " or ".join(plain_text(response) or "∅" for response in sorted(exchange.expected))
    yield f"› {plain_text(exchange.prompt)}" + (f"   right: {right}" if right else "")
    names = [plain_text(reply.model.name) for reply in exchange.replies]
    width = max(map(cell_len, names), default=0)
    for name, reply in zip(names, exchange.replies, strict=True):
        parts = [_answer(reply), _said(reply, exchange)]
        parts.append(
            " · ".join(f"{token_name(reply, i)} {percent_figure(t.probability)}" for i, t in enumerate(reply.tokens))
        )
        yield f"  {name}{' ' * (width - cell_len(name))}   {'   '.join(part for part in parts if part)}".rstrip()


def _answer(reply: Reply) -> str:
    empty = "∅" if reply.state == "stopped" else ""
    return (plain_text(reply.text) or empty) + "…" * (reply.state in ("went on", "running"))


def _said(reply: Reply, exchange: Exchange) -> str:
    words = ["not answered yet"] if reply.state == "running" else remarks(reply, exchange.expected)
    return " ".join(filter(None, [SIGNS[verdict(reply, exchange.expected)], ", ".join(map(plain_text, words))]))
