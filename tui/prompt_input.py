"""Prompts as they come from the command line and from standard input."""

import sys
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from engine.errors import InputError, Problem


def prompts_of(arguments: Iterable[str]) -> Iterator[str]:
    """The arguments, with the lines of standard input in place of `-`.

    Raises:
        InputError: one of them is not text in UTF-8.
    """
    for argument in arguments:
        if argument == "-":
            yield from lines(sys.stdin.buffer)
        else:
            yield text(argument.encode("utf-8", "surrogateescape"), "PROMPT")


def lines(stream: BinaryIO) -> Iterator[str]:
    """The lines that are not empty, each as soon as it is there.

    Raises:
        InputError: one of them is not text in UTF-8.
    """
    for number, line in enumerate(stream, 1):
        if prompt := text(line, "standard input", number).strip("\r\n"):
            yield prompt


def text(line: bytes, source: str, number: int = 0) -> str:
    """The line as text.

    Raises:
        InputError: it is not UTF-8.
    """
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        found = f"byte 0x{line[error.start]:02x} at column {error.start + 1}"
        raise InputError(Problem(file=source, line=number, found=found, expected="text in UTF-8")) from None
