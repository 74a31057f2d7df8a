"""A run's progress on standard error: a bar on a terminal, one line for each evaluation anywhere else."""

import time
from collections.abc import Mapping
from typing import Protocol, Self

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from engine.protocol import Evaluation, Event, Paused, Resumed, Score, Scores, Started, Step, Warning
from tui.figures import exact_match, percent
from tui.plain_text import plain_text

REDRAW_SECONDS = 0.1

FEW = range(2, 4)
"""Tasks that are told one by one."""


class Watcher(Protocol):
    """Shows the events of a run while it is entered."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *error: object) -> None: ...
    def show(self, event: Event) -> None:
        """Take one event."""


class Bar:
    """A bar with the time that is left at most, the loss, and the score of the last evaluation."""

    def __init__(self, console: Console | None = None) -> None:
        text = "{task.description}", "{task.fields[loss]}", "{task.fields[score]}"
        name, loss, score = (TextColumn(column, markup=False) for column in text)
        self._progress = Progress(
            name,
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            loss,
            score,
            console=console or Console(stderr=True),
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._progress.add_task("", total=None, loss="", score="")
        self._drawn = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def show(self, event: Event) -> None:
        """Take one event."""
        match event:
            case Started():
                self._progress.console.print(Text(heading(event)))
                self._progress.start()
                self._progress.reset(
                    self._task, description=plain_text(event.tuning), total=event.steps, completed=event.step
                )
            case Step():
                self._progress.update(self._task, completed=event.step, loss=f"loss {event.loss:.4f}")
                if time.monotonic() - self._drawn < REDRAW_SECONDS:
                    return
            case Evaluation():
                self._progress.update(self._task, completed=event.step, score=summary(event.scores))
            case Warning() | Paused() | Resumed():
                self._progress.console.print(Text(remark(event)))
        self._progress.refresh()
        self._drawn = time.monotonic()


class Lines:
    """One line for each evaluation, warning and pause, for pipes and log files."""

    def __init__(self) -> None:
        self._steps = 0
        self._loss = float("nan")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None: ...

    def show(self, event: Event) -> None:
        """Take one event."""
        match event:
            case Started():
                self._steps = event.steps
                click.echo(heading(event), err=True)
            case Step():
                self._loss = event.loss
            case Evaluation():
                place = f"step {event.step:,} of at most {self._steps:,}"
                click.echo(f"{place}  loss {self._loss:.4f}  {summary(event.scores)}", err=True)
            case Warning() | Paused() | Resumed():
                click.echo(remark(event), err=True)


class Silent(Lines):
    """Nothing: standard output has the events already."""

    def show(self, event: Event) -> None:
        """Take one event."""


def heading(event: Started) -> str:
    """What is about to be trained, and on what."""
    trained = "" if event.trainable == event.parameters else f", {event.trainable:,} of them trained"
    examples = sum(event.examples.get("train", {}).values())
    read = f"{examples:,} training examples" if examples else "plain text"
    threads = f"{event.threads} thread{'s' * (event.threads > 1)}, " if event.device == "cpu" else ""
    return plain_text(
        f"{event.tuning}: {event.parameters:,} parameters{trained}; {read}; "
        f"at most {event.steps:,} steps; {event.device} ({threads}{event.precision})"
    )


def summary(scores: Scores) -> str:
    """Exact match of what is held out, task by task where they are few. Where nothing is, that of the training."""
    shown = {split: tasks for split, tasks in scores.items() if split != "train"} or scores
    return "  ".join(f"{split} {shares(tasks)}" for split, tasks in shown.items())


def shares(tasks: Mapping[str, Score]) -> str:
    """`add 98.5 %, reverse 100.0 %`; of one task, or of many together, `98.5 %`."""
    if len(tasks) not in FEW:
        return percent(exact_match(dict(tasks)))
    return ", ".join(f"{plain_text(task) or 'no task'} {percent(score.exact_match)}" for task, score in tasks.items())


def remark(event: Warning | Paused | Resumed) -> str:
    """What is worth a line of its own."""
    match event:
        case Paused():
            why = "" if event.reason in ("", "asked for") else f": {event.reason}"
            return plain_text(f"Paused after step {event.step:,}{why}")
        case Resumed():
            return f"Going on after step {event.step:,}"
    hint = f" ({event.hint})" if event.hint else ""
    return plain_text(f"Warning: {event.message}{hint}")
