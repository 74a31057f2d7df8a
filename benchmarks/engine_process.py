"""What the engine process costs: steps a second through it against a bare loop, and how soon a prompt is answered.

    python benchmarks/engine_process.py [--rounds N] [--steps N]

Both sides train the same tuning of `arithmetic_reversal`. The bare loop iterates over the trainer in this process and
does nothing else; the engine logs every step and tells one client of it. They take turns every few steps, the engine's
run being paused meanwhile, so that whatever else the machine does meets both alike. The ratio of steps a second is the
median over all turns, beside its quartiles and, as a check of the method, the same figure for two bare loops. On Linux
the CPU seconds a step of both sides are told too, for the whole engine process: they depend less on who else computes.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.client import Client
from engine.protocol import AnyEvent, Paused, Step
from engine.queueing import queue
from engine.runs import Run
from engine.scenario_file import load
from engine.scenario_library import find
from engine.training.prepare import prepare
from engine.training.trainer import Trainer
from engine.workspace import Workspace

TUNING = "instruction-tune"
WARM_UP = 50
"""Steps that are not counted."""
ENDLESS = 1_000_000


class Bare:
    """The trainer alone."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self.steps, self.cpu = 0, 0.0

    def take(self, steps: int) -> float:
        """Seconds a step. The first step of a turn is not counted, as for the engine."""
        cpu = time.process_time()
        self._trainer.train_step()
        began = time.perf_counter()
        for _ in range(steps):
            self._trainer.train_step()
        seconds = time.perf_counter() - began
        self.cpu += time.process_time() - cpu
        self.steps += steps + 1
        return seconds / steps


class InEngine:
    """A run in the engine whose every event one client reads, and which is let go a few steps at a time."""

    def __init__(self, client: Client, run: Run, pid: int) -> None:
        self._client, self._run, self._pid = client, run, pid
        self._events = client.events(run.id)
        self.steps, self.cpu = 0, 0.0

    async def take(self, steps: int) -> float:
        """Seconds a step, by the times that stand in the log."""
        cpu = cpu_seconds(self._pid)
        await self._client.resume(self._run.id)
        times: list[float] = []
        while len(times) <= steps:
            times += step_times(await anext(self._events))
        await self._client.pause(self._run.id)
        is_paused = False
        while not is_paused:
            events = await anext(self._events)
            times += step_times(events)
            is_paused = isinstance(events[-1], Paused)
        self.cpu += cpu_seconds(self._pid) - cpu
        self.steps += len(times)
        return (times[-1] - times[0]) / (len(times) - 1)


def step_times(events: Sequence[AnyEvent]) -> list[float]:
    """When the steps among them were done."""
    return [event.time for event in events if isinstance(event, Step)]


def cpu_seconds(pid: int) -> float:
    """What a process has used so far; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


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


def spread(alone: Sequence[float], other: Sequence[float]) -> dict[str, float]:
    """Of the ratios of steps a second, turn by turn: quartiles and median."""
    low, median, high = statistics.quantiles([a / b for a, b in zip(alone, other, strict=True)], n=4)
    return {"median": median, "low": low, "high": high}


async def main() -> None:
    """Measure, and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--steps", type=int, default=20, help="of a turn")
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

        run = new_run(ENDLESS)
        trainer = prepare(scenario, TUNING, workspace.examples(run), device="cpu", steps=ENDLESS).trainer
        client = Client(workspace, "--nice", "0")
        await client.queue([run.id])
        engine, bare = InEngine(client, run, (await client.status()).pid), Bare(trainer)
        await engine.take(WARM_UP)
        bare.take(WARM_UP)
        seconds: dict[str, list[float]] = {"bare": [], "engine": [], "bare_again": []}
        engine.steps, engine.cpu, bare.steps, bare.cpu = 0, 0.0, 0, 0.0
        for _ in range(options.rounds):
            seconds["bare"].append(bare.take(options.steps))
            seconds["engine"].append(await engine.take(options.steps))
            seconds["bare_again"].append(bare.take(options.steps))
        await client.stop(run.id)
        asked = await seconds_to_answer(client, new_run(ENDLESS))
        await client.shutdown()
        await client.close()
    around = [(first + second) / 2 for first, second in zip(seconds["bare"], seconds["bare_again"], strict=True)]
    result = {
        "turns": options.rounds,
        "seconds_a_step": {side: statistics.median(found) for side, found in seconds.items()},
        "ratio": spread(around, seconds["engine"]),
        "cpu_seconds_a_step": {"bare": bare.cpu / bare.steps, "engine": engine.cpu / engine.steps},
        "ratio_of_two_bare_loops": spread(seconds["bare"], seconds["bare_again"]),
        "seconds_to_answer": {"median": statistics.median(asked), "most": max(asked)},
    }
    print(msgspec.json.format(msgspec.json.encode(result), indent=2).decode())


if __name__ == "__main__":
    asyncio.run(main())
