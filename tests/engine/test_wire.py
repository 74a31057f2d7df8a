"""A connection that breaks off, that is silent, and what it keeps."""

import asyncio
import gc
from contextvars import ContextVar, copy_context
from pathlib import Path
from typing import Any
from weakref import ref

import pytest

from engine.messages import result_line
from engine.methods import Params
from engine.wire import EngineSilent, Wire


class Screen:
    """Somebody who asks."""


ASKING: ContextVar[Screen] = ContextVar("asking")


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """An engine that says 7."""
    await reader.readline()
    writer.write(result_line(1, 7))
    await reader.read()
    writer.close()


async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """An engine that is busy."""
    await reader.read()
    writer.close()


async def test_whoever_asked_is_let_go_with_the_answer_however_long_there_was_time_for_it(tmp_path: Path) -> None:
    screen, context = Screen(), copy_context()
    context.run(ASKING.set, screen)
    sooner = asyncio.get_running_loop().call_later(60.0, gc.collect)  # only what is first in line leaves it early
    async with await asyncio.start_unix_server(answer, tmp_path / "socket"):
        wire = await Wire.open(tmp_path / "socket", lambda method, params: None, lambda wire: None)
        assert await asyncio.create_task(wire.call("status", Params(), int, 900.0), context=context) == 7
        left = ref(screen)
        del screen, context
        await asyncio.sleep(0)  # the task that asked is over
        gc.collect()
        await wire.close()
    sooner.cancel()
    assert left() is None


async def test_an_answer_that_does_not_come_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    async with await asyncio.start_unix_server(say_nothing, tmp_path / "socket"):
        wire = await Wire.open(tmp_path / "socket", lambda method, params: None, lambda wire: None)
        with pytest.raises(EngineSilent, match="has not answered `status`"):
            await wire.call("status", Params(), int, 0.01)
        await wire.close()


async def test_what_nobody_waits_for_is_not_complained_of_when_the_connection_breaks_off(tmp_path: Path) -> None:
    complaints: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: complaints.append(context))
    over = asyncio.Event()

    async def leave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.close()

    async with await asyncio.start_unix_server(leave, tmp_path / "socket"):
        wire = await Wire.open(tmp_path / "socket", lambda method, params: None, lambda wire: over.set())
        wire.send("status", Params())
        await over.wait()
        await wire.close()
    del wire
    gc.collect()
    assert not complaints
