"""Tables of plain text: readable on a terminal, in a pipe and in a file alike."""

from collections.abc import Collection, Sequence

from rich.cells import cell_len


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[str] = ()) -> str:
    """Columns as wide as their widest cell, two spaces apart; those named in `right` are aligned there.

    A name in the header may have several lines; short ones stand at the bottom.
    """
    names = [name.split("\n") for name in header]
    height = max(map(len, names))
    heads = list(zip(*([""] * (height - len(name)) + name for name in names), strict=True))
    lines = [*heads, *rows]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    sides = [name in right for name in header]
    return "\n".join(
        "  ".join(_padded(*cell) for cell in zip(line, widths, sides, strict=True)).rstrip() for line in lines
    )


def _padded(text: str, width: int, right: bool) -> str:
    space = " " * (width - cell_len(text))
    return space + text if right else text + space
