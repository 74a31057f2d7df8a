"""A pane's title and its facts in one border: the title left, the facts right, the border's line between them."""

from textual.content import Content


def title_and_facts(title: str, facts: Content, width: int, line: str) -> Content:
    """What fills the upper border of a pane.

    Args:
        title: drawn in the style of border titles.
        facts: drawn dim; shortened where there is little room.
        width: of the pane, its border included.
        line: style of the border.
    """
    room = width - 4 - len(title) - 4
    if room < 8 or not facts:
        return Content(title)
    facts = facts.truncate(room, ellipsis=True)
    fill = "─" * (width - 4 - len(title) - 2 - facts.cell_length)
    quiet = Content.assemble((" ", "not bold"), (fill, f"not bold {line}"), (" ", "not bold"))
    return Content.assemble(title, quiet, facts.stylize_before("not bold $foreground 60%"))
