"""Who is at the other end of a Unix socket, as the operating system tells."""

import socket
import struct
import sys


def user_of(connection: socket.socket) -> int | None:
    """The user id of the process that connected; None where the system does not tell."""
    if sys.platform == "linux":
        credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        _, user, _ = struct.unpack("3i", credentials)
        return int(user)
    if sys.platform == "darwin":
        local_peercred = 1  # <sys/un.h>: struct xucred begins with its version and the effective user id
        _, user = struct.unpack("2I", connection.getsockopt(0, local_peercred, struct.calcsize("2I")))
        return int(user)
    return None
