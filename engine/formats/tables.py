"""Rows of CSV and TSV: the first line names the fields, and every cell is text.

Quoting is read strictly: a quote that never ends is an error, not a cell that holds the rest of the file.
"""

import csv
import io
from collections.abc import Iterator
from typing import Any, BinaryIO, TextIO

import msgspec

from engine.errors import InputError, Problem
from engine.formats.shapes import Row
from engine.formats.wrong_row import WrongRow, shortened

_LARGEST_CELL = 2**31 - 1


def rows(file: BinaryIO, delimiter: str) -> Iterator[tuple[int, Row | WrongRow]]:
    """Each row with the line that it starts on.

    Raises:
        InputError: the header cannot be used.
    """
    csv.field_size_limit(_LARGEST_CELL)
    header: list[str] = []
    with io.TextIOWrapper(file, encoding="utf-8", errors="surrogateescape", newline="") as text:
        for line, cells in _lines_of_cells(text, delimiter):
            if isinstance(cells, WrongRow):
                if not header:
                    raise InputError(Problem(line=line, found=f"the header cannot be read: {cells.found}"))
                yield line, cells
            elif not header:
                header = cells
                twice = [name for place, name in enumerate(header) if name in header[:place]]
                if twice:
                    found = f"the header names a column twice: {shortened(', '.join(twice))}"
                    raise InputError(Problem(line=line, found=found))
            elif len(cells) != len(header):
                found = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
                yield line, WrongRow(found, expected=f"{len(header)}, as in the header")
            else:
                yield line, dict(zip(header, cells, strict=True))


def _lines_of_cells(text: TextIO, delimiter: str) -> Iterator[tuple[int, list[str] | WrongRow]]:
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, WrongRow(shortened(str(error)), hint="a quote within a quoted cell is written twice")
            continue
        if cells:
            yield line, cells


def encode(rows: Iterator[Row], delimiter: str) -> bytes:
    """The rows as a table. What is not text is written as JSON, nothing as an empty cell."""
    all_rows = list(rows)
    header = list(dict.fromkeys(field for row in all_rows for field in row))
    text = io.StringIO(newline="")
    # With these line ends, every version of the module quotes a cell that holds a line break of any kind.
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(row.get(field)) for field in header] for row in all_rows)
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
