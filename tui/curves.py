"""The curves of runs: their loss, and what they answered exactly."""

from collections.abc import Mapping, Sequence

from engine.protocol import Score
from tui.figures import exact_match
from tui.plain_text import plain_text
from tui.run_words import held_out
from tui.state import RunView
from tui.widgets.dots import Line
from tui.widgets.plot import Curve, Point

MOST_TASKS = 5
"""Curves of single tasks beside one another; of more tasks the mean is drawn, with the best and the worst."""

_APART: tuple[Line, ...] = ("solid", "dashed", "dotted")
"""Runs beside one another differ by more than their colours."""

_LINES: dict[str, Line] = {"validation": "solid", "unseen": "dotted", "train": "dashed"}


def loss_curves(views: Mapping[str, RunView], smoothing: float = 0.0) -> list[Curve]:
    """Training and held-out loss, the runs by their names; one colour a run where there are several."""
    curves: list[Curve] = []
    for number, (name, view) in enumerate(views.items()):
        several = len(views) > 1
        training = list(view.losses)
        if view.loss and view.losses and view.loss != view.losses[-1]:
            training.append(view.loss)
        curves.append(Curve(plain_text(name) if several else "training", smoothed(training, smoothing), number))
        evaluated = [(found.step, _mean_loss(tasks)) for found in view.evaluations if (tasks := held_out(found.scores))]
        if evaluated:
            label = f"{plain_text(name)} held out" if several else "held out"
            curves.append(Curve(label, evaluated, number if several else 1, "dashed", listed=not several))
    return [curve for curve in curves if curve.points]


def exact_match_curves(views: Mapping[str, RunView]) -> list[Curve]:
    """Exact match in shares: of one run task by task, of several all tasks of a run together."""
    if len(views) == 1:
        return _by_task(next(iter(views.values())))
    found = []
    for number, (name, view) in enumerate(views.items()):
        points = [(seen.step, exact_match(tasks)) for seen in view.evaluations if (tasks := held_out(seen.scores))]
        if points:
            found.append(Curve(plain_text(name), points, number, _APART[number % len(_APART)]))
    return found


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


def _by_task(view: RunView) -> list[Curve]:
    curves: list[Curve] = []
    for split, line in _LINES.items():
        tasks = list(dict.fromkeys(task for found in view.evaluations for task in found.scores.get(split, {})))
        if not tasks or (split == "train" and curves):
            continue
        suffix = "" if split == "validation" else f" {split}"
        if len(tasks) > MOST_TASKS:
            curves += _spread(view, split, line, suffix)
            continue
        for number, task in enumerate(tasks):
            points = [
                (found.step, scores[task].exact_match)
                for found in view.evaluations
                if task in (scores := found.scores.get(split, {}))
            ]
            curves.append(Curve(f"{plain_text(task) or 'all'}{suffix}", points, number, line))
    return curves


def _spread(view: RunView, split: str, line: Line, suffix: str) -> list[Curve]:
    """Mean, best and worst of many tasks."""
    seen = [
        (found.step, [score.exact_match for score in scores.values()])
        for found in view.evaluations
        if (scores := found.scores.get(split))
    ]
    return [
        Curve(f"mean{suffix}", [(step, sum(shares) / len(shares)) for step, shares in seen], 0, line),
        Curve(f"best{suffix}", [(step, max(shares)) for step, shares in seen], 2, line),
        Curve(f"worst{suffix}", [(step, min(shares)) for step, shares in seen], 1, line),
    ]


def _mean_loss(tasks: Mapping[str, Score]) -> float:
    return sum(score.loss for score in tasks.values()) / len(tasks)
