"""The methods of the engine, whoever asks: what can be told without torch is told at once, the rest by the thread."""

import asyncio
import os
import resource
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from engine import __version__
from engine.errors import EngineError, InputError, Problem
from engine.messages import OTHER_VERSION, Refused
from engine.methods import PROTOCOL, Greeting, Hello
from engine.requests import EngineStatus, RunSummary
from engine.serving.line import Line
from engine.serving.thread import TorchThread
from engine.summary import Summaries
from engine.workspace import Workspace

if TYPE_CHECKING:
    from engine.serving.worker import Worker

T = TypeVar("T")


class Service:
    """What all connections share."""

    def __init__(self, workspace: Workspace, socket: Path) -> None:
        self.workspace, self.socket = workspace, socket
        self.since = datetime.now(UTC)
        self.line = Line()
        self.thread = TorchThread(workspace, self.line)
        self.leaving = asyncio.Event()
        """Set once the engine is to end."""
        self.reason = ""
        self._summaries = Summaries(workspace)

    def greet(self, hello: Hello) -> Greeting:
        """Make sure that both sides speak alike.

        Raises:
            Refused: they do not; the message says what to do.
        """
        if hello.protocol != PROTOCOL:
            raise Refused(
                OTHER_VERSION,
                f"The engine of this workspace is tunetui {__version__} and speaks protocol {PROTOCOL}; "
                f"this is tunetui {hello.version} and speaks {hello.protocol}. `tunetui engine stop` ends the engine, "
                "with its run saved, and the next command starts one that fits.",
            )
        return Greeting(protocol=PROTOCOL, version=__version__, pid=os.getpid(), since=self.since)

    async def compute(self, work: "Callable[[Worker], T]") -> T:
        """Have something done by the thread, between two steps."""
        return await asyncio.wrap_future(self.thread.submit(work))

    async def queue(self, runs: list[str]) -> None:
        """Put runs in line.

        Raises:
            InputError: one is not there, or is finished.
            EngineError: another process is at it.
        """
        await asyncio.to_thread(self._require_unfinished, runs)
        self.line.add(runs)
        self.thread.wake()

    async def runs(self) -> list[RunSummary]:
        """All runs of the workspace."""
        return await asyncio.to_thread(self._summaries.read, self.line.ids)

    def status(self) -> EngineStatus:
        """How it stands with the process."""
        return EngineStatus(
            pid=os.getpid(),
            socket=str(self.socket),
            since=self.since,
            runs=self.line.ids,
            models=self.thread.models,
            memory=_memory(),
            device=self.thread.device,
        )

    def leave(self, reason: str) -> None:
        """Begin to end; the first reason counts."""
        self.reason = self.reason or reason
        self.leaving.set()

    def _require_unfinished(self, runs: list[str]) -> None:
        for name in runs:
            run = self.workspace.find(name)
            if run.id != name:
                raise InputError(Problem(key="RUN", found=f"no run {name!r}"))
            match run.state():
                case _ if name in self.line:  # asked last: another client may have queued it meanwhile
                    continue
                case "finished":
                    raise InputError(Problem(key="RUN", found=f"{name} is finished", hint="`tunetui ask` talks to it"))
                case "running" | "paused":
                    raise EngineError(f"{name} is running in another process. End it there (Ctrl-C), or wait for it.")


def _memory() -> int:
    """Bytes that the process holds now, or where the system does not tell, at its most."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
