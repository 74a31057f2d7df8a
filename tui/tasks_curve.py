"""How following instructions depends on the number of tasks in the mixture: points from the matrix of several runs."""

from dataclasses import dataclass

from engine.matrix import Matrix, mean


@dataclass(frozen=True)
class CurvePoint:
    """All runs that were trained on so many tasks, taken together."""

    tasks: int
    own: float | None
    """Mean exact match on their own tasks; None if these were not asked."""
    unseen: float
    """The same on tasks that no model was instructed with."""
    runs: int


def curve_of(matrix: Matrix) -> list[CurvePoint]:
    """Points by the number of tasks; none where there are fewer than three numbers to compare."""
    groups: dict[int, list[tuple[float | None, float]]] = {}
    for model in matrix.models:
        unseen = matrix.summary.get(model.run, {}).get("unseen_task")
        own = [
            cell.exact_match
            for cell in matrix.cells
            if (cell.run, cell.group) == (model.run, "trained") and cell.task in model.trained_on
        ]
        if model.trained_on and unseen is not None:
            groups.setdefault(len(model.trained_on), []).append((mean(own) if own else None, unseen))
    if len(groups) < 3:
        return []
    return [_point(tasks, values) for tasks, values in sorted(groups.items())]


def _point(tasks: int, values: list[tuple[float | None, float]]) -> CurvePoint:
    owns = [own for own, _ in values if own is not None]
    return CurvePoint(tasks, mean(owns) if owns else None, mean(unseen for _, unseen in values), len(values))
