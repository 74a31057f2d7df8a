"""The engine process killed and hurt many times, and what held; prints JSON. The tests do the same a few times.

    python benchmarks/faults.py [--kills N] [--ends N] [--events N]

- `kills`: a run is killed with its engine (SIGKILL) at a random moment, again and again, and resumed each time. In half
  of the kills a checkpoint is written after every step, and the kill comes as soon as a half-written one is seen.
  Counted: times that the run was shown as interrupted, that its newest checkpoint was whole, that a save was hit; and
  whether the final weights are those of the run that was left alone.
- `ends`: the engine is told to end (SIGTERM) at a random moment. Counted: times that the run was shown as interrupted,
  and that its newest checkpoint is of the very last step; seconds until the engine was gone.
- `long_story`: seconds until a client has been told of a run with very many events, and how many it was told.
"""

import argparse
import asyncio
import os
import random
import signal
import statistics
import tempfile
import time
from pathlib import Path

import msgspec

from engine import headless
from engine.architectures import Transformer
from engine.client import Client
from engine.errors import EngineError
from engine.place import Place
from engine.protocol import Checkpoint, Finished, Step, Stopped, encode
from engine.queueing import queue
from engine.runs import Run
from engine.scenario import Scenario, Tuning
from engine.scenario_file import load
from engine.scenario_library import find
from engine.workspace import Workspace

STEPS = 400


def small(checkpoint_every: int) -> tuple[Scenario, Path]:
    """A built-in scenario with a tiny model, so that a step takes milliseconds."""
    path = find("arithmetic_reversal")
    tuning = Tuning(threads=1, evaluate_every=0, checkpoint_every=checkpoint_every, batch_size=8)
    model = Transformer(width=16, layers=1, heads=2)
    return msgspec.structs.replace(load(path), model=model, tunings={"it": tuning}), path


def new_run(workspace: Workspace, checkpoint_every: int, steps: int = STEPS) -> Run:
    """A run that nothing has happened in."""
    scenario, path = small(checkpoint_every)
    return queue(scenario, path.stem, path.parent, "it", workspace=workspace, device="cpu", steps=steps)


def final_weights(run: Run) -> str:
    """Hash of the weights that the run ended with."""
    return [event for event in run.events() if isinstance(event, Checkpoint)][-1].weights


async def killed_many_times(workspace: Workspace, kills: int, during_saves: bool) -> dict[str, object]:
    """Kill and resume runs until there have been so many kills; compare each with one that was left alone."""
    every = 1 if during_saves else 25
    undisturbed = new_run(workspace, every)
    async with Connected(workspace) as client:
        await client.queue([undisturbed.id])
        async for _ in client.events(undisturbed.id):
            pass
    counts = {"kills": 0, "interrupted": 0, "whole": 0, "during_a_save": 0, "runs": 0, "same_weights": 0}
    rng = random.Random(0)
    while counts["kills"] < kills:
        run = new_run(workspace, every)
        while run.state() != "finished":
            async with Connected(workspace) as client:
                pid = (await client.status()).pid
                await client.resume(run.id)
                if counts["kills"] < kills:
                    await moment(client, run, rng.randrange(5, 60), during_saves)
                    ended = run.state() == "finished"
                    os.kill(pid, signal.SIGKILL)
                    while run.state() == "running":
                        await asyncio.sleep(0.02)
                    if ended or run.state() == "finished":
                        break
                    counts["kills"] += 1
                    counts["interrupted"] += run.state() == "interrupted"
                    counts["whole"] += is_whole(run)
                    counts["during_a_save"] += any(run.checkpoint_folder.glob(".tmp-*"))
                else:
                    async for events in client.events(run.id):
                        if isinstance(events[-1], Finished):
                            break
        counts["runs"] += 1
        counts["same_weights"] += final_weights(run) == final_weights(undisturbed)
    return dict(counts)


async def moment(client: Client, run: Run, steps: int, during_a_save: bool) -> None:
    """Wait until so many more steps are done, and then for a save if one is wanted."""
    first = 0
    async for events in client.events(run.id, after=max((event.n for event in run.events()), default=-1)):
        for event in events:
            if isinstance(event, Step):
                first = first or event.step
                if event.step >= first + steps:
                    break
        else:
            continue
        break
    deadline = time.monotonic() + 1
    while during_a_save and time.monotonic() < deadline and not any(run.checkpoint_folder.glob(".tmp-*")):
        pass


async def ended_many_times(workspace: Workspace, ends: int) -> dict[str, object]:
    """Let engines end in the middle of a run, which the next one goes on with."""
    run = new_run(workspace, 0, steps=1_000_000)
    rng = random.Random(0)
    interrupted = saved = 0
    seconds = []
    for _ in range(ends):
        async with Connected(workspace) as client:
            pid = (await client.status()).pid
            await client.resume(run.id)
            await moment(client, run, rng.randrange(5, 60), during_a_save=False)
        began = time.perf_counter()
        os.kill(pid, signal.SIGTERM)
        while Place(workspace.folder).is_served():
            await asyncio.sleep(0.02)
        seconds.append(time.perf_counter() - began)
        interrupted += run.state() == "interrupted"
        last = {type(event): event.step for event in run.events() if isinstance(event, Step | Checkpoint)}
        saved += last[Step] == last[Checkpoint]
    return {
        "ends": ends,
        "interrupted": interrupted,
        "saved": saved,
        "seconds": {"median": statistics.median(seconds), "most": max(seconds)},
    }


def is_whole(run: Run) -> bool:
    """Whether the newest checkpoint that the log tells of, or a newer one, can be loaded; true where there is none."""
    if not any(isinstance(event, Checkpoint) for event in run.events()):
        return True
    try:
        return headless.load_run(run) is not None
    except EngineError:
        return False


async def long_story(workspace: Workspace, count: int) -> dict[str, object]:
    """How fast a client is told of very many events."""
    run = new_run(workspace, 0)
    with run.events_file.open("wb") as file:
        for n in range(count):
            step = Step(
                n=n,
                run=run.id,
                time=1e9,
                step=n,
                loss=1.5,
                learning_rate=1e-3,
                gradient_norm=1.5,
                tokens=640,
                seconds=0.01,
            )
            file.write(encode(step))
        file.write(encode(Stopped(n=count, run=run.id, time=1e9, step=count)))
    async with Connected(workspace) as client:
        began = time.perf_counter()
        told = [len(events) async for events in client.events(run.id)]
        seconds = time.perf_counter() - began
        memory = (await client.status()).memory
    return {
        "events": count,
        "seconds": seconds,
        "told": sum(told),
        "lists": len(told),
        "engine_megabytes": memory >> 20,
    }


class Connected:
    """A client while entered."""

    def __init__(self, workspace: Workspace) -> None:
        self._client = Client(workspace, "--idle", "30")

    async def __aenter__(self) -> Client:
        await self._client.connect()
        return self._client

    async def __aexit__(self, *error: object) -> None:
        await self._client.close()


async def main() -> None:
    """Measure, and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--ends", type=int, default=20)
    parser.add_argument("--events", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        found = {
            "long_story": await long_story(workspace, options.events),
            "kills_at_random": await killed_many_times(workspace, options.kills // 2, during_saves=False),
            "kills_during_saves": await killed_many_times(
                workspace, options.kills - options.kills // 2, during_saves=True
            ),
            "ends": await ended_many_times(workspace, options.ends),
        }
        async with Connected(workspace) as client:
            await client.shutdown()
    print(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())


if __name__ == "__main__":
    asyncio.run(main())
