"""Draws how following instructions depends on the number of tasks that a model is instructed with.

    python benchmarks/how_many_tasks.py --svg docs/how_many_tasks.svg

Trains the tunings of the scenario one after another, over several seeds, and asks each model what it was taught and
what no tuning was. Each seed draws an order of the tasks of its own; a tuning takes the first of them, as many as it
has in the scenario. All have the same steps. One CPU thread; seconds are of training steps, so quote them from a
machine that does nothing else.
"""

import argparse
import random
import statistics
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import msgspec
import torch

from engine import headless, scenario_file, scenario_library
from engine.atomic import write_text
from engine.compare_runs import Asked, compare_runs
from engine.family import split_of
from engine.matrix import Group
from engine.protocol import Finished
from engine.scenario import ALL_OTHERS, Scenario, tunings_of
from engine.workspace import Workspace

GROUPS: tuple[Group, ...] = ("trained", "unseen_task", "plain_text")


class Point(NamedTuple):
    """One run: shares of exact answers."""

    tasks: int
    own: float
    """Of the tasks that it was instructed with, on held-out arguments."""
    unseen: float
    """Of tasks that no tuning is instructed with."""
    kept: float
    """Of all these tasks, asked in the form of the base's text."""
    seconds: float


def with_order(scenario: Scenario, seed: int) -> Scenario:
    """The scenario with this seed's order of tasks, one thread, and its tunings by their number of tasks."""
    assert scenario.family is not None
    trained = split_of(scenario.family).trained
    order = random.Random(seed).sample(trained, len(trained))
    tunings = {}
    for tuning in tunings_of(scenario).values():
        all_of_them = not tuning.tasks or ALL_OTHERS in tuning.tasks
        first = order if all_of_them else order[: len(tuning.tasks)]
        weights = tuning.tasks if isinstance(tuning.tasks, dict) else {}
        tasks = {task: weights.get(task, weights.get(ALL_OTHERS, 1.0)) for task in first}
        tunings[str(len(first))] = msgspec.structs.replace(tuning, tasks=tasks, threads=1)
    return msgspec.structs.replace(scenario, seed=seed, tunings=tunings)


def measured(scenario: Scenario, tuning: str, path: Path, examples: int, development: bool) -> Point:
    """Train one tuning and ask its model."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        run = headless.train(scenario, path.stem, path.parent, tuning, workspace=workspace, device="cpu")
        finished = list(run.events())[-1]
        assert isinstance(finished, Finished)
        matrix = compare_runs(
            [run.id],
            workspace=workspace,
            asked=Asked(scenario, path.parent),
            device="cpu",
            groups=GROUPS,
            count=examples,
            development=development,
        )
    own = set(scenario.tunings[tuning].tasks)
    taught = [cell.exact_match for cell in matrix.cells if cell.group == "trained" and cell.task in own]
    means = matrix.summary[run.id]
    return Point(int(tuning), statistics.mean(taught), means["unseen_task"], means["plain_text"], finished.seconds)


def table(points: list[Point]) -> str:
    """Means over the seeds, least and greatest in brackets, as Markdown."""
    lines = [
        "| tasks in the mixture | its own tasks | unseen tasks | the base's own text | seconds |",
        "|---:|---|---|---|---:|",
    ]
    for count, runs in by_tasks(points).items():
        shares = [spread([getattr(run, name) for run in runs]) for name in ("own", "unseen", "kept")]
        lines.append(f"| {count} | {' | '.join(shares)} | {statistics.mean(run.seconds for run in runs):.1f} |")
    return "\n".join(lines)


def spread(shares: list[float]) -> str:
    """`83 % (80 to 86)`."""
    return f"{100 * statistics.mean(shares):.0f} % ({100 * min(shares):.0f} to {100 * max(shares):.0f})"


def by_tasks(points: list[Point]) -> dict[int, list[Point]]:
    """The runs of each number of tasks, the fewest first."""
    return {count: [p for p in points if p.tasks == count] for count in sorted({p.tasks for p in points})}


def text_curve(points: list[Point], width: int = 50) -> str:
    """One bar for each number of tasks: full up to the mean over the seeds, light up to the best of them."""
    lines = []
    for count, runs in by_tasks(points).items():
        unseen = [run.unseen for run in runs]
        mean = statistics.mean(unseen)
        full, best = round(width * mean), round(width * max(unseen))
        lines.append(f"{count:>3} tasks  {'█' * full}{'░' * (best - full)} {100 * mean:.0f} %")
    return "\n".join(lines)


def svg_curve(points: list[Point]) -> str:
    """The curve as a drawing: both lines through the means, a bar from the least to the greatest of the seeds."""
    groups = by_tasks(points)
    left, right, top, bottom = 60, 540, 40, 300
    xs = {count: left + 20 + i * (right - left - 40) / max(len(groups) - 1, 1) for i, count in enumerate(groups)}

    def y(share: float) -> float:
        return bottom - share * (bottom - top)

    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 360" font-family="sans-serif" font-size="13">',
        '<rect width="680" height="360" fill="white"/>',
        '<text x="60" y="24" font-size="15">Exact answers after tuning on so many tasks, the same steps each</text>',
    ]
    for tenth in range(0, 11, 2):
        parts.append(
            f'<line x1="{left}" x2="{right}" y1="{y(tenth / 10):.0f}" y2="{y(tenth / 10):.0f}" stroke="#ddd"/>'
        )
        parts.append(f'<text x="{left - 8}" y="{y(tenth / 10) + 4:.0f}" text-anchor="end">{10 * tenth} %</text>')
    for count, x in xs.items():
        parts.append(f'<text x="{x:.0f}" y="{bottom + 20}" text-anchor="middle">{count}</text>')
    parts.append(
        f'<text x="{(left + right) / 2:.0f}" y="{bottom + 42}" text-anchor="middle">tasks in the mixture</text>'
    )
    for name, label, colour in (("own", "its own tasks", "#888888"), ("unseen", "unseen tasks", "#1f6feb")):
        means = {count: statistics.mean(getattr(run, name) for run in runs) for count, runs in groups.items()}
        path = " ".join(f"{xs[count]:.1f},{y(mean):.1f}" for count, mean in means.items())
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        for count, runs in groups.items():
            low, high = (y(f(getattr(run, name) for run in runs)) for f in (min, max))
            x = xs[count]
            parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{low:.1f}" y2="{high:.1f}" stroke="{colour}"/>')
            parts.append(f'<circle cx="{x:.1f}" cy="{y(means[count]):.1f}" r="4" fill="{colour}"/>')
        last = means[max(means)]
        side = -8 if name == "own" else 18
        parts.append(f'<text x="{right - 12}" y="{y(last) + side:.0f}" fill="{colour}">{label}</text>')
    return "\n".join([*parts, "</svg>\n"])


def main() -> None:
    """Train, ask, print and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario", nargs="?", default="how_many_tasks", help="a name or a path")
    parser.add_argument("--seeds", type=int, default=3, help="seeds 0 to N - 1 (default 3)")
    parser.add_argument("--examples", type=int, default=50, help="questions of each task and group (default 50)")
    parser.add_argument("--development", action="store_true", help="the unseen tasks for choices, not for the report")
    parser.add_argument("--svg", type=Path, help="write the curve to this file, too")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    path = scenario_library.find(arguments.scenario)
    loaded = scenario_file.load(path)
    points = []
    for seed in range(arguments.seeds):
        scenario = with_order(loaded, seed)
        for tuning in scenario.tunings:
            points.append(measured(scenario, tuning, path, arguments.examples, arguments.development))
            print(f"seed {seed}: {points[-1]}", file=sys.stderr)
    print(f"{table(points)}\n\nUnseen tasks:\n\n{text_curve(points)}")
    if arguments.svg:
        write_text(arguments.svg, svg_curve(points))


if __name__ == "__main__":
    main()
