"""A data file in, examples out, and every wrong row named."""

import codecs
import io
import os
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, Literal

import msgspec

from engine.errors import InputError, Problem
from engine.examples import Example
from engine.formats import json_rows, parquet, tables
from engine.formats.chat import MESSAGES, SHAREGPT
from engine.formats.shapes import AlpacaShape, OwnRow, PairShape, PromptRow, Row, Shape, ShapeName
from engine.formats.wrong_row import WrongRow, described, refuse_unwritable, shortened
from engine.progress import NOW_AND_THEN, tell

Format = Literal["jsonl", "json", "csv", "tsv", "parquet"]

SHAPES: tuple[Shape, ...] = (
    PairShape("own", ("instruction", "response"), OwnRow),
    AlpacaShape(),
    PairShape("prompt-completion", ("prompt", "completion"), PromptRow),
    MESSAGES,
    SHAREGPT,
)
"""A row that fits several is taken for the first."""

ENDINGS: dict[str, Format] = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".csv": "csv", ".tsv": "tsv", ".parquet": "parquet",
}  # fmt: skip

READ_AS_IT_COMES: tuple[Format, ...] = ("jsonl", "csv", "tsv")
"""Others are read as a whole before the first row."""

FIRST_ROWS = 20
"""Rows that are looked at to find the shape, and problems after which reading stops."""


@dataclass(frozen=True)
class ReadResult:
    """What a file held. `problems` are the wrong rows that were skipped."""

    examples: list[Example]
    shape: ShapeName
    format: Format
    problems: list[Problem]


def read(path: Path | str, *, wrong_rows: Literal["stop", "skip"] = "stop") -> ReadResult:
    """Read the examples of a file. Its ending says the format, its first rows the shape.

    A `.json` file may hold an array or JSON Lines. Blank lines do not count as rows.

    Raises:
        InputError: the file cannot be read or has no rows, no shape fits, no row is right, or, with `stop`, some row is
            wrong. It names the first wrong rows.
    """
    try:
        if "\0" in str(path):
            raise InputError(Problem(found="a file name with a NUL character"))
        with open(path, "rb") as file:
            result = _read(file, format_of(path), wrong_rows)
    except OSError as error:
        found = "this is a folder" if isinstance(error, IsADirectoryError) else (error.strerror or str(error)).lower()
        raise InputError(Problem(file=str(path), found=found, expected="a file of examples")) from error
    except InputError as error:
        raise InputError(in_file(path, error.problems)) from None
    return replace(result, problems=in_file(path, result.problems))


def in_file(path: Path | str, problems: list[Problem]) -> list[Problem]:
    """The problems, each with the file that it is about."""
    return [msgspec.structs.replace(problem, file=str(path)) for problem in problems]


def format_of(path: Path | str) -> Format:
    """The format that the ending of a file's name says.

    Raises:
        InputError: no known one.
    """
    ending = Path(path).suffix.lower()
    if ending not in ENDINGS:
        found = f'the ending "{ending}" says no format' if ending else "a name without an ending says no format"
        raise InputError(Problem(file=str(path), found=found, expected=", ".join(ENDINGS)))
    return ENDINGS[ending]


def _read(file: io.BufferedReader, format: Format, wrong_rows: Literal["stop", "skip"]) -> ReadResult:
    if format != "parquet":
        format = _after_mark(file, format)
    size = os.fstat(file.fileno()).st_size
    rows = _SOURCES[format](file)
    first = list(islice(rows, FIRST_ROWS))
    if not first:
        raise InputError(Problem(found="no rows", expected="at least one example"))
    shape = _shape_of(first)
    examples: list[Example] = []
    problems: list[Problem] = []
    for number, (line, content) in enumerate(chain(first, rows), 1):
        if number % NOW_AND_THEN == 0 and format in READ_AS_IT_COMES:
            tell(file.tell() / size)
        try:
            examples.append(_example(shape, content))
        except WrongRow as wrong:
            problems.append(wrong.problem(number, line))
            if wrong_rows == "stop" and len(problems) == FIRST_ROWS:
                break
    if problems and (wrong_rows == "stop" or not examples):
        raise InputError(problems[:FIRST_ROWS])
    return ReadResult(examples, shape.name, format, problems)


_SOURCES: dict[Format, Callable[[BinaryIO], Iterator[tuple[int, Any]]]] = {
    "jsonl": json_rows.lines,
    "json": json_rows.array,
    "csv": lambda file: tables.rows(file, ","),
    "tsv": lambda file: tables.rows(file, "\t"),
    "parquet": parquet.rows,
}
"""Rows of a file, each with its line: JSON, its value, or the WrongRow that stands for it."""


def _after_mark(file: io.BufferedReader, format: Format) -> Format:
    """Skip the byte order mark, and find JSON Lines under the name of JSON."""
    start = file.read(1024)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError(Problem(found="text in UTF-16", expected="UTF-8", hint="save it again as UTF-8"))
    mark = len(codecs.BOM_UTF8) if start.startswith(codecs.BOM_UTF8) else 0
    file.seek(mark)
    return "jsonl" if format == "json" and not start[mark:].lstrip().startswith(b"[") else format


def fitting(fields: Container[str]) -> Shape | None:
    """The shape that a row with these fields is taken for."""
    return next((shape for shape in SHAPES if all(field in fields for field in shape.fields)), None)


def _shape_of(first: list[tuple[int, Any]]) -> Shape:
    problems: list[Problem] = []
    for number, (line, content) in enumerate(first, 1):
        try:
            row = _row(content)
        except WrongRow as wrong:
            problems.append(wrong.problem(number, line))
            continue
        if shape := fitting(row):
            return shape
        names = ", ".join(shortened(field, 30) for field in row) or "none"
        problems.append(
            Problem(
                line=line,
                key=f"row {number}",
                found=f"its fields are {shortened(names, 200)}",
                expected=", or ".join(" and ".join(shape.fields) for shape in SHAPES),
            )
        )
    raise InputError(problems[:3])


def _example(shape: Shape, content: Any) -> Example:
    if isinstance(content, bytes):
        try:
            return shape.decode(content)
        except (ValueError, RecursionError):
            pass
    return shape.example(_row(content))


def _row(content: Any) -> Row:
    if isinstance(content, WrongRow):
        raise content
    row = json_rows.value_of(content) if isinstance(content, bytes) else content
    if not isinstance(row, dict):
        raise WrongRow(described(row), expected="an object with named fields")
    refuse_unwritable(row)
    return row
