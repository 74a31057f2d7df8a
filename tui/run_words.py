"""How it stands with a run, as signs and sentences. A sign never stands for what only a colour would say."""

from collections.abc import Sequence
from typing import TypeVar

from engine.protocol import Score, Scores
from engine.runs import State
from tui.figures import duration, exact_match
from tui.plain_text import plain_text
from tui.state import RunView

MARKS: dict[State, str] = {
    "queued": "·",
    "running": "▶",
    "paused": "‖",
    "interrupted": "!",
    "failed": "✗",
    "stopped": "■",
    "finished": "✓",
}

COLOURS: dict[State, str] = {
    "queued": "dim",
    "running": "$accent",
    "paused": "$warning",
    "interrupted": "$warning",
    "failed": "$error",
    "stopped": "dim",
    "finished": "$success",
}

Item = TypeVar("Item")

_LEVELS = "▁▂▃▄▅▆▇█"


def how_it_stands(view: RunView) -> str:
    """How it stands with a run that does not go on by itself; empty for one that does."""
    match view.state:
        case "queued":
            return "It waits for its turn."
        case "paused":
            why = "" if view.reason in ("", "asked for") else f": {view.reason.rstrip('.')}"
            return f"Paused after step {view.step:,}{why}."
        case "interrupted":
            return f"Interrupted after step {view.step:,}." if view.step else "It has not begun, and is not in line."
        case "stopped":
            return f"Stopped after step {view.step:,}."
        case "failed":
            return f"Failed at step {view.step:,}."
        case "finished":
            why = "the goal is met" if view.reason == "goal" else "all steps are done"
            return f"Finished: {why} after {duration(view.seconds)}."
    return ""


def how_to_go_on(view: RunView) -> str:
    """Which key lets a paused or interrupted run go on, and from where; empty for others."""
    match view.state:
        case "paused":
            return "space goes on."
        case "interrupted" if view.saved:
            return f"space goes on from step {view.saved:,}, where it was saved."
        case "interrupted" if view.loss:
            return "Nothing was saved yet: space begins it anew."
        case "interrupted" if view.step:  # what happened was not heard
            return "space goes on where it was saved."
        case "interrupted":
            return "space puts it in line."
    return ""


def what_to_do(view: RunView) -> str:
    """The same beside a run's tuning, where more can be done."""
    match view.state:
        case "paused":
            return "space goes on, . does one step, s ends it."
        case "stopped" | "failed":
            return "t trains it anew."
    return how_to_go_on(view)


def whole_percent(share: float) -> str:
    """`98`; only what is whole is called 100."""
    return str(int(share * 100 + 1e-6))


def best_scores(view: RunView) -> dict[str, float]:
    """Task -> the best exact match that was seen on held-out examples."""
    return {task: score.exact_match for task, score in held_out(view.best).items()}


def held_out(scores: Scores) -> dict[str, Score]:
    """Those on validation examples; where there are none, those on what was looked at."""
    return next((scores[split] for split in ("validation", "train", "unseen") if scores.get(split)), {})


def score_words(shares: dict[str, float], width: int) -> str:
    """`add 98  reverse 100`, or where that is too long `mean 98`."""
    words = "  ".join(f"{plain_text(task) or 'all'} {whole_percent(share)}" for task, share in shares.items())
    if not shares or len(words) <= width:
        return words
    return f"mean {whole_percent(sum(shares.values()) / len(shares))}"


def spark_line(view: RunView, width: int) -> str:
    """Exact match over the evaluations, all tasks together, in so many letters at most."""
    shares = [exact_match(tasks) for found in view.evaluations if (tasks := held_out(found.scores))]
    return "".join(_LEVELS[min(7, int(share * 8))] for share in spread(shares, width))


def spread(items: Sequence[Item], most: int) -> list[Item]:
    """So many of the items at most, evenly spread, first and last among them."""
    if len(items) <= most:
        return list(items)
    return [items[round(number * (len(items) - 1) / (most - 1))] for number in range(most)]
