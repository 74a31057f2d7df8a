"""Examples out, into a data file that is whole or as it was before."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from engine import atomic
from engine.errors import InputError, Problem
from engine.examples import Example
from engine.formats import json_rows, parquet, tables
from engine.formats.reading import SHAPES, Format, fitting, format_of, in_file
from engine.formats.shapes import Row, Shape, ShapeName
from engine.formats.wrong_row import WrongRow, refuse_unwritable

_ENCODERS: dict[Format, Callable[[Iterator[Row]], bytes]] = {
    "jsonl": json_rows.encode_lines,
    "json": json_rows.encode_array,
    "csv": lambda rows: tables.encode(rows, ","),
    "tsv": lambda rows: tables.encode(rows, "\t"),
    "parquet": parquet.encode,
}

_TABLES: tuple[Format, ...] = ("csv", "tsv")


def shape_named(path: Path | str) -> ShapeName:
    """The shape that stands in the name of a file to be written, as in `data.alpaca.jsonl`; our own where none does.

    Raises:
        InputError: the ending says no format, or one that cannot hold the shape.
    """
    said = Path(Path(path).stem).suffix[1:].lower()
    shape: ShapeName = next((known.name for known in SHAPES if known.name == said), "own")
    _refuse_in_table(format_of(path), shape)
    return shape


def write(
    path: Path | str, examples: Iterable[Example], *, format: Format | None = None, shape: ShapeName = "own"
) -> None:
    """Write the examples so that `read` gives them back; a file that is there is replaced at once and whole.

    `format` is that of the file's ending if not given. Tables and Parquet have the same columns for all rows: a field
    of `extra` that only some rows have is empty for the others, and a table holds only text.

    Raises:
        InputError: an example that the shape or the format cannot hold, or a format that the ending does not say.
        StorageError: the folder cannot be written, or its disk is full.
    """
    format = format or format_of(path)
    writer = next(known for known in SHAPES if known.name == shape)
    try:
        _refuse_in_table(format, shape)
        data = _ENCODERS[format](_rows(writer, examples, one_header=format in _TABLES))
    except InputError as error:
        raise InputError(in_file(path, error.problems)) from None
    atomic.write_bytes(Path(path), data)


def _refuse_in_table(format: Format, shape: ShapeName) -> None:
    if format in _TABLES and shape in ("messages", "sharegpt"):
        raise InputError(Problem(found=f"a table cannot hold {shape}", expected="jsonl, json or parquet"))


def _rows(shape: Shape, examples: Iterable[Example], one_header: bool) -> Iterator[Row]:
    fields: set[str] = set()
    for number, example in enumerate(examples, 1):
        try:
            row = shape.row(example)
            refuse_unwritable(row)
        except WrongRow as wrong:
            raise InputError(wrong.problem(number)) from None
        if one_header or number == 1:
            fields |= row.keys()
        yield row
    # The first row or the header says the shape to who reads the file.
    if fields and (taken := fitting(fields)) and taken is not shape:
        found = f"extra fields by which the file would be read in the shape {taken.name}"
        raise InputError(Problem(found=found, hint=f"write it in that shape, not in {shape.name}"))
