"""The matrix in words: what a group is, and what a cell of it says."""

from collections.abc import Iterator

from engine.matrix import ComparedModel, Group
from tui.matrix_grid import Figure, Grid, GridColumn
from tui.matrix_text import COLUMNS, whole_percent
from tui.plain_text import plain_text

EXPLAINED: dict[Group, str] = {
    "trained": "The tasks of the training in its own wordings, with numbers and words that it has not seen.",
    "new_wording": "The instructed tasks in wordings that training never meets.",
    "new_name": "The instructed tasks by a name that no instruction of the training has.",
    "unseen_task": "Tasks that no model was ever instructed with.",
    "composition": "Two tasks in one instruction. Training has one at a time.",
    "chain": "The same two tasks by two calls: what the first one answers is put into the second.",
    "longer": "Words one letter longer than in any instruction of the training.",
    "plain_text": "The tasks as text that the base has read, not as instructions. What is lost here was forgotten.",
    "known_form": "Instructions with an arrow, which the base has met, in place of the mark that starts an answer.",
}
"""One line each."""

SOME = 3
"""Tasks that are named as the best, and as the worst."""


def title_of(group: Group) -> str:
    """`new wording`."""
    header = next(column.header for column in COLUMNS if column.group == group)
    return header.replace("-\n", "").replace("\n", " ")


def name_of(model: ComparedModel) -> str:
    """What a model is called on the screen: its tuning, or the name of the base."""
    return plain_text(model.tuning or model.run)


def column_name(column: GridColumn) -> str:
    """`unseen task: rotate`, `new wording, name first`, `trained, mean of all tasks`."""
    title = title_of(column.group)
    if column.task is not None:
        return f"{title}: {plain_text(column.task) or 'no task'}"
    return f"{title}, {plain_text(column.wording)}" if column.wording else f"{title}, mean of all tasks"


def points(share: float) -> str:
    """A change of a share in points, with its sign: `+88`, `−62`, `±0`."""
    whole = round(100 * share)
    return f"{'+' if whole > 0 else '−'}{abs(whole)}" if whole else "±0"


def cell_words(grid: Grid, model: ComparedModel, column: GridColumn) -> list[str]:
    """Sentences about one cell, the most telling first."""
    figure = grid.figure(model.run, column)
    if figure is None:
        return [EXPLAINED[column.group], "This model cannot be asked that way."]
    told = [
        *_counts(figure),
        *_change(grid, model, figure),
        *_instead(grid, model, column),
        *_tasks(grid, model, column),
    ]
    return [EXPLAINED[column.group], *told]


def model_words(grid: Grid, model: ComparedModel) -> list[str]:
    """Sentences about a model: what it was trained on and what it started from."""
    tasks = model.trained_on
    if not tasks:
        return ["It has followed no instruction yet."] if not model.tuning else ["What it was trained on is not known."]
    names = ", ".join(plain_text(task) or "no task" for task in tasks[:8]) + (
        f" and {len(tasks) - 8} more" if len(tasks) > 8 else ""
    )
    own = [c.exact_match for c in grid.matrix.cells if (c.run, c.group) == (model.run, "trained") and c.task in tasks]
    told = f"Trained on {len(tasks)} task{'s' * (len(tasks) > 1)}: {names}."
    return [told + (f" On its own: {whole_percent(own)} %." if own else "")]


def parent_of(grid: Grid, model: ComparedModel) -> str:
    """What a model started from, as it is called on the screen."""
    return next((name_of(other) for other in grid.models if other.run == model.parent), plain_text(model.parent))


def _counts(figure: Figure) -> Iterator[str]:
    told = f"{figure.exact * figure.examples:.0f} of {figure.examples} answers are right."
    if went_on := round(figure.did_not_stop * figure.examples):
        told += f" {went_on} more would be, but did not stop."
    yield told


def _change(grid: Grid, model: ComparedModel, figure: Figure) -> Iterator[str]:
    if figure.change is None:
        return
    whole = round(100 * figure.change)
    parent = parent_of(grid, model)
    if not whole:
        yield f"As many as {parent}, which it started from."
    else:
        verb = "Gained" if whole > 0 else "Lost"
        yield f"{verb} {abs(whole)} percentage point{'s' * (abs(whole) > 1)} against {parent}, which it started from."


def _instead(grid: Grid, model: ComparedModel, column: GridColumn) -> Iterator[str]:
    for found in grid.matrix.instead:
        if (found.run, found.group) == (model.run, column.group) and column.is_mean:
            likeliest = [
                f"{plain_text(task)} {whole_percent([share])} %" for task, share in list(found.tasks.items())[:4]
            ]
            told = f"Instead: of {found.wrong} wrong answers {whole_percent([found.another_task])} % do another task"
            yield f"{told} ({', '.join(likeliest)})." if likeliest else f"{told}."


def _tasks(grid: Grid, model: ComparedModel, column: GridColumn) -> Iterator[str]:
    """Of a mean: the tasks with their shares, the best first; of many only the best and the worst."""
    if not column.is_mean:
        return
    shares = []
    for task in grid.tasks(column.group):
        if figure := grid.figure(model.run, GridColumn(column.group, task=task)):
            shares.append((figure.exact, plain_text(task) or "no task"))
    ranked = [f"{task} {whole_percent([share])}" for share, task in sorted(shares, key=lambda share: -share[0])]
    if len(ranked) <= 2 * SOME or min(shares)[0] == max(shares)[0]:
        return
    yield f"Best at {', '.join(ranked[:SOME])}; worst at {', '.join(ranked[-SOME:])}."
