"""One client of the engine: its lines in, answers and notifications out.

A client cannot hurt others or the run: its messages are bounded, so many requests of it are under way and no more, and
what it does not read is not written.
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import msgspec

from engine.messages import (
    NO_METHOD,
    NO_REQUEST,
    NOT_JSON,
    WRONG_PARAMS,
    Fault,
    Refused,
    Request,
    fault_line,
    fault_of,
    notification_line,
    result_line,
)
from engine.methods import (
    Answers,
    Ask,
    Cancel,
    Compare,
    Evaluate,
    Hello,
    OfCell,
    OfModels,
    OfRun,
    OfRuns,
    Params,
    Saved,
    SetLearningRate,
    Subscribe,
    TokenOf,
)
from engine.protocol import Token
from engine.serving.service import Service
from engine.serving.subscription import tell
from engine.story import Story

logger = logging.getLogger(__name__)

MOST_REQUESTS = 32
"""Of one client, under way at once."""

MOST_SUBSCRIPTIONS = 64
"""Of one client."""

UNGREETED = ("hello", "status", "shutdown")
"""Methods that a client of any version may call."""

OF_A_RUN = ("pause", "resume", "stop", "step", "remove")
"""Methods that the thread's worker has under the same name."""

Method = Callable[[Request, Any], Awaitable[object]]


class Connection:
    """Serves one client until it leaves."""

    def __init__(self, service: Service, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._service, self._reader, self._writer = service, reader, writer
        self._greeted = False
        self._writing = asyncio.Lock()
        self._free = asyncio.Semaphore(MOST_REQUESTS)
        self._requests: set[asyncio.Task[None]] = set()
        self._cancels: dict[int | str, threading.Event] = {}
        self.subscriptions: dict[str, asyncio.Task[None]] = {}
        self._methods: dict[str, tuple[type[Params], Method]] = {
            "hello": (Hello, self._hello),
            "status": (Params, self._status),
            "shutdown": (Params, self._shutdown),
            "runs": (Params, self._runs),
            "queue": (OfRuns, self._queue),
            "save": (OfRun, self._save),
            "set_learning_rate": (SetLearningRate, self._set_learning_rate),
            "subscribe": (Subscribe, self._subscribe),
            "unsubscribe": (OfRun, self._unsubscribe),
            "ask": (Ask, self._ask),
            "cancel": (Cancel, self._cancel),
            "evaluate": (Evaluate, self._evaluate),
            "compare": (Compare, self._compare),
            "answers_of_cell": (OfCell, self._answers_of_cell),
            "load": (OfModels, self._load),
            "unload": (OfModels, self._unload),
            **{name: (OfRun, partial(self._of_a_run, name)) for name in OF_A_RUN},
        }

    async def serve(self) -> None:
        """Answer until the client leaves or the engine does."""
        try:
            while line := await self._reader.readline():
                await self._free.acquire()
                task = asyncio.create_task(self._answer(line))
                self._requests.add(task)
                task.add_done_callback(self._answered)
        except ValueError:  # the line is longer than the reader's limit
            fault = Fault(code=NO_REQUEST, message="the message is too long; the connection is closed")
            await self._send(fault_line(None, fault))
        finally:
            for cancelled in self._cancels.values():
                cancelled.set()
            for task in (*self._requests, *self.subscriptions.values()):
                task.cancel()
            self._writer.close()

    def _answered(self, task: asyncio.Task[None]) -> None:
        self._requests.discard(task)
        self._free.release()
        if not task.cancelled() and (error := task.exception()) and not isinstance(error, ConnectionError):
            logger.error("a request was not answered", exc_info=error)

    async def _answer(self, line: bytes) -> None:
        number = None
        try:
            request = _request(line)
            number = request.id
            answer = result_line(number, await self._result(request))
        except Exception as error:
            fault = fault_of(error)
            if not isinstance(error, Refused) and "mistake in tunetui" in fault.message:
                logger.exception("a request failed", exc_info=error)
            answer = fault_line(number, fault)
            if number is None and fault.code not in (NOT_JSON, NO_REQUEST):
                return
        else:
            if number is None:
                return
        await self._send(answer)

    async def _result(self, request: Request) -> object:
        if request.method not in self._methods:
            raise Refused(NO_METHOD, f"there is no method {request.method!r}")
        if not self._greeted and request.method not in UNGREETED:
            raise Refused(NO_REQUEST, "`hello` comes first")
        kind, method = self._methods[request.method]
        try:
            params = msgspec.json.decode(request.params, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Refused(WRONG_PARAMS, f"{request.method}: {error}") from error
        return await method(request, params)

    async def _send(self, line: bytes) -> None:
        async with self._writing:
            self._writer.write(line)
            await self._writer.drain()

    # --- methods ------------------------------------------------------------------------------------------------------

    async def _hello(self, request: Request, params: Hello) -> object:
        greeting = self._service.greet(params)
        self._greeted = True
        return greeting

    async def _status(self, request: Request, params: Params) -> object:
        return self._service.status()

    async def _shutdown(self, request: Request, params: Params) -> object:
        self._service.leave("the engine was told to stop")
        return {}

    async def _runs(self, request: Request, params: Params) -> object:
        return await self._service.runs()

    async def _queue(self, request: Request, params: OfRuns) -> object:
        await self._service.queue(params.runs)
        return {}

    async def _of_a_run(self, method: str, request: Request, params: OfRun) -> object:
        if method == "resume" and params.run not in self._service.line:
            await self._service.queue([params.run])
        else:
            await self._service.compute(lambda worker: getattr(worker, method)(params.run))
        return {}

    async def _save(self, request: Request, params: OfRun) -> object:
        return Saved(await self._service.compute(lambda worker: worker.save(params.run)))

    async def _set_learning_rate(self, request: Request, params: SetLearningRate) -> object:
        await self._service.compute(lambda worker: worker.set_learning_rate(params.run, params.rate))
        return {}

    async def _subscribe(self, request: Request, params: Subscribe) -> object:
        run = await asyncio.to_thread(self._service.workspace.find, params.run)
        await self._unsubscribe(request, OfRun(run=params.run))
        if len(self.subscriptions) >= MOST_SUBSCRIPTIONS:
            raise Refused(NO_REQUEST, f"more than {MOST_SUBSCRIPTIONS} runs are watched; unsubscribe from some")
        task = asyncio.create_task(tell(_number(request), Story(run, params.after), self._service.line, self._send))
        self.subscriptions[params.run] = task
        task.add_done_callback(partial(self._told, params.run))
        return {}

    def _told(self, run: str, task: asyncio.Task[None]) -> None:
        if self.subscriptions.get(run) is task:
            del self.subscriptions[run]
        if not task.cancelled() and (error := task.exception()) and not isinstance(error, ConnectionError):
            logger.error("a subscription ended", exc_info=error)

    async def _unsubscribe(self, request: Request, params: OfRun) -> object:
        if task := self.subscriptions.pop(params.run, None):
            task.cancel()
        return {}

    async def _ask(self, request: Request, params: Ask) -> object:
        number = _number(request)
        cancelled = self._cancels[number] = threading.Event()
        loop = asyncio.get_running_loop()
        tokens: asyncio.Queue[TokenOf | None] = asyncio.Queue()

        def heard(model: str, token: Token) -> None:
            loop.call_soon_threadsafe(tokens.put_nowait, TokenOf(number, model, token))

        asked = self._service.thread.submit(lambda worker: worker.ask(params, heard, cancelled))
        asked.add_done_callback(lambda _: loop.call_soon_threadsafe(tokens.put_nowait, None))
        try:
            while token := await tokens.get():
                await self._send(notification_line("token", token))
            return Answers(await asyncio.wrap_future(asked))
        finally:
            cancelled.set()
            del self._cancels[number]

    async def _cancel(self, request: Request, params: Cancel) -> object:
        if cancelled := self._cancels.get(params.request):
            cancelled.set()
        return {}

    async def _evaluate(self, request: Request, params: Evaluate) -> object:
        return await self._service.compute(lambda worker: worker.score(params))

    async def _compare(self, request: Request, params: Compare) -> object:
        return await self._service.compute(lambda worker: worker.compare(params))

    async def _answers_of_cell(self, request: Request, params: OfCell) -> object:
        return await self._service.compute(lambda worker: worker.cell(params))

    async def _load(self, request: Request, params: OfModels) -> object:
        await self._service.compute(lambda worker: worker.load(params.models))
        return {}

    async def _unload(self, request: Request, params: OfModels) -> object:
        await self._service.compute(lambda worker: worker.unload(params.models))
        return {}


def _number(request: Request) -> int | str:
    """What notifications that belong to a request are known by."""
    return "" if request.id is None else request.id


def _request(line: bytes) -> Request:
    """The request of a line.

    Raises:
        Refused: it is none.
    """
    try:
        return msgspec.json.decode(line, type=Request)
    except msgspec.ValidationError as error:
        raise Refused(NO_REQUEST, f"not a JSON-RPC 2.0 request: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(NOT_JSON, f"not JSON: {error}") from error
