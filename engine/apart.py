"""A function carried out by a process of its own, for work on so many examples that it would hold up this one.

A thread does not do: one call into C, such as freeing a dictionary of a million rows, stops all others meanwhile.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from engine.errors import EngineError
from engine.packed_rows import MANY
from engine.progress import hear, tell

LARGE = 2_000_000
"""Bytes of files from which on another process reads them."""

P = ParamSpec("P")
T = TypeVar("T")


def apart(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the function gives, carried out by another process; what it raises is raised. Blocks: call it in a thread.

    Args:
        function: of a module; it and its arguments and what it gives can be pickled.

    Raises:
        EngineError: the process ended before it was done.
    """
    command = [sys.executable, "-P", "-m", "engine.apart"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout  # as they are pipes
        try:
            pickle.dump((function, args, kwargs), process.stdin)
            process.stdin.close()
            while (message := pickle.load(process.stdout))[0] == "far":
                tell(message[1])
        except (EOFError, BrokenPipeError, pickle.UnpicklingError) as error:
            raise EngineError("a process that was to help ended too early: is there enough memory?") from error
    done, result = message
    if done == "failed":
        raise result
    return result  # type: ignore[no-any-return]  # the other side is `_serve`


def apart_if_many(rows: int, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same where so many rows are `MANY`; fewer are worked on here, as starting a process takes longer."""
    return apart(function, *args, **kwargs) if rows > MANY else function(*args, **kwargs)


def apart_if_large(size: int, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same for files of so many bytes, where they are `LARGE`."""
    return apart(function, *args, **kwargs) if size > LARGE else function(*args, **kwargs)


def _serve() -> None:
    """The other side: one call from standard input; to standard output how far it is, then its result."""
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else is printed
    function, args, kwargs = pickle.load(sys.stdin.buffer)

    def say(word: str, what: object) -> None:
        pickle.dump((word, what), answer)
        answer.flush()

    hear(partial(say, "far"))
    with answer:
        try:
            result = function(*args, **kwargs)
        except Exception as error:
            say("failed", error)
        else:
            say("done", result)


if __name__ == "__main__":
    _serve()
