"""Files of examples: JSON Lines, JSON arrays, CSV, TSV and Parquet, in the shapes that such files come in.

`read` gives examples and every wrong row; `write` writes them so that `read` gives them back.
"""

from engine.formats.reading import Format, ReadResult, format_of, read
from engine.formats.shapes import ShapeName
from engine.formats.writing import shape_named, write

__all__ = ["Format", "ReadResult", "ShapeName", "format_of", "read", "shape_named", "write"]
