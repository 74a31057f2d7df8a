"""What is wrong with a scenario file, each finding under the line that it is about."""

from collections.abc import Sequence
from pathlib import Path

from textual.content import Content

from engine.errors import Problem
from tui.plain_text import plain_text
from tui.widgets.hanging import hanging


def problems_beside_lines(path: Path, problems: Sequence[Problem], width: int) -> Content:
    """The lines with findings, each with its number; those of other files and without a line come as they are.

    In so many cells: what is too long for a line goes on below its beginning.
    """
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        lines = []
    shown: list[Content] = []
    for problem in problems:
        what = f"{problem.key}: {problem.found}" if problem.key else problem.found
        if problem.expected:
            what += f"; expected {problem.expected}"
        if problem.file == str(path) and 0 < problem.line <= len(lines):
            line = Content(plain_text(lines[problem.line - 1]))
            shown += hanging(Content.styled(f"{problem.line:>5} │ ", "$secondary"), line, width)
        else:
            where = f"{Path(problem.file).name}:{problem.line}" if problem.line else Path(problem.file).name
            shown.append(Content.styled(plain_text(where), "$secondary"))
        sign = Content.assemble((" " * 6 + "╵ ", "$secondary"), ("✗ ", "$error"))
        shown += hanging(sign, Content.styled(plain_text(what), "$error"), width)
        if problem.hint:
            shown += hanging(Content(" " * 8 + "→ "), Content(plain_text(problem.hint)), width)
        shown.append(Content(""))
    return Content("\n").join(shown)
