"""What a training step reads: a batch of each stream. A stream gives the same batch for the same step, always."""

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor

from engine.batches import Batch, Data, Order


class Stream(Protocol):
    """A source of batches. `engine.text_rows.TextRows` is one, too."""

    def batch(self, step: int) -> Batch:
        """What step 0, 1, ... reads."""


class ExampleStream:
    """Batches of examples, in an order drawn by the seed.

    Args:
        data: the examples, on the device of the model.
        batch_size: examples of a step; 0 takes all.
        seed: of the order.
        tasks_N: task number of each example; None: all of one task.
        shares: how much of the training each task gets, by number; they need not sum to 1.
    """

    def __init__(
        self,
        data: Data,
        *,
        batch_size: int,
        seed: int,
        tasks_N: Tensor | None = None,
        shares: Sequence[float] = (1.0,),
    ) -> None:
        self.data = data
        lengths_N = (data.left_N + data.right_N).cpu()
        tasks_N = torch.zeros_like(lengths_N) if tasks_N is None else tasks_N
        self.order = Order(lengths_N, tasks_N, shares, batch_size=batch_size, seed=seed)

    def batch(self, step: int) -> Batch:
        """The examples of step 0, 1, ..."""
        return self.data.batch(self.order.rows(step).to(self.data.tokens_NT.device))
