"""Examples out, into a data file that is whole or as it was before."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from engine import atomic
from engine.errors import InputError, Problem
from engine.examples import Example
from engine.formats import json_rows, parquet, tables
from engine.formats.reading import SHAPES, Format, format_of, in_file
from engine.formats.shapes import Row, Shape, ShapeName
from engine.formats.wrong_row import WrongRow, refuse_unwritable

_ENCODERS: dict[Format, Callable[[Iterator[Row]], bytes]] = {
    "jsonl": json_rows.encode_lines,
    "json": json_rows.encode_array,
    "csv": lambda rows: tables.encode(rows, ","),
    "tsv": lambda rows: tables.encode(rows, "\t"),
    "parquet": parquet.encode,
}


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
        if format in ("csv", "tsv") and shape in ("messages", "sharegpt"):
            raise InputError(Problem(found=f"a table cannot hold {shape}", expected="jsonl, json or parquet"))
        data = _ENCODERS[format](_rows(writer, examples))
    except InputError as error:
        raise InputError(in_file(path, error.problems)) from None
    atomic.write_bytes(Path(path), data)


def _rows(shape: Shape, examples: Iterable[Example]) -> Iterator[Row]:
    for number, example in enumerate(examples, 1):
        try:
            row = shape.row(example)
            refuse_unwritable(row)
        except WrongRow as wrong:
            raise InputError(wrong.problem(number)) from None
        yield row
