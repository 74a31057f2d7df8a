"""A connection to a workspace's engine: found or started, mended when it breaks off, stories going on where they were.

An engine that has ended is started again by the next request, not before.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from engine import __version__
from engine.errors import EngineError
from engine.methods import PROTOCOL, EventsOf, Greeting, Hello, Subscribe, TokenOf
from engine.place import Place
from engine.protocol import AnyEvent
from engine.requests import Connection
from engine.starting import last_words, let_go, start
from engine.story import thinned
from engine.wire import EngineGone, Wire
from engine.workspace import Workspace

SECONDS = 60.0
"""For an answer. The engine may still be importing torch, or be in the middle of a long evaluation."""

PATIENCE = 20.0
"""Seconds for an engine to come up, or to leave before another one comes."""

PAUSE = 0.05
"""Seconds between two tries to connect."""

MOST_HELD = 5000
"""Events kept for a reader who does not come for them; of more, steps are left out."""

T = TypeVar("T")


class Link:
    """The connection of one client.

    Args:
        workspace: whose engine.
        options: for an engine that has to be started: `--idle` and `--nice` with their values.
        any_version: whether an engine of another version will do. It can be asked for its status and to end.
    """

    def __init__(self, workspace: Workspace, *options: str, any_version: bool = False) -> None:
        self.connection: Connection = "gone"
        self.on_connection: Callable[[Connection, str], None] = lambda connection, sentence: None
        self._place, self._options = Place(workspace.folder), options
        self._any_version = any_version
        self._wire: Wire | None = None
        self._connecting = asyncio.Lock()
        self._mending: asyncio.Task[None] | None = None
        self._readers: set[Reader] = set()
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

    async def _do(self, method: str, params: object) -> None:
        await self._call(method, params, dict[str, Any])

    async def _call(self, method: str, params: object, kind: type[T], seconds: float = SECONDS) -> T:
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
                        raise EngineGone("The engine has ended. It starts again when something is asked of it.")
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
            if not self._any_version:
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


class Reader:
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
