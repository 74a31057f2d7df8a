"""The engine as a program sees it that does not compute: found or started, asked, followed.

    client = Client(Workspace())
    await client.connect()
    await client.queue([run.id])
    async for events in client.events(run.id): ...
    await client.close()

A connection that breaks off is mended by itself, and stories go on where they were. An engine that has ended is started
again by the next request, not before.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from engine import __version__
from engine.errors import EngineError
from engine.matrix import Group, Matrix
from engine.place import Place
from engine.protocol import AnyEvent, Scores
from engine.requests import (
    PROTOCOL,
    Answers,
    Ask,
    Cancel,
    Compare,
    Connection,
    EngineStatus,
    Evaluate,
    EventsOf,
    Greeting,
    Hello,
    ModelAnswer,
    OfModels,
    OfRun,
    OfRuns,
    Params,
    RunSummary,
    SetLearningRate,
    StreamedToken,
    Subscribe,
    TokenOf,
)
from engine.scenario import Scenario
from engine.starting import last_words, let_go, start
from engine.story import thinned
from engine.wire import EngineGone, Wire
from engine.workspace import Workspace

SECONDS = 60.0
"""For an answer. The engine may still be importing torch, or be in the middle of a long evaluation."""

LONG = 900.0
"""For an answer that many examples are computed for, or many tokens."""

PATIENCE = 20.0
"""Seconds for an engine to come up, or to leave before another one comes."""

PAUSE = 0.05
"""Seconds between two tries to connect."""

MOST_HELD = 5000
"""Events kept for a reader who does not come for them; of more, steps are left out."""

T = TypeVar("T")


class Client:
    """One client of a workspace's engine. Fulfils `engine.requests.Engine`.

    Args:
        workspace: whose engine.
        options: for an engine that has to be started: `--idle` and `--nice` with their values.
    """

    def __init__(self, workspace: Workspace, *options: str) -> None:
        self.connection: Connection = "gone"
        self.on_connection: Callable[[Connection, str], None] = lambda connection, sentence: None
        self._place, self._options = Place(workspace.folder), options
        self._wire: Wire | None = None
        self._connecting = asyncio.Lock()
        self._mending: asyncio.Task[None] | None = None
        self._readers: set[_Reader] = set()
        self._subscribed: dict[str, int] = {}
        """By run, the request whose events count: what an earlier one still brings is told again."""
        self._tokens: dict[int | str, asyncio.Queue[TokenOf]] = {}

    async def connect(self) -> None:
        """Find the engine, or start it."""
        async with self._connecting:
            if not self._is_connected():
                await self._open(may_start=True)

    async def connect_if_there(self) -> bool:
        """Find the engine, and start none. Returns whether there is one."""
        async with self._connecting:
            if self._is_connected():
                return True
            if not await asyncio.to_thread(self._place.is_served):
                return False
            try:
                await self._open(may_start=False)
            except EngineGone:
                return False
            return True

    async def close(self) -> None:
        """Leave. The engine and its runs go on."""
        if self._mending:
            self._mending.cancel()
        wire, self._wire = self._wire, None
        if wire:
            await wire.close()
        for reader in self._readers:
            reader.end()
        self._tell("gone", "")

    # --- requests -----------------------------------------------------------------------------------------------------

    async def runs(self) -> list[RunSummary]:
        """All runs, newest first."""
        return await self._call("runs", Params(), list[RunSummary])

    async def queue(self, runs: Sequence[str]) -> None:
        """Put runs at the end of the line."""
        await self._call("queue", OfRuns(runs=list(runs)))

    async def pause(self, run: str) -> None:
        """Hold the run after its step."""
        await self._call("pause", OfRun(run=run))

    async def resume(self, run: str) -> None:
        """Let a paused run go on; an interrupted one is put in line."""
        await self._call("resume", OfRun(run=run))

    async def stop(self, run: str) -> None:
        """End the run for good."""
        await self._call("stop", OfRun(run=run))

    async def step(self, run: str) -> None:
        """Let a paused run do one step."""
        await self._call("step", OfRun(run=run))

    async def save(self, run: str) -> None:
        """Write a checkpoint of this moment."""
        await self._call("save", OfRun(run=run))

    async def remove(self, run: str) -> None:
        """Remove a run that is not at work."""
        await self._call("remove", OfRun(run=run))

    async def set_learning_rate(self, run: str, rate: float) -> None:
        """Train on with another learning rate."""
        await self._call("set_learning_rate", SetLearningRate(run=run, rate=rate))

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

    async def load(self, models: Sequence[str]) -> None:
        """Load models before they are asked."""
        await self._call("load", OfModels(models=list(models)))

    async def unload(self, models: Sequence[str]) -> None:
        """Let loaded models go."""
        await self._call("unload", OfModels(models=list(models)))

    async def status(self) -> EngineStatus:
        """How it stands with the process."""
        return await self._call("status", Params(), EngineStatus)

    async def shutdown(self) -> None:
        """End the engine and wait until it is gone. Its run is saved."""
        await self._call("shutdown", Params())
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
    ) -> AsyncIterator[StreamedToken | ModelAnswer]:
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
            async with asyncio.timeout(LONG):
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
                with suppress(EngineGone):
                    wire.send("cancel", Cancel(request=number))

    async def events(self, run: str, after: int = -1) -> AsyncIterator[list[AnyEvent]]:
        """The story behind event `after`, then what happens, until the run ends."""
        await self.connect()
        reader = _Reader(run, after)
        self._readers.add(reader)
        try:
            await self._subscribe(run)
            while events := await reader.next():
                yield events
        finally:
            self._readers.discard(reader)
            if self._is_connected() and not any(other.run == run for other in self._readers):
                with suppress(EngineGone):
                    self._connected().send("unsubscribe", OfRun(run=run))

    # --- the connection -----------------------------------------------------------------------------------------------

    async def _call(self, method: str, params: object, kind: Any = dict[str, Any], seconds: float = SECONDS) -> Any:
        await self.connect()
        return await self._connected().call(method, params, kind, seconds)

    async def _subscribe(self, run: str) -> None:
        """Have the run's story told from where the hindmost of its readers is."""
        after = min(reader.after for reader in self._readers if reader.run == run)
        wire = self._connected()
        self._subscribed[run], answer = wire.send("subscribe", Subscribe(run=run, after=after))
        await wire.wait("subscribe", answer, dict[str, Any], SECONDS)

    def _is_connected(self) -> bool:
        return self._wire is not None and self._wire.is_open

    def _connected(self) -> Wire:
        if not self._wire:
            raise EngineGone("The connection to the engine is lost.")
        return self._wire

    def _tell(self, connection: Connection, sentence: str) -> None:
        if connection != self.connection:
            self.connection = connection
            self.on_connection(connection, sentence)

    async def _open(self, may_start: bool) -> None:
        """Connect, with patience for an engine that is coming up or leaving.

        Raises:
            EngineGone: there is none, and none may be started.
            EngineError: it cannot be reached, or speaks another version.
        """
        self._tell("connecting", "Looking for the engine of this workspace.")
        try:
            async with asyncio.timeout(PATIENCE):
                await self._reach(may_start)
        except TimeoutError:
            self._tell("gone", "The engine does not answer.")
            raise EngineError(
                f"The engine of {self._place.workspace} does not answer. Its log is {self._place.log_file}; "
                "if its process hangs, end it and try again."
            ) from None
        except EngineError as error:
            self._tell("gone", str(error))
            raise
        self._tell("connected", "The engine is there.")
        for run in {reader.run for reader in self._readers}:
            await self._subscribe(run)

    async def _reach(self, may_start: bool) -> None:
        """Try until an engine answers. One that is leaving keeps its lock for a while, so a start may be too early."""
        process = None
        try:
            while not await self._try():
                if process and process.poll():
                    raise EngineError(f"The engine could not be started: {last_words(self._place)}")
                if not await asyncio.to_thread(self._place.is_served):
                    if not may_start:
                        raise EngineGone("The engine has ended. The next request starts it again.")
                    if not process or process.poll() is not None:
                        process = await asyncio.to_thread(start, self._place, *self._options)
                await asyncio.sleep(PAUSE)
        finally:
            if process:
                let_go(process)

    async def _try(self) -> bool:
        """Connect and greet, if somebody listens."""
        address = self._place.address()
        if not address:
            return False
        try:
            wire = await Wire.open(Path(address.socket), self._hear, self._lost)
        except OSError:
            return False
        try:
            await wire.call("hello", Hello(protocol=PROTOCOL, version=__version__), Greeting, SECONDS)
        except EngineGone:
            return False
        except EngineError:
            await wire.close()
            raise
        self._wire = wire
        return True

    def _lost(self, wire: Wire) -> None:
        if wire is self._wire:
            self._wire = None
            self._tell("connecting", "The connection to the engine is lost; looking for it.")
            self._mending = asyncio.create_task(self._mend())

    async def _mend(self) -> None:
        """Connect again, but start no engine: one that was ended stays so until it is needed."""
        with suppress(EngineError):
            async with self._connecting:
                if not self._is_connected():
                    await self._open(may_start=False)

    def _hear(self, method: str, params: msgspec.Raw) -> None:
        if method == "events":
            told = msgspec.json.decode(params, type=EventsOf)
            for reader in self._readers:
                if reader.run == told.run and self._subscribed.get(told.run) == told.request:
                    reader.take(told)
        elif method == "token":
            token = msgspec.json.decode(params, type=TokenOf)
            if token.request in self._tokens:
                self._tokens[token.request].put_nowait(token)


class _Reader:
    """One iterator over a run's events: what it has not been given yet."""

    def __init__(self, run: str, after: int) -> None:
        self.run, self.after = run, after
        self._held: list[AnyEvent] = []
        self._is_over = False
        self._news = asyncio.Event()

    def take(self, told: EventsOf) -> None:
        """Keep the events that are new, for `next`."""
        events = [event for event in told.events if event.n > self.after]
        if events:
            self.after = events[-1].n
            self._held += events
            if len(self._held) > MOST_HELD:
                self._held = thinned(self._held, MOST_HELD // 2)
        self._is_over = told.end
        self._news.set()

    def end(self) -> None:
        """Nothing comes any more."""
        self._is_over = True
        self._news.set()

    async def next(self) -> list[AnyEvent]:
        """What has come since the last call, as soon as there is something; empty: the run has ended."""
        while not self._held and not self._is_over:
            self._news.clear()
            await self._news.wait()
        events, self._held = self._held, []
        return events


async def _until(answer: "asyncio.Future[msgspec.Raw]", tokens: "asyncio.Queue[TokenOf]") -> AsyncIterator[TokenOf]:
    """The tokens that come before the answer."""
    while True:
        token = asyncio.ensure_future(tokens.get())
        await asyncio.wait({answer, token}, return_when=asyncio.FIRST_COMPLETED)
        if not token.done():
            token.cancel()
            break
        yield token.result()
    while not tokens.empty():
        yield tokens.get_nowait()
