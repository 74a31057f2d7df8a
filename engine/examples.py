"""An example: one instruction, the response it should get, the task it belongs to."""

from typing import Any, Literal

import msgspec

Split = Literal["train", "validation", "unseen"]
SPLITS: tuple[Split, ...] = ("train", "validation", "unseen")


class Example(msgspec.Struct, gc=False, omit_defaults=True):
    """One row of a dataset. A classifier's response is its label."""

    instruction: str
    response: str
    task: str = ""
    split: Split | Literal[""] = "train"
    """Empty for a row of a file that does not say: `engine.dataset` draws it then."""
    extra: dict[str, Any] | None = None
    """Fields of the file that we do not know; they are kept when the row is written again."""


def counted(examples: int) -> str:
    """`1 example`, `2,000 examples`."""
    return "1 example" if examples == 1 else f"{examples:,} examples"
