"""A client that says whatever it likes."""

import json
import socket
from typing import Any

from engine.place import Place
from engine.workspace import Workspace

HELLO = {"jsonrpc": "2.0", "id": 1, "method": "hello", "params": {"protocol": 1, "version": "test"}}


class Raw:
    """A socket to a workspace's engine, with no manners of its own."""

    def __init__(self, workspace: Workspace) -> None:
        address = Place(workspace.folder).address()
        assert address is not None
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(address.socket)
        self._lines = self._socket.makefile("rb")

    def __enter__(self) -> "Raw":
        return self

    def __exit__(self, *error: object) -> None:
        self._lines.close()
        self._socket.close()

    def send(self, message: bytes | dict[str, Any]) -> None:
        """Send bytes as they are, or an object on a line."""
        self._socket.sendall(message if isinstance(message, bytes) else json.dumps(message).encode() + b"\n")

    def answer(self, message: bytes | dict[str, Any]) -> Any:
        """What the next line says after this was sent."""
        self.send(message)
        return json.loads(self._lines.readline())

    def is_closed(self) -> bool:
        """Whether the engine has nothing more to say and has closed the connection."""
        return self._lines.readline() == b""
