"""A connection that breaks off."""

import asyncio
import gc
from pathlib import Path
from typing import Any

from engine.methods import Params
from engine.wire import Wire


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
