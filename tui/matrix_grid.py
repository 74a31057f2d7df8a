"""The matrix as columns to walk through: a group is one column of means, or opened into its wordings and tasks."""

from collections.abc import Collection
from dataclasses import dataclass

from engine.matrix import Cell, ComparedModel, Group, Matrix, mean
from tui.matrix_text import COLUMNS


@dataclass(frozen=True)
class GridColumn:
    """Cells of a group: all of them, those of one wording, or those of one task."""

    group: Group
    wording: str = ""
    task: str | None = None

    @property
    def is_mean(self) -> bool:
        """Whether it stands for the whole group."""
        return self.task is None and not self.wording

    def holds(self, cell: Cell) -> bool:
        """Whether a cell of this group belongs here."""
        return (not self.wording or cell.wording == self.wording) and self.task in (None, cell.task)


@dataclass(frozen=True)
class Figure:
    """What there is to say about a model in a column."""

    exact: float
    """Mean share of exact answers."""
    did_not_stop: float
    """Mean share of right answers that went on."""
    examples: int
    change: float | None
    """Of the exact share, against the parent; None where that is not known."""


class Grid:
    """A matrix, looked up by model and column."""

    def __init__(self, matrix: Matrix) -> None:
        self.matrix = matrix
        self._cells: dict[tuple[str, Group], list[Cell]] = {}
        for cell in matrix.cells:
            self._cells.setdefault((cell.run, cell.group), []).append(cell)
        self._parents = {model.run: model.parent for model in matrix.models if model.run in matrix.lost}

    @property
    def models(self) -> list[ComparedModel]:
        """In the order in which they were named."""
        return self.matrix.models

    def groups(self) -> list[Group]:
        """Those that something was asked of."""
        there = {cell.group for cell in self.matrix.cells}
        return [column.group for column in COLUMNS if column.group in there and not column.wording]

    def tasks(self, group: Group) -> list[str]:
        """The tasks of a group, in the order in which they were asked."""
        return list(dict.fromkeys(cell.task for cell in self.matrix.cells if cell.group == group))

    def columns(self, opened: Collection[Group]) -> list[GridColumn]:
        """From left to right; an opened group has its tasks behind its mean."""
        found: list[GridColumn] = []
        for group in self.groups():
            found.append(GridColumn(group))
            if group in opened:
                wordings = dict.fromkeys(cell.wording for cell in self.matrix.cells if cell.group == group)
                found += [GridColumn(group, wording=wording) for wording in wordings if wording]
                found += [GridColumn(group, task=task) for task in self.tasks(group)]
        return found

    def figure(self, run: str, column: GridColumn) -> Figure | None:
        """The figures of one cell on the screen; None if the model was not asked this."""
        cells = [cell for cell in self._cells.get((run, column.group), []) if column.holds(cell)]
        if not cells:
            return None
        exact = mean(cell.exact_match for cell in cells)
        did_not_stop = mean(cell.did_not_stop for cell in cells)
        return Figure(exact, did_not_stop, sum(cell.examples for cell in cells), self._change(run, column, exact))

    def _change(self, run: str, column: GridColumn, exact: float) -> float | None:
        if column.is_mean:
            lost = self.matrix.lost.get(run, {}).get(column.group)
            return None if lost is None else -lost
        parent = self._parents.get(run, "")
        cells = [cell for cell in self._cells.get((parent, column.group), []) if column.holds(cell)]
        return exact - mean(cell.exact_match for cell in cells) if cells else None
