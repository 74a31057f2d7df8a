"""One prompt and what the models answer to it, as it comes in.

exchange = asked(1, "Reverse cat", models, ("tac",))
exchange = with_token(exchange, "base", token)
exchange = with_answer(exchange, "base", answer)
print(verdict(exchange.replies[0], exchange.expected))
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from engine.protocol import Answer, Token

State = Literal["running", "stopped", "went on", "cancelled", "failed"]
"""`stopped`: the model ended its answer by itself. `went on`: it was cut off at the length asked for."""

Verdict = Literal["right", "right, but went on", "wrong"]


@dataclass(frozen=True)
class AskableModel:
    """A model that can be asked."""

    ref: str
    """What the engine calls it: the id of a run, or `base:` and a name."""
    name: str
    """What people call it."""


@dataclass(frozen=True)
class Reply:
    """What one model has said so far."""

    model: AskableModel
    tokens: tuple[Token, ...] = ()
    state: State = "running"
    note: str = ""
    """What a person should know about the answer, or why there is none."""

    @property
    def text(self) -> str:
        """The answer without its end token."""
        return "".join(token.text for token in self.tokens)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.state != "running"

    def is_end(self, index: int) -> bool:
        """Whether this token is the one that ended the answer."""
        return self.state == "stopped" and index == len(self.tokens) - 1 and not self.tokens[index].text


@dataclass(frozen=True)
class Exchange:
    """A prompt and its replies, one a model."""

    number: int
    prompt: str
    replies: tuple[Reply, ...]
    expected: tuple[str, ...] = ()
    """The right answers, where they are known."""

    @property
    def is_over(self) -> bool:
        """Whether all replies are."""
        return all(reply.is_over for reply in self.replies)


def asked(number: int, prompt: str, models: Sequence[AskableModel], expected: tuple[str, ...]) -> Exchange:
    """A prompt that was just sent to these models."""
    return Exchange(number, prompt, tuple(Reply(model) for model in models), expected)


def with_token(exchange: Exchange, model: str, token: Token) -> Exchange:
    """The exchange with one more token of a model."""
    return _changed(exchange, model, lambda reply: replace(reply, tokens=(*reply.tokens, token)))


def with_answer(exchange: Exchange, model: str, answer: Answer | None, error: str = "") -> Exchange:
    """The exchange with a model's whole answer, or with the reason why it has none."""
    if answer is None:
        return _changed(exchange, model, lambda reply: replace(reply, state="failed", note=error))
    state: State = "stopped" if answer.stopped else "went on"
    if not answer.tokens and not answer.stopped:
        state = "failed"
    return _changed(
        exchange, model, lambda reply: replace(reply, tokens=tuple(answer.tokens), state=state, note=answer.note)
    )


def ended(exchange: Exchange, *, error: str = "") -> Exchange:
    """The exchange when nothing more comes: replies that still ran were cancelled, or failed for this reason."""
    state: State = "failed" if error else "cancelled"
    replies = (reply if reply.is_over else replace(reply, state=state, note=error) for reply in exchange.replies)
    return replace(exchange, replies=tuple(replies))


def verdict(reply: Reply, expected: Collection[str]) -> Verdict | None:
    """Whether an answer is right; None while it is not known.

    As in evaluation an answer is right only if it ends where the right one ends.
    """
    if not expected or reply.state not in ("stopped", "went on"):
        return None
    if reply.state == "stopped" and reply.text in expected:
        return "right"
    said = ""
    for token in reply.tokens:
        said += token.text
        if said in expected:
            return "right, but went on"
    return "wrong"


def remarks(reply: Reply, expected: Collection[str]) -> list[str]:
    """What there is to say about an answer in words; of one that failed, why."""
    if reply.state == "failed":
        return [reply.note or "no answer"]
    found: list[str] = [reply.state] if reply.state == "cancelled" else []
    if verdict(reply, expected) == "right, but went on":
        found = ["right, but did not stop"]
    elif reply.state == "went on":
        found = ["did not stop"]
    return [*found, reply.note] if reply.note else found


def _changed(exchange: Exchange, model: str, change: Callable[[Reply], Reply]) -> Exchange:
    replies = (change(reply) if reply.model.ref == model and not reply.is_over else reply for reply in exchange.replies)
    return replace(exchange, replies=tuple(replies))
