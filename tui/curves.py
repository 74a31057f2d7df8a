"""The curves of runs: their loss, and what they answered exactly."""

from collections.abc import Mapping, Sequence
from typing import Literal

from tui.figures import exact_match
from tui.plain_text import plain_text
from tui.run_words import held_out
from tui.state import RunView
from tui.widgets.dots import LINES
from tui.widgets.plot import Curve, Point

Kind = Literal["loss", "training loss", "exact match"]
"""What is drawn. Of one run the loss is both losses; of several that on what is held out, and the training loss is a
picture of its own."""

MOST_CURVES = len(LINES)
"""That can be told apart in one chart without colours."""

MOST_OVERLAID = MOST_CURVES - 1
"""Runs beside the one in hand."""

TOO_MANY = f"More than {MOST_CURVES} curves cannot be told apart. x on a run with a + takes it away."

MOST_SINGLY = MOST_CURVES // 2
"""Tasks that are drawn one by one where there is a second split; of more the mean is drawn, with best and worst."""

STEADY = 0.95
"""Smoothing of a training loss among others: dashes of a line that jumps with every step cannot be seen."""

_SPLITS = {"validation": "held out", "train": "training examples", "unseen": "unseen"}
"""What was looked at -> how it is called; the first that there is says most."""


def lines_for(names: Sequence[str], former: Mapping[str, int]) -> dict[str, int]:
    """Name -> the line it is drawn with: the one it has had, or the first that is free."""
    lines = {name: former[name] for name in names if name in former}
    for name in names:
        free = (line for line in range(MOST_CURVES) if line not in lines.values())
        lines.setdefault(name, next(free, MOST_CURVES - 1))
    return {name: lines[name] for name in names}


def curves_of(
    kind: Kind, views: Mapping[str, RunView], lines: Mapping[str, int], smoothing: float = 0.0
) -> list[Curve]:
    """The curves of one run or of several, by their names; of several each has the line that is its own."""
    if len(views) > 1:
        compared = {"loss": compared_losses, "training loss": compared_training, "exact match": compared_exact_match}
        return compared[kind](views, lines)
    view = next(iter(views.values()), RunView())
    return exact_match_curves(view) if kind == "exact match" else loss_curves(view, smoothing)


def loss_curves(view: RunView, smoothing: float = 0.0) -> list[Curve]:
    """The training loss of one run, and its loss on what is held out."""
    name, evaluated = _evaluated_loss(view)
    curves = [Curve("training", _training_loss(view, smoothing)), Curve(name, evaluated, 1)]
    return [curve for curve in curves if curve.points]


def compared_losses(views: Mapping[str, RunView], lines: Mapping[str, int]) -> list[Curve]:
    """The held-out loss of several runs. One that has none yet is there with its training loss, and says so."""
    curves: list[Curve] = []
    for name, view in views.items():
        what, evaluated = _evaluated_loss(view)
        what = what if evaluated else "training"
        told = plain_text(name) if what == _SPLITS["validation"] else f"{plain_text(name)} ({what})"
        curves.append(Curve(told, evaluated or _training_loss(view, STEADY), lines[name]))
    return [curve for curve in curves if curve.points]


def compared_training(views: Mapping[str, RunView], lines: Mapping[str, int]) -> list[Curve]:
    """The training loss of several runs."""
    curves = [Curve(plain_text(name), _training_loss(view, STEADY), lines[name]) for name, view in views.items()]
    return [curve for curve in curves if curve.points]


def compared_exact_match(views: Mapping[str, RunView], lines: Mapping[str, int]) -> list[Curve]:
    """Exact match of several runs in shares, all tasks of a run together."""
    curves: list[Curve] = []
    for name, view in views.items():
        points = [(seen.step, exact_match(tasks)) for seen in view.evaluations if (tasks := held_out(seen.scores))]
        curves.append(Curve(plain_text(name), points, lines[name]))
    return [curve for curve in curves if curve.points]


def exact_match_curves(view: RunView) -> list[Curve]:
    """Exact match of one run in shares, task by task."""
    tasks = {split: _tasks(view, split) for split in _SPLITS}
    if tasks["validation"] or tasks["unseen"]:
        tasks["train"] = []
    too_many = sum(map(len, tasks.values())) > MOST_CURVES
    curves: list[Curve] = []
    for split, names in tasks.items():  # at most two of them have tasks now
        drawn = _spread(view, split) if too_many and len(names) > MOST_SINGLY else _singly(view, split, names)
        suffix = "" if split == "validation" else f" ({_SPLITS[split]})"
        curves += [Curve(f"{name}{suffix}", points, len(curves) + n) for n, (name, points) in enumerate(drawn)]
    return curves


def smoothed(points: Sequence[Point], weight: float) -> Sequence[Point]:
    """A moving mean in which the past has this weight, without the pull of its start."""
    if not weight:
        return points
    mean, share, found = 0.0, 0.0, []
    for step, value in points:
        mean = weight * mean + (1 - weight) * value
        share = weight * share + (1 - weight)
        found.append((step, mean / share))
    return found


def _tasks(view: RunView, split: str) -> list[str]:
    return list(dict.fromkeys(task for found in view.evaluations for task in found.scores.get(split, {})))


def _singly(view: RunView, split: str, tasks: Sequence[str]) -> list[tuple[str, list[Point]]]:
    """Each task, by its name."""
    seen = [(found.step, found.scores.get(split, {})) for found in view.evaluations]
    return [
        (plain_text(task) or "all", [(step, scores[task].exact_match) for step, scores in seen if task in scores])
        for task in tasks
    ]


def _spread(view: RunView, split: str) -> list[tuple[str, list[Point]]]:
    """Mean, best and worst of many tasks."""
    seen = [
        (found.step, [score.exact_match for score in scores.values()])
        for found in view.evaluations
        if (scores := found.scores.get(split))
    ]
    return [
        ("mean", [(step, sum(shares) / len(shares)) for step, shares in seen]),
        ("best", [(step, max(shares)) for step, shares in seen]),
        ("worst", [(step, min(shares)) for step, shares in seen]),
    ]


def _training_loss(view: RunView, smoothing: float) -> Sequence[Point]:
    """All steps that are kept, and the newest."""
    losses = list(view.losses)
    if view.loss and losses and view.loss != losses[-1]:
        losses.append(view.loss)
    return smoothed(losses, smoothing)


def _evaluated_loss(view: RunView) -> tuple[str, list[Point]]:
    """The loss at the evaluations, all tasks together, and on what it was."""
    seen = {split for found in view.evaluations for split, tasks in found.scores.items() if tasks}
    split = next((split for split in _SPLITS if split in seen), "validation")
    return _SPLITS[split], [
        (found.step, sum(score.loss for score in tasks.values()) / len(tasks))
        for found in view.evaluations
        if (tasks := found.scores.get(split))
    ]
