"""What the engine process costs: steps a second through it against a bare loop, and how soon a prompt is answered.

    python benchmarks/engine_process.py [--steps N] [--rounds N]

Both sides train the same tuning of `arithmetic_reversal` for the same steps. The bare loop iterates over the trainer in
this process and does nothing else; the engine logs every step and tells one client of it. The two take turns, so that
whatever else the machine does meets both alike; the ratio is the median of the rounds' ratios.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path

import msgspec

from engine.client import Client
from engine.protocol import Step
from engine.queueing import queue
from engine.runs import Run
from engine.scenario import Scenario
from engine.scenario_file import load
from engine.scenario_library import find
from engine.training.prepare import prepare
from engine.workspace import Workspace

TUNING = "instruction-tune"
WARM_UP = 50
"""Steps that are not counted."""


def bare(scenario: Scenario, run: Run, workspace: Workspace) -> float:
    """Steps a second of the trainer alone."""
    trainer = prepare(scenario, TUNING, workspace.examples(run), device="cpu", steps=run.info.steps).trainer
    for step in trainer:
        if step.step == WARM_UP:
            began = time.perf_counter()
    return (run.info.steps - WARM_UP) / (time.perf_counter() - began)


async def through_the_engine(client: Client, run: Run) -> float:
    """Steps a second of a run whose every list of events goes to a client, by the times that stand in its log."""
    await client.queue([run.id])
    async for _ in client.events(run.id):
        pass
    times = {event.step: event.time for event in run.events() if isinstance(event, Step)}
    return (run.info.steps - WARM_UP) / (times[run.info.steps] - times[WARM_UP])


async def seconds_to_answer(client: Client, run: Run, count: int = 30) -> list[float]:
    """From a prompt to the whole answer, while the model that is asked is trained."""
    await client.queue([run.id])
    async for events in client.events(run.id):
        if isinstance(events[-1], Step):
            break
    found = []
    for _ in range(count):
        began = time.perf_counter()
        async for _told in client.ask([run.id], "Add 12 and 34"):
            pass
        found.append(time.perf_counter() - began)
        await asyncio.sleep(0.05)
    await client.stop(run.id)
    return found


async def main() -> None:
    """Measure, and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    path = find("arithmetic_reversal")
    scenario = load(path)
    tuning = msgspec.structs.replace(
        scenario.tunings[TUNING], evaluate_every=0, checkpoint_every=0, goal=None, threads=1
    )
    scenario = msgspec.structs.replace(scenario, tunings={TUNING: tuning}, prompts=[])
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))

        def new_run(steps: int) -> Run:
            return queue(scenario, path.stem, path.parent, TUNING, workspace=workspace, device="cpu", steps=steps)

        client = Client(workspace, "--nice", "0")
        rates: dict[str, list[float]] = {"bare": [], "engine": []}
        for _ in range(options.rounds):
            run = new_run(options.steps)
            rates["bare"].append(bare(scenario, run, workspace))
            rates["engine"].append(await through_the_engine(client, run))
        asked = await seconds_to_answer(client, new_run(1_000_000))
        await client.shutdown()
        await client.close()
    ratios = [engine / alone for engine, alone in zip(rates["engine"], rates["bare"], strict=True)]
    result = {
        "steps": options.steps,
        "steps_per_second": rates,
        "ratio": statistics.median(ratios),
        "ratios": ratios,
        "seconds_a_step": 1 / statistics.median(rates["engine"]),
        "seconds_to_answer": {"median": statistics.median(asked), "most": max(asked)},
    }
    print(msgspec.json.format(msgspec.json.encode(result), indent=2).decode())


if __name__ == "__main__":
    asyncio.run(main())
