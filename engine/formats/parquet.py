"""Rows of Parquet, by pyarrow, which is an extra: `tunetui[parquet]`."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from engine.errors import InputError, Problem
from engine.formats.shapes import Row
from engine.formats.wrong_row import shortened


def rows(file: BinaryIO) -> Iterator[tuple[int, Row]]:
    """Each row, without its nulls: a column exists for all rows, a field only for those that have it.

    Raises:
        InputError: pyarrow is not installed, or it cannot read the file.
    """
    arrow, parquet = _pyarrow()
    try:
        for batch in parquet.ParquetFile(file).iter_batches():
            for row in batch.to_pylist():
                yield 0, {field: value for field, value in row.items() if value is not None}
    except (arrow.ArrowException, OSError, ValueError, OverflowError) as error:
        found = f"not a Parquet file, or a damaged one: {shortened(str(error), 200)}"
        raise InputError(Problem(found=found)) from error


def encode(rows: Iterator[Row]) -> bytes:
    """The rows as a Parquet file.

    Raises:
        InputError: pyarrow is not installed, or a field has values of several types.
    """
    arrow, parquet = _pyarrow()
    all_rows = list(rows)
    fields = dict.fromkeys(field for row in all_rows for field in row)
    buffer = arrow.BufferOutputStream()
    try:
        parquet.write_table(arrow.table({field: [row.get(field) for row in all_rows] for field in fields}), buffer)
    except (arrow.ArrowException, ValueError, OverflowError) as error:
        found = f"Parquet cannot hold these rows: {shortened(str(error), 200)}"
        raise InputError(Problem(found=found, hint="write jsonl")) from error
    return bytes(buffer.getvalue())


def _pyarrow() -> tuple[Any, Any]:
    """The package and its module for Parquet; imported when needed, as it is slow to import."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        problem = Problem(found="Parquet needs pyarrow, which is not installed", hint="pip install 'tunetui[parquet]'")
        raise InputError(problem) from None
    return pyarrow, pyarrow.parquet
