"""Rows of JSON Lines and of JSON arrays.

What `msgspec` refuses is read again by `json`, which is slower and says better what is wrong. It also lets through
half characters (`\\ud800`), which the reader then reports by field, and NaN and Infinity, which become null.
"""

import re
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder
from typing import Any, BinaryIO

import msgspec

from engine.formats.shapes import Row
from engine.formats.wrong_row import WrongRow, shortened

_DECODER = JSONDecoder(parse_constant=lambda name: None)
_SPACE = re.compile(r"[ \t\r\n]*")


def lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Each line that is not blank, with its number."""
    for number, line in enumerate(file, 1):
        if not line.isspace():
            yield number, line


def value_of(line: bytes) -> Any:
    """The value that a line of JSON holds, with what is wrong about it said well.

    Raises:
        WrongRow: it is not JSON.
    """
    text = line.decode("utf-8", "surrogateescape").strip()
    value, end = _scan(text, 0)
    if end < len(text):
        raise WrongRow(f'not JSON: "{shortened(text[end:], 20)}" after the end of the value')
    return value


def array(file: BinaryIO) -> Iterator[tuple[int, Any]]:
    """Each value of a JSON array with the line that it starts on. Where it breaks off, a WrongRow is last."""
    text = file.read().decode("utf-8", "surrogateescape")
    position, line = text.index("[") + 1, 1
    counted = 0
    while True:
        position = _after_space(text, position)
        line += text.count("\n", counted, position)
        counted = position
        if text[position : position + 1] == "]":
            break
        try:
            value, position = _scan(text, position)
        except WrongRow as wrong:
            wrong.hint = "the rest of the file cannot be read"
            yield line, wrong
            return
        yield line, value
        position = _after_space(text, position)
        if text[position : position + 1] == ",":
            position += 1
        elif text[position : position + 1] != "]":
            yield line + text.count("\n", counted, position), _broken(text, position, "a comma or ]")
            return
    end = _after_space(text, position + 1)
    if end < len(text):
        yield line + text.count("\n", counted, end), _broken(text, end, "the end of the file")


def encode_lines(rows: Iterator[Row]) -> bytes:
    """The rows as JSON Lines."""
    encode = msgspec.json.Encoder().encode
    return b"".join(encode(row) + b"\n" for row in rows)


def encode_array(rows: Iterator[Row]) -> bytes:
    """The rows as a JSON array, one a line."""
    return b"[\n" + b",\n".join(map(msgspec.json.Encoder().encode, rows)) + b"\n]\n"


def _scan(text: str, position: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, position)
    except JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}" if error.lineno > 1 else f"column {error.colno}"
        raise WrongRow(f"not JSON: {error.msg[:1].lower()}{error.msg[1:].removesuffix(' at')} at {place}") from None
    except RecursionError:
        raise WrongRow("lists or objects within each other, too many to read") from None
    except ValueError:
        raise WrongRow("a number with thousands of digits") from None


def _after_space(text: str, position: int) -> int:
    return _SPACE.match(text, position).end()  # type: ignore[union-attr]  # it matches the empty text, too


def _broken(text: str, position: int, expected: str) -> WrongRow:
    found = f'"{shortened(text[position:], 20)}"' if position < len(text) else "the file ends within the array"
    return WrongRow(found, expected=expected, hint="the rest of the file cannot be read")
