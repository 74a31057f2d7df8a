"""Runs for the engine process, so small that a step takes about a millisecond; and how a test waits for them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from engine.architectures import Tokenizer, Transformer
from engine.client import Client
from engine.example_sources import Row
from engine.protocol import AnyEvent, Checkpoint
from engine.queueing import queue
from engine.runs import Run
from engine.scenario import Scenario, Tuning
from engine.workspace import Workspace

ENDLESS = 1_000_000
"""Steps of a run that ends when a test says so."""

EventT = TypeVar("EventT", bound=AnyEvent)


def scenario(**tuning: Any) -> Scenario:
    """Two tasks for a tiny transformer."""
    settings: dict[str, Any] = {"threads": 1, "batch_size": 4, "warmup_steps": 2, "evaluate_every": 0}
    return Scenario(
        title="Digits",
        examples=[
            *(Row(instruction=f"{n} up", response=str(n + 1), task="up", split="train") for n in range(6)),
            *(Row(instruction=f"{n} twice", response=f"{n}{n}", task="twice", split="train") for n in range(6)),
            Row(instruction="7 up", response="8", task="up", split="validation"),
        ],
        tokenizer=Tokenizer(kind="characters"),
        model=Transformer(width=16, layers=1, heads=2, context=16),
        tunings={"it": Tuning(**(settings | tuning))},
    )


def queued(workspace: Workspace, steps: int = ENDLESS, **tuning: Any) -> Run:
    """A new run that the engine has not been told of."""
    return queue(scenario(**tuning), "digits", Path(), "it", workspace=workspace, device="cpu", steps=steps)


@asynccontextmanager
async def client_of(workspace: Workspace, *options: str) -> AsyncIterator[Client]:
    """A connected client."""
    client = Client(workspace, *options)
    await client.connect()
    try:
        yield client
    finally:
        await client.close()


async def until(client: Client, run: str, kind: type[EventT], step: int = 0, after: int = -1) -> EventT:
    """The first event of this kind at or after a step, as soon as it is told."""
    async for events in client.events(run, after):
        for event in events:
            if isinstance(event, kind) and getattr(event, "step", 0) >= step:
                return event
    raise AssertionError(f"the run ended before the {kind.__name__}")


async def story(client: Client, run: str, after: int = -1) -> list[AnyEvent]:
    """All events of a run, to its end."""
    return [event async for events in client.events(run, after) for event in events]


def final_weights(run: Run) -> str:
    """Hash of the weights that the run ended with."""
    return [event for event in run.events() if isinstance(event, Checkpoint)][-1].weights
