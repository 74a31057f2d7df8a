"""Runs followed from the command line: progress while they go, results when they end, a clean stop on a signal."""

import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from engine.protocol import Answer, Event, Finished, Interrupted, encode
from tui.figures import answer_table, duration, score_table
from tui.plain_text import plain_text
from tui.progress import Bar, Lines, Silent, Watcher
from tui.stop_signals import StopSignals

if TYPE_CHECKING:
    from engine.runs import Run


class Job(Protocol):
    """Trains one run; asks `should_stop` between two steps, which answers with a reason or nothing."""

    def __call__(self, *, on_event: Callable[[Event], None], should_stop: Callable[[], str]) -> "Run": ...


Answers = Callable[["Run"], Iterable[Answer]]
"""What the model of a run says to the scenario's prompts."""


class Follower:
    """Takes the events of one run as they come, and remembers how it ended."""

    def __init__(self, watching: Watcher, signals: StopSignals, as_json: bool) -> None:
        self.finished: Finished | None = None
        self.interrupted: Interrupted | None = None
        self._watching = watching
        self._signals = signals
        self._as_json = as_json

    def hear(self, event: Event) -> None:
        """Take one event."""
        match event:
            case Finished():
                self.finished = event
            case Interrupted():
                self.interrupted = event
        if self._as_json and not written(encode(event)):
            self._signals.stop(signal.SIGPIPE)
        self._watching.show(event)


def follow(jobs: Iterable[Job], answers_of: Answers, *, as_json: bool = False, workspace: Path | None = None) -> int:
    """Do the jobs one after the other; the first that is stopped is the last. Returns the exit status.

    Args:
        jobs: what to train.
        answers_of: asked about each run that finished before a signal came, for the table at the end.
        as_json: print the events on standard output, and nothing else.
        workspace: as it was given on the command line, for the advice on how to go on.

    Raises:
        InputError, EngineError: what a job raises; the jobs behind it are not begun.
    """
    answers: dict[str, list[Answer]] = {}
    status = 0
    for job in jobs:
        with StopSignals() as signals, watcher(as_json) as watching:
            follower = Follower(watching, signals, as_json)
            run = job(on_event=follower.hear, should_stop=signals.reason)
        if follower.interrupted:
            click.echo(advice(run, follower.interrupted, workspace), err=True)
        if signals.caught:
            status = signals.exit_status
            break
        if follower.finished and not as_json:
            click.echo(result(run, follower.finished))
            answers[run.info.tuning] = list(answers_of(run))
    if any(answers.values()):
        click.echo(answer_table(answers))
    return status


def watcher(as_json: bool) -> Watcher:
    """A bar where somebody sees it, lines in a pipe, nothing where the events themselves are printed."""
    if sys.stderr.isatty() and not (as_json and sys.stdout.isatty()):
        return Bar()
    return Silent() if as_json else Lines()


def written(line: bytes) -> bool:
    """Write a line to standard output; false when nobody reads it any more."""
    try:
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # What Python still holds for the closed pipe must go somewhere when the process ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return False
    return True


def result(run: "Run", finished: Finished) -> str:
    """How the run ended, and its scores."""
    why = "the goal is met" if finished.reason == "goal" else "all steps are done"
    speed = f"{finished.tokens_per_second:,.0f} tokens a second"
    head = f"{run.info.tuning}: {why} after {finished.step:,} steps and {duration(finished.seconds)}, {speed}."
    return f"{plain_text(head)} Run {run.id}\n\n{score_table(finished.scores)}\n"


def advice(run: "Run", interrupted: Interrupted, workspace: Path | None) -> str:
    """How to go on with the run."""
    place = ["--workspace", str(workspace)] if workspace else []
    go_on = shlex.join(["tunetui", "train", "--resume", run.id, *place])
    return f"Stopped after step {interrupted.step:,} and saved. Go on with: {go_on}"
