"""Numbers and scores as people read them."""

from collections.abc import Mapping, Sequence

from engine.protocol import Answer, Score, Scores
from tui.plain_text import plain_text
from tui.table import table


def percent(share: float) -> str:
    """`98.5 %`. Only what is whole is called 100 %: 0.9999 is 99.9 %."""
    return f"{int(share * 1000 + 1e-6) / 10:.1f} %"


def duration(seconds: float) -> str:
    """`12.3 s`, `4 min 05 s`, `2 h 03 min`."""
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def exact_match(tasks: dict[str, Score]) -> float:
    """Share of all examples of these tasks that are answered exactly."""
    examples = sum(score.examples for score in tasks.values())
    return sum(score.exact_match * score.examples for score in tasks.values()) / examples if examples else 0.0


def score_table(scores: Scores) -> str:
    """One line for each split and task."""
    rows = [
        [
            split,
            plain_text(task) or "-",
            percent(score.exact_match),
            percent(score.did_not_stop),
            f"{score.loss:.4f}",
            f"{score.examples:,}",
        ]
        for split, tasks in scores.items()
        for task, score in tasks.items()
    ]
    numbers = ["exact match", "did not stop", "loss", "examples"]
    return table(["split", "task", *numbers], rows, right=numbers)


def answer_table(answers: Mapping[str, Sequence[Answer]]) -> str:
    """One line for each prompt, one column for each model. An answer that did not end by itself has `…` behind it."""
    prompts = list(dict.fromkeys(answer.prompt for column in answers.values() for answer in column))
    given = {name: {answer.prompt: shown(answer) for answer in column} for name, column in answers.items()}
    rows = [[plain_text(prompt), *(column.get(prompt, "") for column in given.values())] for prompt in prompts]
    return table(["prompt", *map(plain_text, given)], rows)


def shown(answer: Answer) -> str:
    """The answer on one line."""
    return plain_text(answer.response) + ("" if answer.stopped else " …")
