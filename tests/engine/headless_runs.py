"""Runs without an engine process: two tasks of digits for a tiny transformer, and what may happen to a run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from torch import Tensor

from engine import headless
from engine.architectures import Transformer
from engine.example_sources import Row
from engine.protocol import Event
from engine.runs import Run
from engine.scenario import Scenario, Tuning
from engine.workspace import Workspace
from tests.engine.small import CHARACTERS, weights

ROWS = [
    *(Row(instruction=f"{n} up", response=str(n + 1), task="up", split="train") for n in range(6)),
    *(Row(instruction=f"{n} twice", response=f"{n}{n}", task="twice", split="train") for n in range(6)),
    Row(instruction="7 up", response="8", task="up", split="validation"),
    Row(instruction="7 twice", response="77", task="twice", split="unseen"),
]
TINY = Transformer(width=16, layers=1, heads=2, context=16)
STEPS = 10


def scenario(*, base: str = "", rows: list[Row] = ROWS, tokenizer: Any = CHARACTERS, **tuning: Any) -> Scenario:
    """Two tasks for a tiny transformer. The rate begins to fall at the first evaluation."""
    settings: dict[str, Any] = {
        "steps": STEPS,
        "threads": 1,
        "batch_size": 5,
        "warmup_steps": 2,
        "decay_at": 0.0,
        "decay_steps": 4,
        "evaluate_every": 3,
        "checkpoint_every": 4,
    }
    return Scenario(
        title="Digits",
        examples=rows,
        tokenizer=tokenizer,
        model=TINY,
        base=base,
        tunings={"it": Tuning(**(settings | tuning))},
        prompts=["2 up"],
    )


def train(workspace: Workspace, asked: Scenario | None = None, **settings: Any) -> Run:
    """A run of the tuning `it`, in the workspace's parent folder."""
    return headless.train(asked or scenario(), "digits", workspace.folder.parent, "it", workspace=workspace, **settings)


class Killed(BaseException):
    """The process ends at once, and nothing of it is tidied up."""


def killed_after(count: int) -> Callable[[Event], None]:
    """Ends the process when so many events are in the log."""
    left = iter(range(count - 1))

    def die(event: Event) -> None:
        if next(left, None) is None:
            raise Killed

    return die


def train_and_kill(workspace: Workspace, events: int, asked: Scenario | None = None) -> Run:
    """A run whose process ended when so many events were in its log."""
    with pytest.raises(Killed):
        train(workspace, asked, on_event=killed_after(events))
    return workspace.runs()[0]


def stop_after(step: int) -> Callable[[], str]:
    """`should_stop` that says so after so many steps."""
    left = iter(range(step - 1))
    return lambda: "SIGINT" if next(left, None) is None else ""


def final_weights(run: Run) -> dict[str, Tensor]:
    """Of its newest checkpoint."""
    return weights(headless.load_run(run).model)


def told(run: Run, *kinds: type[Event]) -> list[str]:
    """The run's events of these kinds, without what the clock and the run's name have a part in."""
    changing = {
        "n": 0,
        "time": 0,
        "run": "",
        "seconds": 0,
        "evaluation_seconds": 0,
        "tokens_per_second": 0,
        "memory": 0,
    }
    return [repr(msgspec.to_builtins(event) | changing) for event in run.events() if isinstance(event, kinds or Event)]


def damage(folder: Path, name: str) -> None:
    """Change the last byte of a file."""
    path = folder / name
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
