"""The one thread that touches tensors. It imports torch while the socket answers already.

Whoever wants something of it hands in a piece of work, and gets a future. Between two steps of training it does one
piece; when nothing trains, one after the other.
"""

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

from engine.errors import EngineError
from engine.serving.line import Line
from engine.workspace import Workspace

if TYPE_CHECKING:
    from engine.serving.worker import Worker

logger = logging.getLogger(__name__)

T = TypeVar("T")


class TorchThread:
    """Works on the runs in line, and on what is handed in."""

    def __init__(self, workspace: Workspace, line: Line) -> None:
        self.line = line
        self.models: list[str] = []
        """Names of the loaded models."""
        self.device = ""
        self._workspace = workspace
        self._inbox: queue.SimpleQueue[Callable[[Worker | None], None]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="torch", daemon=True)
        self._left = self._has_begun = False
        self._beginning = threading.Lock()

    def start(self) -> None:
        """Begin, with the import of torch."""
        self._thread.start()

    def submit(self, work: "Callable[[Worker], T]") -> "Future[T]":
        """Have something done between two steps."""
        future: Future[T] = Future()

        def do(worker: "Worker | None") -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                if not worker:
                    raise EngineError("The engine is ending, or could not load torch; its log has more.")
                try:
                    result = work(worker)
                finally:
                    self.models = worker.models.names  # before whoever waits for the result looks at them
                future.set_result(result)
            except BaseException as error:
                future.set_exception(error)

        self._inbox.put(do)
        return future

    def wake(self) -> None:
        """Look at the line again."""
        self._inbox.put(lambda worker: None)

    def leave(self, reason: str) -> "Future[None]":
        """Finish the step, save, say so in the run's log, and end; at once where torch is not there yet."""
        with self._beginning:
            if not self._has_begun:
                self._left = True
                done: Future[None] = Future()
                done.set_result(None)
                return done

        def last(worker: "Worker") -> None:
            self._left = True
            worker.leave(reason)

        return self.submit(last)

    def _run(self) -> None:
        try:
            from engine.serving.worker import Worker

            worker = Worker(self._workspace, self.line)
            self.device = worker.device
        except BaseException:
            logger.exception("torch cannot be used")
            while True:
                self._inbox.get()(None)
        with self._beginning:
            self._has_begun = True
        while not self._left:
            try:
                work = self._inbox.get(timeout=worker.rest if worker.is_busy else None)
            except queue.Empty:
                pass
            else:
                work(worker)
            if worker.is_busy and not self._left:
                worker.advance()
        while True:
            self._inbox.get()(None)
