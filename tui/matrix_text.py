"""The matrix of `tunetui compare` as text: 100 columns wide at most, for up to eight models."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from engine.matrix import Cell, ComparedModel, Group, Matrix, mean
from tui.plain_text import plain_text
from tui.table import table

NAME = 26
"""Letters of a model's name in a table; the list of models has it whole."""


class Column(NamedTuple):
    """Cells that stand in one column."""

    header: str
    group: Group
    wording: str = ""

    def holds(self, cell: Cell) -> bool:
        """Whether the cell belongs here."""
        return (cell.group, cell.wording) == (self.group, self.wording)


COLUMNS = (
    Column("trained", "trained"),
    Column("new\nwording", "new_wording"),
    Column("name\nfirst", "new_wording", "name first"),
    Column("arg.\nfirst", "new_wording", "argument first"),
    Column("new\nname", "new_name"),
    Column("unseen\ntask", "unseen_task"),
    Column("compo-\nsition", "composition"),
    Column("chain", "chain"),
    Column("longer", "longer"),
    Column("plain\ntext", "plain_text"),
    Column("known\nform", "known_form"),
)
"""A column that no cell belongs to is left out."""

INSTRUCTIONS: tuple[Group, ...] = ("trained", "new_wording", "new_name", "unseen_task")
"""Those of which "right but did not stop" is told."""

PLAIN: tuple[Group, ...] = ("trained", "unseen_task")
"""Those that are told task by task."""

KEY = """\
Exact match in percent, the mean over tasks. No number or word asked about is in any training text.
  trained      instructed tasks            composition  two tasks in one instruction
  name first   in wordings that training   chain        the same by two calls, one after the other
  arg. first   never meets                 longer       words one letter longer
  new name     by a name never instructed  plain text   asked in the form of the base's text
  unseen task  never instructed            known form   an arrow in place of the answer mark"""


def matrix_text(matrix: Matrix, *, every_group: bool = False) -> str:
    """The models, groups across, what was lost, what was answered instead, and every task.

    `every_group` tells all groups task by task, not only plain instructions.
    """
    parts = [_models(matrix), _groups(matrix), KEY]
    if matrix.lost:
        parts.append("Percentage points lost against what it started from; +: lost, -: gained.\n" + _lost(matrix))
    if matrix.instead:
        parts.append("Wrong answers that are right for another task:\n" + _instead(matrix))
    parts.append("Task by task, the models by their numbers:\n" + _tasks(matrix, every_group))
    return "\n\n".join(parts)


def whole_percent(shares: Iterable[float]) -> str:
    """The mean of shares, `98`; only what is whole is called 100. `-` where there are none."""
    values = list(shares)
    return str(int(mean(values) * 100 + 1e-6)) if values else "-"


def _models(matrix: Matrix) -> str:
    rows = []
    for number, model in enumerate(matrix.models, 1):
        cells = [cell for cell in matrix.cells if cell.run == model.run]
        own = [cell.exact_match for cell in cells if cell.group == "trained" and cell.task in model.trained_on]
        unstopped = [cell.did_not_stop for cell in cells if cell.group in INSTRUCTIONS]
        tasks = model.trained_on
        rows.append(
            [
                str(number),
                plain_text(model.run),
                plain_text(tasks[0]) if len(tasks) == 1 else f"{len(tasks)} tasks" if tasks else "-",
                whole_percent(own),
                f"{100 * mean(unstopped):.1f}" if unstopped else "-",
                plain_text(model.parent.partition("-")[0]) or "-",
                model.weights[:12],
            ]
        )
    right = ["", "its own\ntasks", "right but\ndid not stop"]
    return table(["", "model", "trained on", *right[1:], "started\nfrom", "weights"], rows, right=right)


def _names(models: Sequence[ComparedModel]) -> list[str]:
    """What the models are called in a table: number and tuning."""
    names = [plain_text(f"{number} {model.tuning or model.run}") for number, model in enumerate(models, 1)]
    return [name if len(name) <= NAME else name[: NAME - 1] + "…" for name in names]


def _groups(matrix: Matrix) -> str:
    columns = [column for column in COLUMNS if any(map(column.holds, matrix.cells))]
    first = [cell for cell in matrix.cells if cell.run == matrix.models[0].run]
    rows = [["examples", *(str(sum(cell.examples for cell in filter(column.holds, first))) for column in columns)]]
    for model, name in zip(matrix.models, _names(matrix.models), strict=True):
        own = [cell for cell in matrix.cells if cell.run == model.run]
        rows.append([name, *(whole_percent(c.exact_match for c in filter(column.holds, own)) for column in columns)])
    right = [column.header for column in columns]
    return table(["", *right], rows, right=right)


def _lost(matrix: Matrix) -> str:
    columns = [c for c in COLUMNS if not c.wording and any(c.group in lost for lost in matrix.lost.values())]
    rows = []
    for model, name in zip(matrix.models, _names(matrix.models), strict=True):
        if model.run in matrix.lost:
            lost = matrix.lost[model.run]
            rows.append([name, *(f"{round(100 * lost[c.group]):+d}" if c.group in lost else "-" for c in columns)])
    right = [column.header for column in columns]
    return table(["", *right], rows, right=right)


def _instead(matrix: Matrix) -> str:
    rows = []
    for model, name in zip(matrix.models, _names(matrix.models), strict=True):
        for found in matrix.instead:
            if found.run == model.run:
                likeliest = [f"{task} {whole_percent([share])} %" for task, share in list(found.tasks.items())[:3]]
                header = next(column.header for column in COLUMNS if column.group == found.group).replace("\n", " ")
                of_another = f"{whole_percent([found.another_task])} %"
                rows.append([name, header, str(found.wrong), of_another, plain_text(", ".join(likeliest)) or "-"])
    right = ["wrong", "another's"]
    return table(["", "asked", *right, "most often"], rows, right=right)


def _tasks(matrix: Matrix, every_group: bool) -> str:
    numbers = [str(number) for number in range(1, len(matrix.models) + 1)]
    rows = []
    for column in COLUMNS:
        if not every_group and column.group not in PLAIN:
            continue
        cells = list(filter(column.holds, matrix.cells))
        for task in dict.fromkeys(cell.task for cell in cells):
            of_task = {cell.run: cell for cell in cells if cell.task == task}
            shares = [[of_task[m.run].exact_match] if m.run in of_task else [] for m in matrix.models]
            examples = str(next(iter(of_task.values())).examples)
            header = column.header.replace("\n", " ").replace("- ", "")
            rows.append([header, plain_text(task) or "-", examples, *map(whole_percent, shares)])
    return table(["", "task", "examples", *numbers], rows, right=["examples", *numbers])
