"""What is wrong with a scenario file, each finding under the line that it is about."""

from collections.abc import Sequence
from pathlib import Path

from textual.content import Content

from engine.errors import Problem
from tui.plain_text import plain_text


def problems_beside_lines(path: Path, problems: Sequence[Problem]) -> Content:
    """The lines with findings, each with its number; those of other files and without a line come as they are."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        lines = []
    shown = []
    for problem in problems:
        what = f"{problem.key}: {problem.found}" if problem.key else problem.found
        if problem.expected:
            what += f"; expected {problem.expected}"
        if problem.file == str(path) and 0 < problem.line <= len(lines):
            number = f"{problem.line:>5} "
            shown.append(
                Content.assemble((number, "$secondary"), ("│ ", "$secondary"), plain_text(lines[problem.line - 1]))
            )
        else:
            number = " " * 6
            where = f"{Path(problem.file).name}:{problem.line}" if problem.line else Path(problem.file).name
            shown.append(Content.styled(plain_text(where), "$secondary"))
        shown.append(Content.assemble((" " * 6 + "╵ ", "$secondary"), (f"✗ {plain_text(what)}", "$error")))
        if problem.hint:
            shown.append(Content.assemble(" " * 8, (f"→ {plain_text(problem.hint)}", "$foreground")))
        shown.append(Content(""))
    return Content("\n").join(shown)
