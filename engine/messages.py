"""JSON-RPC 2.0, one message a line: requests and their answers, notifications, faults and what they stand for."""

from typing import Any, Literal

import msgspec

from engine.errors import EngineError, InputError, Problem

LARGEST_REQUEST = 16 << 20
"""Bytes of one line to the engine. A scenario with many examples of its own is the largest thing sent."""


class Request(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A line to the engine."""

    jsonrpc: Literal["2.0"]
    method: str
    params: msgspec.Raw = msgspec.Raw(b"{}")
    id: int | str | None = None
    """None: a notification, which is not answered."""


class Fault(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a request was not granted, with a code of JSON-RPC 2.0 or one of ours."""

    code: int
    message: str
    data: list[Problem] = []


class Reply(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A line from the engine: the answer to a request, or a notification, which has a method instead of an id."""

    jsonrpc: Literal["2.0"] | None = None
    id: int | str | None = None
    result: msgspec.Raw = msgspec.Raw(b"")
    error: Fault | None = None
    method: str = ""
    params: msgspec.Raw = msgspec.Raw(b"")


NOT_JSON, NO_REQUEST, NO_METHOD, WRONG_PARAMS, BROKEN = -32700, -32600, -32601, -32602, -32603
FAILED, WRONG_INPUT, OTHER_VERSION, CANCELLED = -32000, -32001, -32002, -32003


class Refused(Exception):
    """A request that is answered with a fault."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.fault = Fault(code=code, message=message)


def fault_of(error: Exception) -> Fault:
    """What a request that raised this is answered with."""
    match error:
        case Refused():
            return error.fault
        case InputError():
            return Fault(code=WRONG_INPUT, message=str(error), data=error.problems)
        case EngineError():
            return Fault(code=FAILED, message=str(error))
    return Fault(code=BROKEN, message=f"a mistake in tunetui itself: {error!r}; the engine's log has more")


def error_of(fault: Fault) -> Exception:
    """The error that a fault was made of, for the side that asked."""
    return InputError(fault.data) if fault.code == WRONG_INPUT and fault.data else EngineError(fault.message)


def request_line(method: str, params: object, number: int | None = None) -> bytes:
    """A request as it goes over the wire; without a number it is not answered."""
    numbered = {} if number is None else {"id": number}
    return _line({"jsonrpc": "2.0", **numbered, "method": method, "params": params})


def result_line(number: int | str | None, result: object) -> bytes:
    """The answer to a request that was granted."""
    return _line({"jsonrpc": "2.0", "id": number, "result": result})


def fault_line(number: int | str | None, fault: Fault) -> bytes:
    """The answer to a request that was not."""
    return _line({"jsonrpc": "2.0", "id": number, "error": fault})


def notification_line(method: str, params: object) -> bytes:
    """Something that the engine tells unasked."""
    return _line({"jsonrpc": "2.0", "method": method, "params": params})


def _line(message: dict[str, Any]) -> bytes:
    return msgspec.json.encode(message) + b"\n"
