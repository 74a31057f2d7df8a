"""What is shown of a run, as plain data: a function of the run's events and of nothing else.

A run that is going on, one that ended long ago and a recording take the same way: each event makes the next view of the
one before. Views never change, so any number of widgets may keep one.
"""

from collections.abc import Iterable
from functools import reduce
from itertools import chain, groupby
from typing import Literal, NamedTuple, TypeVar

import msgspec

from engine.protocol import (
    Answer,
    Checkpoint,
    Evaluation,
    Event,
    Failed,
    Finished,
    Interrupted,
    LearningRate,
    Paused,
    Resumed,
    Scores,
    Started,
    Step,
    Stopped,
    Warning,
)
from engine.runs import State

MOST_LOSSES = 2000
"""Points of the loss that are kept. Of a longer run those are the lowest and the highest of every two steps, then of
every four, and so on: no peak is lost."""

MOST_EVALUATIONS = 200
"""Evaluations that are kept: of a longer run the first, and the last one of every so many steps."""

MOST_NOTICES = 50

SMOOTHING = 0.9
"""Weight of the past in the speed that is shown."""

Item = TypeVar("Item")


class Loss(NamedTuple):
    """The training loss of one step, in nats a token."""

    step: int
    loss: float


class Evaluated(NamedTuple):
    """What one evaluation found. The answers are without their tokens."""

    step: int
    scores: Scores
    answers: tuple[Answer, ...]


class Notice(NamedTuple):
    """Something worth knowing, with what to do about it."""

    kind: Literal["warning", "error"]
    step: int
    message: str
    hint: str


class RunView(msgspec.Struct, frozen=True, kw_only=True):
    """A run as far as its events tell."""

    run: str = ""
    tuning: str = ""
    title: str = ""
    """Of the scenario."""
    state: State = "queued"
    step: int = 0
    steps: int = 0
    """At most; 0 before the run began."""
    parameters: int = 0
    trainable: int = 0
    device: str = ""
    threads: int = 0
    precision: str = ""
    losses: tuple[Loss, ...] = ()
    stride: int = 1
    """Steps that have two losses together at most."""
    loss: Loss | None = None
    """The newest one, kept or not."""
    learning_rate: float = 0.0
    gradient_norm: float = 0.0
    """Before clipping."""
    tokens_per_second: float = 0.0
    """Of training steps alone, smoothed."""
    evaluations: tuple[Evaluated, ...] = ()
    evaluation_stride: int = 1
    """Steps that have one evaluation together at most."""
    notices: tuple[Notice, ...] = ()
    saved: int = 0
    """Step of the newest checkpoint."""
    seconds: float = 0.0
    """That the run was at work, evaluations included, pauses and breaks not."""
    time: float = 0.0
    """Of the newest event, in seconds since 1970."""
    reason: str = ""
    """Why it paused or ended."""

    @property
    def live(self) -> bool:
        """Whether more is to come without anybody's doing."""
        return self.state in ("running", "paused")

    @property
    def share(self) -> float:
        """How much of the run is done, from 0 to 1. A goal may end it earlier."""
        return 1.0 if self.state == "finished" else min(1.0, self.step / self.steps) if self.steps else 0.0

    @property
    def seconds_left(self) -> float | None:
        """At most, at the speed so far; none where nothing can be said."""
        if self.state != "running" or not self.step:
            return None
        return self.seconds / self.step * max(0, self.steps - self.step)

    @property
    def scores(self) -> Scores:
        """Those of the last evaluation."""
        return self.evaluations[-1].scores if self.evaluations else {}


def apply(view: RunView, event: Event) -> RunView:
    """The view after one more event. Kinds of events that it does not know change nothing."""
    match event:
        case Step():
            return _stepped(view, event)
        case Started():
            return _started(view, event)
        case Evaluation():
            found = Evaluated(event.step, event.scores, without_tokens(event.answers))
            return _at(view, event, **_with_evaluation(view, found))
        case Checkpoint():
            return _at(view, event, saved=event.step)
        case Warning():
            return _noticed(_at(view, event), Notice("warning", view.step, event.message, event.hint))
        case LearningRate():
            return _at(view, event, learning_rate=event.rate)
        case Paused():
            return _at(view, event, state="paused", step=event.step, reason=event.reason)
        case Resumed():
            return _at(view, event, state="running", step=event.step, reason="")
        case Interrupted():
            return _at(view, event, state="interrupted", step=event.step, reason=event.reason)
        case Stopped():
            return _at(view, event, state="stopped", step=event.step, reason=event.reason)
        case Failed():
            ended = _at(view, event, state="failed", step=event.step, reason=event.message)
            return _noticed(ended, Notice("error", event.step, event.message, event.hint))
        case Finished():
            return _finished(view, event)
    return view


def apply_all(view: RunView, events: Iterable[Event]) -> RunView:
    """The view after these events, one by one."""
    return reduce(apply, events, view)


def _at(view: RunView, event: Event, **changes: object) -> RunView:
    """The view with these changes, at the time of the event."""
    # Time that passed while nobody worked does not count: before a start, in a pause, after an interruption.
    at_work = view.state == "running" and not isinstance(event, Started) and event.time > view.time > 0
    seconds = view.seconds + event.time - view.time if at_work else view.seconds
    return msgspec.structs.replace(view, run=event.run, time=event.time, seconds=seconds, **changes)


def _started(view: RunView, event: Started) -> RunView:
    """A run that goes on from a checkpoint takes back what stands after its step."""
    losses = tuple(loss for loss in view.losses if loss.step <= event.step)
    evaluations = tuple(found for found in view.evaluations if found.step <= event.step)
    return _at(
        view,
        event,
        tuning=event.tuning,
        title=event.scenario,
        state="running",
        step=event.step,
        steps=event.steps,
        parameters=event.parameters,
        trainable=event.trainable,
        device=event.device,
        threads=event.threads,
        precision=event.precision,
        losses=losses,
        loss=losses[-1] if losses else None,
        evaluations=evaluations,
        reason="",
    )


def _stepped(view: RunView, event: Step) -> RunView:
    now = Loss(event.step, event.loss)
    losses, stride = view.losses, view.stride
    near = [loss for loss in losses[-2:] if loss.step // stride == now.step // stride]
    if (kept := _lowest_and_highest([*near, now])) != near:
        losses = (*losses[: len(losses) - len(near)], *kept)
    while len(losses) > MOST_LOSSES:
        stride *= 2
        losses = _peaks(losses, stride)
    speed = event.tokens / event.seconds if event.seconds > 0 else view.tokens_per_second
    past = SMOOTHING if view.tokens_per_second else 0.0
    return _at(
        view,
        event,
        step=event.step,
        losses=losses,
        stride=stride,
        loss=now,
        learning_rate=event.learning_rate,
        gradient_norm=event.gradient_norm,
        tokens_per_second=past * view.tokens_per_second + (1 - past) * speed,
    )


def _finished(view: RunView, event: Finished) -> RunView:
    """The scores at the end are those of more examples. The logs of older runs have no answers there."""
    latest = view.evaluations[-1] if view.evaluations else None
    former = latest.answers if latest and latest.step == event.step else ()
    answers = without_tokens(event.answers) or former
    found = Evaluated(event.step, event.scores, answers)
    return _at(view, event, state="finished", step=event.step, reason=event.reason, **_with_evaluation(view, found))


def without_tokens(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """The answers as texts alone: what they are made of takes much memory, and is not shown."""
    return tuple(msgspec.structs.replace(answer, tokens=[]) for answer in answers)


def _peaks(losses: Iterable[Loss], stride: int) -> tuple[Loss, ...]:
    """The lowest and the highest loss of every so many steps."""
    groups = groupby(losses, key=lambda loss: loss.step // stride)
    return tuple(chain.from_iterable(_lowest_and_highest(list(group)) for _, group in groups))


def _lowest_and_highest(losses: list[Loss]) -> list[Loss]:
    """Of losses beside one another those two, in the order of their steps."""
    return sorted({min(losses, key=lambda loss: loss.loss), max(losses, key=lambda loss: loss.loss)})


def _with_evaluation(view: RunView, found: Evaluated) -> dict[str, object]:
    """What changes. Of two at the same step the later counts."""
    evaluations, stride = (*view.evaluations, found), view.evaluation_stride
    first = evaluations[0].step
    while True:
        last_of_each = {0 if each.step == first else -(-each.step // stride): each for each in evaluations}
        if len(last_of_each) <= MOST_EVALUATIONS:
            return {"evaluations": tuple(last_of_each.values()), "evaluation_stride": stride}
        stride *= 2


def _noticed(view: RunView, notice: Notice) -> RunView:
    """A run that goes on says again what it said at its start: once is enough."""
    if any((known.message, known.hint) == (notice.message, notice.hint) for known in view.notices):
        return view
    return msgspec.structs.replace(view, notices=(*view.notices, notice)[-MOST_NOTICES:])
