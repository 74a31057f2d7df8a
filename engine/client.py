"""The engine as a program sees it that does not compute: found or started, asked, followed.

client = Client(Workspace())
await client.connect()
await client.queue([run.id])
async for events in client.events(run.id): ...
await client.close()
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Sequence
from pathlib import Path
from typing import Any

import msgspec

from engine.errors import EngineError
from engine.link import PAUSE, SECONDS, Link, Reader
from engine.matrix import AskedQuestion, Group, Matrix
from engine.methods import (
    Answers,
    Ask,
    Cancel,
    CellAnswers,
    Compare,
    Evaluate,
    OfCell,
    OfModels,
    OfRun,
    OfRuns,
    Params,
    Saved,
    SetLearningRate,
    TokenOf,
)
from engine.protocol import AnyEvent, Scores
from engine.requests import EngineStatus, ModelAnswer, RunSummary, StreamedToken
from engine.scenario import Scenario
from engine.wire import at_most

LONG = 900.0
"""For an answer that many examples are computed for, or many tokens."""


class Client(Link):
    """One client of a workspace's engine. Fulfils `engine.requests.Engine`; `Link` explains the arguments."""

    async def runs(self) -> list[RunSummary]:
        """All runs, newest first."""
        return await self._call("runs", Params(), list[RunSummary])

    async def queue(self, runs: Sequence[str]) -> None:
        """Put runs at the end of the line."""
        await self._do("queue", OfRuns(runs=list(runs)))

    async def pause(self, run: str) -> None:
        """Hold the run after its step."""
        await self._do("pause", OfRun(run=run))

    async def resume(self, run: str) -> None:
        """Let a paused run go on; an interrupted one is put in line."""
        await self._do("resume", OfRun(run=run))

    async def stop(self, run: str) -> None:
        """End the run for good."""
        await self._do("stop", OfRun(run=run))

    async def step(self, run: str) -> None:
        """Let a paused run do one step."""
        await self._do("step", OfRun(run=run))

    async def save(self, run: str) -> int:
        """Write a checkpoint of this moment."""
        return (await self._call("save", OfRun(run=run), Saved)).step

    async def remove(self, run: str) -> None:
        """Remove a run that is not at work."""
        await self._do("remove", OfRun(run=run))

    async def set_learning_rate(self, run: str, rate: float) -> None:
        """Train on with another learning rate."""
        await self._do("set_learning_rate", SetLearningRate(run=run, rate=rate))

    async def evaluate(self, run: str, *, splits: Sequence[str] = (), tasks: Sequence[str] = ()) -> Scores:
        """Score a run's model."""
        params = Evaluate(run=run, splits=list(splits), tasks=list(tasks))
        return await self._call("evaluate", params, Scores, LONG)

    async def compare(
        self,
        models: Sequence[str],
        *,
        scenario: Scenario | None = None,
        folder: Path | None = None,
        tasks: Collection[str] = (),
        groups: Collection[Group] = (),
        count: int = 20,
        development: bool = False,
    ) -> Matrix:
        """Ask several models the same questions."""
        params = Compare(
            models=list(models),
            scenario=scenario,
            folder=str(folder.absolute()) if folder else "",
            tasks=list(tasks),
            groups=list(groups),
            count=count,
            development=development,
        )
        return await self._call("compare", params, Matrix, LONG)

    async def answers_of_cell(
        self,
        models: Sequence[str],
        group: Group,
        task: str,
        *,
        scenario: Scenario | None = None,
        folder: Path | None = None,
        count: int = 20,
        development: bool = False,
    ) -> list[AskedQuestion]:
        """What each model answers to the questions of one cell."""
        params = OfCell(
            models=list(models),
            group=group,
            task=task,
            scenario=scenario,
            folder=str(folder.absolute()) if folder else "",
            count=count,
            development=development,
        )
        return (await self._call("answers_of_cell", params, CellAnswers, LONG)).questions

    async def load(self, models: Sequence[str]) -> None:
        """Load models before they are asked."""
        await self._do("load", OfModels(models=list(models)))

    async def unload(self, models: Sequence[str]) -> None:
        """Let loaded models go."""
        await self._do("unload", OfModels(models=list(models)))

    async def status(self) -> EngineStatus:
        """How it stands with the process."""
        return await self._call("status", Params(), EngineStatus)

    async def shutdown(self) -> None:
        """End the engine and wait until it is gone. Its run is saved."""
        await self._do("shutdown", Params())
        async with asyncio.timeout(SECONDS):
            while await asyncio.to_thread(self._place.is_served):
                await asyncio.sleep(PAUSE)

    async def ask(
        self,
        models: Sequence[str],
        prompt: str,
        *,
        temperature: float = 0.0,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int = 0,
        length: int | None = None,
    ) -> AsyncGenerator[StreamedToken | ModelAnswer, None]:
        """Tokens as they come, and one `ModelAnswer` for each model. Closing the iterator cancels."""
        await self.connect()
        wire = self._connected()
        params = Ask(
            models=list(models),
            prompt=prompt,
            temperature=temperature,
            top_k=top_k,
            top_p=top_p,
            seed=seed,
            length=length,
        )
        number, answer = wire.send("ask", params)
        tokens = self._tokens[number] = asyncio.Queue()
        try:
            async with at_most(LONG):
                async for told in _until(answer, tokens):
                    yield StreamedToken(told.model, told.token)
            for each in msgspec.json.decode(await answer, type=Answers).answers:
                yield each
        except TimeoutError:
            raise EngineError("The engine did not answer in time.") from None
        finally:
            del self._tokens[number]
            if not answer.done():
                answer.cancel()
                wire.tell("cancel", Cancel(request=number))

    async def events(self, run: str, after: int = -1) -> AsyncGenerator[list[AnyEvent], None]:
        """The story behind event `after`, then what happens, until the run ends."""
        await self.connect()
        reader = Reader(run, after)
        self._readers.add(reader)
        try:
            await self._subscribe(run)
            while events := await reader.next():
                yield events
        finally:
            self._readers.discard(reader)
            if self._wire and not any(other.run == run for other in self._readers):
                self._wire.tell("unsubscribe", OfRun(run=run))


async def _until(answer: "asyncio.Future[msgspec.Raw]", tokens: "asyncio.Queue[TokenOf]") -> AsyncIterator[TokenOf]:
    """The tokens that come before the answer."""
    while True:
        token = asyncio.ensure_future(tokens.get())
        either: set[asyncio.Future[Any]] = {answer, token}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not token.done():
            token.cancel()
            break
        yield token.result()
    while not tokens.empty():
        yield tokens.get_nowait()
