"""The engine process: it serves one workspace until it is told to stop, or nobody has needed it for a while.

    python -P -m engine.server --workspace FOLDER

It survives the terminal that it was started from. SIGTERM lets it finish the step, save and leave.
"""

import argparse
import asyncio
import logging
import os
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from engine.errors import EngineError, InputError
from engine.lock import Held, hold
from engine.messages import LARGEST_REQUEST, NO_REQUEST, Fault, fault_line
from engine.place import Address, Place, socket_path
from engine.serving.connection import Connection
from engine.serving.peer import user_of
from engine.serving.service import Service
from engine.workspace import Workspace

logger = logging.getLogger(__name__)

IDLE = 600.0
"""Seconds without a client and without work after which the engine leaves."""

NICE = 5
"""Added to the process's nice value: screens come first."""

MOST_CLIENTS = 64

FAREWELL = 2.0
"""Seconds that clients have at the end to read the last events."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve a workspace. Returns the exit status; 0 also where another engine serves it already."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    parser = argparse.ArgumentParser(prog="python -m engine.server", description="Serve one workspace of tunetui.")
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--idle", type=float, default=IDLE, help="seconds without a client and without work")
    parser.add_argument("--nice", type=int, default=NICE)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    os.umask(0o077)
    with suppress(OSError):
        os.nice(options.nice)
    try:
        workspace = Workspace(options.workspace)
        place = Place(workspace.folder)
        place.prepare()
        with hold(place.lock_file):
            asyncio.run(_serve(place, workspace, options.idle))
    except Held:
        logger.info("another engine serves %s", options.workspace)
    except (EngineError, InputError) as error:
        logger.error("%s", error)
        return 1
    return 0


async def _serve(place: Place, workspace: Workspace, idle: float) -> None:
    path = socket_path(place.workspace)
    service = Service(workspace, path)
    service.thread.start()
    door = _Door(service, place, path)
    loop = asyncio.get_running_loop()
    # Few, because each thread that reads long stories keeps some megabytes for the next.
    loop.set_default_executor(ThreadPoolExecutor(max_workers=2))
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, service.leave, number.name)
    watching = asyncio.create_task(_watch(service, door, idle))
    try:
        await door.open()
        logger.info("serving %s at %s", place.workspace, path)
        await service.leaving.wait()
        logger.info("leaving: %s", service.reason)
        door.close()
        try:
            await asyncio.wrap_future(service.thread.leave(service.reason))
        except EngineError as error:
            logger.error("%s", error)
        await door.say_farewell()
    finally:
        watching.cancel()
        door.close()


class _Door:
    """The socket, and who came in."""

    def __init__(self, service: Service, place: Place, path: Path) -> None:
        self._service, self._place, self._path = service, place, path
        self._listener: asyncio.Server | None = None
        self._inode = 0
        self._clients: dict[Connection, asyncio.Task[None]] = {}

    @property
    def clients(self) -> int:
        """How many are there now."""
        return len(self._clients)

    async def open(self) -> None:
        """Listen. What an engine before left at this path is replaced: the lock says that it is gone."""
        self._path.unlink(missing_ok=True)
        self._listener = await asyncio.start_unix_server(self._enter, self._path, limit=LARGEST_REQUEST)
        self._inode = self._path.stat().st_ino
        self._place.write_address(Address(socket=str(self._path), pid=os.getpid(), since=self._service.since))

    async def stay_open(self) -> None:
        """Listen anew if the socket's file is gone: some systems clear such folders when a user logs out."""
        with suppress(OSError):
            if self._path.exists() and self._path.stat().st_ino == self._inode:
                return
        with suppress(OSError, EngineError):
            self._path = socket_path(self._place.workspace)
            if self._listener:
                self._listener.close()
            await self.open()
            logger.info("the socket was gone; serving at %s", self._path)

    def close(self) -> None:
        """Let nobody in any more."""
        if self._listener:
            self._listener.close()
            self._listener = None
            self._path.unlink(missing_ok=True)
            self._place.forget_address()

    async def say_farewell(self) -> None:
        """Let clients read the last events, then part from them."""
        stories = [task for client in self._clients for task in client.subscriptions.values()]
        if stories:
            await asyncio.wait(stories, timeout=FAREWELL)
        for task in list(self._clients.values()):
            task.cancel()

    async def _enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        user = user_of(writer.get_extra_info("socket"))
        refusal = ""
        if user not in (None, os.getuid()):
            refusal = "This engine belongs to another user."
        elif len(self._clients) >= MOST_CLIENTS:
            refusal = f"{MOST_CLIENTS} clients are connected already."
        if refusal:
            logger.warning("user %s: %s", user, refusal)
            writer.write(fault_line(None, Fault(code=NO_REQUEST, message=refusal)))
            writer.close()
            return
        client = Connection(self._service, reader, writer)
        self._clients[client] = asyncio.current_task()  # type: ignore[assignment]
        try:
            await client.serve()
        except (ConnectionError, asyncio.CancelledError):
            pass
        except Exception:
            logger.exception("a connection ended")
        finally:
            del self._clients[client]


async def _watch(service: Service, door: _Door, idle: float) -> None:
    """Leave when nobody has needed the engine for a while, and stay reachable until then."""
    loop = asyncio.get_running_loop()
    needed = loop.time()
    while True:
        await asyncio.sleep(min(1.0, idle / 4))
        await door.stay_open()
        if door.clients or service.line.ids:
            needed = loop.time()
        elif loop.time() - needed >= idle:
            service.leave("nobody needed the engine")


if __name__ == "__main__":
    status = main()
    logging.shutdown()
    # Not sys.exit: Python would wait for a thread that may be in the middle of importing torch.
    os._exit(status)
