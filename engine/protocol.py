"""What a run says while it happens: typed events, one JSON line each in `events.jsonl` and on every wire.

`decode` gives the struct back; `encode` makes the line. `n` and `time` are set by the log that keeps the event.
"""

from collections.abc import Callable

import msgspec


class Score(msgspec.Struct, frozen=True):
    """How a model did on some examples of one task and split."""

    exact_match: float
    """Share answered exactly, the end of the answer included."""
    did_not_stop: float
    """Share whose answer was right but went on instead of ending. Not part of `exact_match`."""
    loss: float
    """Mean cross-entropy in nats a target token."""
    examples: int


Scores = dict[str, dict[str, Score]]
"""Split -> task -> score."""


class Token(msgspec.Struct, frozen=True):
    """One token of an answer. `text` is what it adds to the answer; the end token adds nothing."""

    text: str
    probability: float
    runners_up: list[tuple[str, float]] = []


class Answer(msgspec.Struct, frozen=True):
    """What a model answered. `stopped` says that it ended by itself."""

    prompt: str
    response: str
    tokens: list[Token]
    stopped: bool
    note: str = ""
    """What happened to the prompt on its way in: characters the tokenizer does not know, for instance."""


class Event(msgspec.Struct, kw_only=True, tag_field="event", tag=str.lower):
    """Something that happened in a run."""

    n: int = -1
    time: float = 0.0
    """Seconds since 1970."""
    run: str = ""


class Started(Event, kw_only=True):
    """Training begins, or goes on from a checkpoint."""

    tuning: str
    scenario: str
    """Title of the scenario."""
    step: int = 0
    """Steps already done: above 0 when the run goes on from a checkpoint."""
    steps: int
    """Steps at most."""
    parameters: int
    trainable: int
    device: str
    threads: int
    precision: str
    examples: dict[str, dict[str, int]]
    """Split -> task -> number of examples."""


class Step(Event, kw_only=True):
    """One optimizer step is done."""

    step: int
    """1 for the first."""
    loss: float
    """Mean cross-entropy of the step's target tokens in nats, before the update."""
    learning_rate: float
    gradient_norm: float
    """Before clipping."""
    tokens: int
    """Tokens read in this step, padding not counted."""
    seconds: float
    memory: int = 0
    """Most bytes in use at once so far: of the GPU's memory, or on a CPU of the process. Looked at now and then."""


class Evaluation(Event, kw_only=True):
    """The model was tested."""

    step: int
    scores: Scores
    answers: list[Answer]
    """To the scenario's prompts, by the weights of this step."""
    seconds: float


class Checkpoint(Event, kw_only=True):
    """A checkpoint is whole and on disk."""

    step: int
    name: str
    weights: str
    """SHA-256 of the tensors."""


class Warning(Event, kw_only=True):
    """Something worth knowing; the run goes on."""

    message: str
    hint: str = ""


class Paused(Event, kw_only=True):
    """The user paused it, or the disk is full."""

    step: int
    reason: str = ""


class Resumed(Event, kw_only=True):
    """It goes on after a pause."""

    step: int


class LearningRate(Event, kw_only=True, tag="learning_rate"):
    """The user changed it."""

    step: int
    """After which it holds."""
    rate: float
    """In place of the tuning's `learning_rate`; the schedule keeps its shape."""


class Interrupted(Event, kw_only=True):
    """A signal or a kill ended the process; the run can go on from its last checkpoint."""

    step: int
    reason: str


class Stopped(Event, kw_only=True):
    """The user ended the run for good."""

    step: int
    reason: str = ""


class Failed(Event, kw_only=True):
    """It cannot go on: its loss is not a finite number, for instance."""

    step: int
    message: str
    hint: str = ""


class Finished(Event, kw_only=True):
    """It is done."""

    tuning: str
    step: int
    seconds: float
    """Of training steps: batch, forward, backward, update."""
    evaluation_seconds: float
    tokens_per_second: float
    reason: str
    """`goal` or `steps`."""
    scores: Scores
    answers: list[Answer] = []
    """To the scenario's prompts."""


AnyEvent = (
    Started
    | Step
    | Evaluation
    | Checkpoint
    | Warning
    | Paused
    | Resumed
    | LearningRate
    | Interrupted
    | Stopped
    | Failed
    | Finished
)

LAST_WORDS = (Interrupted, Stopped, Failed, Finished)
"""With one of them a sitting ends: nothing may stand behind it in the log until the run is taken up again."""

OnEvent = Callable[[AnyEvent], None]
"""Told of each event, after it is logged."""

_decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)
_encoder = msgspec.json.Encoder()


def encode(event: Event) -> bytes:
    """One line, newline included."""
    return _encoder.encode(event) + b"\n"


def decode(line: bytes) -> AnyEvent:
    """The event of one line.

    Raises:
        ValueError: the line is not an event.
    """
    return _decoder.decode(line)


def decode_lines(lines: bytes) -> list[AnyEvent]:
    """The events of many lines, much faster than one by one.

    Raises:
        ValueError: one of them is not an event.
    """
    return _decoder.decode_lines(lines)
