"""Lines of text beside a head: a sign, or a name."""

from textual.content import Content


def hanging(head: Content, text: Content, width: int) -> list[Content]:
    """The text beside a head, in so many cells; what follows its first line stands below that."""
    first, *others = text.wrap(max(1, width - head.cell_length))
    return [head + first, *(Content(" " * head.cell_length) + other for other in others)]


def first_lines(lines: list[Content], most: int, width: int) -> list[Content]:
    """So many of the lines at most, each in so many cells; an ellipsis says that there are more."""
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], (lines[most - 1].rstrip() + "…").truncate(width, ellipsis=True)] if most > 0 else []
