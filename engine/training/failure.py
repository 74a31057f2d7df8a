"""Why a run cannot go on, in words that name what the person can look at."""

from collections.abc import Collection, Sequence

from engine.examples import Example
from engine.memory import ADVICE
from engine.protocol import Failed
from engine.training.trainer import NonFiniteError

_SHOWN = 3
_SHOWN_LETTERS = 60


def not_finite(error: NonFiniteError, examples: Sequence[Example], trained_tasks: Collection[str]) -> Failed:
    """The loss or its gradient is no number: which step, how large a batch, which examples."""
    rows = [i for i, example in enumerate(examples) if example.split == "train" and example.task in trained_tasks]
    message = f"{error}, so it stopped before any weight was changed"
    if error.rows:
        named = [_named(rows[row] + 1, examples[rows[row]]) for row in error.rows[:_SHOWN]]
        more = f" and {len(error.rows) - _SHOWN} more" if len(error.rows) > _SHOWN else ""
        verb = "are" if len(error.rows) == error.read else "the cause is"
        message += f"; in its batch of {error.read} {verb} {', '.join(named)}{more}"
    return Failed(step=error.step, message=message, hint="lower the learning rate, or set a gradient_clip")


def no_memory(step: int) -> Failed:
    """The device has no room for one example, or for what the optimizer remembers."""
    return Failed(step=step, message="the device has no memory for even one example at a time", hint=ADVICE)


def _named(number: int, example: Example) -> str:
    cut = example.instruction[:_SHOWN_LETTERS] + ("…" if len(example.instruction) > _SHOWN_LETTERS else "")
    return f"example {number} ({cut!r})"
