"""Text in a given number of terminal cells."""

from rich.cells import cell_len, set_cell_size, split_graphemes


def fitted(text: str, width: int) -> str:
    """The text in exactly so many cells: filled with blanks, or cut with `…`."""
    return set_cell_size(text, width) if cell_len(text) <= width else set_cell_size(text, width - 1) + "…"


def cut(text: str, width: int) -> str:
    """The text in at most so many cells."""
    return text if cell_len(text) <= width else set_cell_size(text, width - 1) + "…"


def middle_cut(text: str, width: int) -> str:
    """The text in at most so many cells, `…` in its middle: names that belong together often differ at their ends."""
    if cell_len(text) <= width:
        return text
    tail = ""
    for start, end, _ in reversed(split_graphemes(text)[0]):
        if cell_len(text[start:end] + tail) > (width - 1) // 2:
            break
        tail = text[start:end] + tail
    return set_cell_size(text, width - 1 - cell_len(tail)).rstrip() + "…" + tail
