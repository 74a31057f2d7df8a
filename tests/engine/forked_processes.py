"""Real processes of a run on several devices that begin at once: forked off one that has read torch already.

They do what those of `torchrun` do.
"""

import multiprocessing
import os
import socket
import sys

import pytest

from engine.launch import devices_of
from engine.runs import Run

_CONTEXT = multiprocessing.get_context("forkserver")


class Forked:
    """As much of a `Popen` as is asked of one."""

    def __init__(self, run: Run, device: str | None) -> None:
        _CONTEXT.set_forkserver_preload(["engine.training.rank", "torch._dynamo"])
        size = devices_of(run)
        with socket.create_server(("127.0.0.1", 0)) as free:
            meeting = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free.getsockname()[1])}
        world = {"WORLD_SIZE": str(size), "LOCAL_WORLD_SIZE": str(size), **meeting}
        self._processes = [
            _CONTEXT.Process(target=_begin, args=(run, device, world | {"RANK": str(rank), "LOCAL_RANK": str(rank)}))
            for rank in range(size)
        ]
        for process in self._processes:
            process.start()

    def poll(self) -> int | None:
        """The exit status of the first one, once all have ended."""
        codes = [process.exitcode for process in self._processes]
        return None if None in codes else codes[0]

    def terminate(self) -> None:
        """SIGTERM to all."""
        for process in self._processes:
            process.terminate()

    def wait(self) -> None:
        """Until they have ended."""
        for process in self._processes:
            process.join()


def fork_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start the processes of runs this way."""
    monkeypatch.setattr("engine.launched.launch", Forked)


def _begin(run: Run, device: str | None, environment: dict[str, str]) -> None:
    from engine.training import rank

    log = os.open(run.log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.environ.update(environment)
    sys.argv[1:] = [str(run.folder), *(["--device", device] if device else [])]
    sys.exit(rank.main())
