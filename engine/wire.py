"""One connection to the engine, from the client's side: requests out, each with its answer, and notifications in."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from contextvars import Context
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from engine.errors import EngineError
from engine.messages import Reply, error_of, request_line

LARGEST_REPLY = 256 << 20
"""Bytes of one line from the engine, which is trusted."""

T = TypeVar("T")


@asynccontextmanager
async def at_most(seconds: float) -> AsyncGenerator[None, None]:
    """`asyncio.timeout` that lets go of whoever asked as soon as the block is over.

    A timer that is no longer needed lies in the event loop until its time has come, and with it the context that it was
    set in. That of a screen holds the screen with all that it has drawn, here for minutes; so it is an empty one.
    """
    async with asyncio.timeout(None) as limit:
        Context().run(limit.reschedule, asyncio.get_running_loop().time() + seconds)
        yield


class EngineGone(EngineError):
    """The connection broke off before the answer came."""


class EngineSilent(EngineError):
    """The answer did not come in time."""


class Wire:
    """A connection to an engine's socket."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        on_notification: Callable[[str, msgspec.Raw], None],
        on_end: Callable[["Wire"], None],
    ) -> None:
        self._reader, self._writer = reader, writer
        self._on_notification, self._on_end = on_notification, on_end
        self._waiting: dict[int, asyncio.Future[msgspec.Raw]] = {}
        self._number = 0
        self.is_open = True
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def open(
        cls, path: Path, on_notification: Callable[[str, msgspec.Raw], None], on_end: Callable[["Wire"], None]
    ) -> "Wire":
        """Connect.

        Raises:
            OSError: nobody listens there.
        """
        reader, writer = await asyncio.open_unix_connection(path, limit=LARGEST_REPLY)
        return cls(reader, writer, on_notification, on_end)

    def send(self, method: str, params: object) -> tuple[int, "asyncio.Future[msgspec.Raw]"]:
        """Ask for something. Returns the request's number, and its answer to come.

        Raises:
            EngineGone: the connection is closed.
        """
        if not self.is_open:
            raise EngineGone("The connection to the engine is lost.")
        self._number += 1
        answer = self._waiting[self._number] = asyncio.get_running_loop().create_future()
        self._writer.write(request_line(method, params, self._number))
        return self._number, answer

    def tell(self, method: str, params: object) -> None:
        """Ask for something whose answer nobody waits for; lost if the connection is."""
        if self.is_open:
            self._writer.write(request_line(method, params))

    async def call(self, method: str, params: object, kind: type[T], seconds: float) -> T:
        """Ask for something and wait for the answer, as `wait` does."""
        _, answer = self.send(method, params)
        return await self.wait(method, answer, kind, seconds)

    async def wait(self, method: str, answer: "asyncio.Future[msgspec.Raw]", kind: type[T], seconds: float) -> T:
        """Wait for an answer.

        Raises:
            EngineGone: the connection broke off.
            EngineSilent: it did not come in time.
            EngineError, InputError: what the engine says.
        """
        try:
            async with at_most(seconds):
                await self._writer.drain()
                return msgspec.json.decode(await answer, type=kind)
        except TimeoutError:
            raise EngineSilent(
                f"The engine has not answered `{method}` for {seconds:g} seconds; it may be busy. Try again."
            ) from None
        except ConnectionError:
            raise EngineGone("The connection to the engine is lost.") from None

    async def close(self) -> None:
        """Leave."""
        self._reading.cancel()
        self._end()
        with suppress(ConnectionError):
            await self._writer.wait_closed()

    async def _read(self) -> None:
        try:
            while line := await self._reader.readline():
                reply = msgspec.json.decode(line, type=Reply)
                if reply.method:
                    self._on_notification(reply.method, reply.params)
                elif isinstance(reply.id, int) and (answer := self._waiting.pop(reply.id, None)):
                    _settle(answer, reply)
        except (ConnectionError, ValueError):  # ValueError: what comes is no message
            pass
        self._end()

    def _end(self) -> None:
        if self.is_open:
            self.is_open = False
            self._writer.close()
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(EngineGone("The connection to the engine is lost."))
                    answer.exception()  # Looked at here, or Python complains where nobody waits for the answer.
            self._waiting.clear()
            self._on_end(self)


def _settle(answer: "asyncio.Future[Any]", reply: Reply) -> None:
    if answer.done():
        return
    if reply.error:
        answer.set_exception(error_of(reply.error))
    else:
        answer.set_result(reply.result)
