import os
import socket

from engine.serving.peer import user_of


def test_the_system_tells_who_is_at_the_other_end() -> None:
    one, other = socket.socketpair()
    with one, other:
        assert user_of(one) == os.getuid()
