"""The processes that train one model together. Each reads its share of every step's rows; gradients are summed.

The first one (rank 0) logs, evaluates and saves. The others take a step whenever it does, until it dismisses them.
A process that trains alone is the only one of its ranks, and none of this costs it anything.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor, nn

from engine.errors import EngineError

_NO_MORE, _ASKS = -1, -2


class Dismissed(Exception):
    """The first process has no more steps for the others."""


class Apart(EngineError):
    """The processes can do nothing together any more: one has ended, or does not do what the others wait for."""


class Asked(Exception):
    """Before the next step the first process wants all weights, or all that the optimizer remembers."""

    def __init__(self, for_optimizer: bool) -> None:
        super().__init__("the first process asks for what this one holds")
        self.for_optimizer = for_optimizer


@dataclass(frozen=True)
class Ranks:
    """This process among those that train together. `torch.distributed` is set up by whoever makes more than one."""

    rank: int = 0
    size: int = 1

    def share(self, rows: int) -> range:
        """Which of a batch's rows this process reads."""
        return range(self.rank, rows, self.size)

    def largest_share(self, rows: int) -> int:
        """How many rows a process reads at most."""
        return -(-rows // self.size)

    def begin_step(self, step: int, decay_from: int) -> int:
        """Begin a step together. What the first process has decided about the decay holds for all, and is returned.

        Raises:
            Dismissed: the first process takes no more steps.
            Asked: it needs something of this process before.
            EngineError: the processes are not at the same step, or one of them has ended.
        """
        if self.size == 1:
            return decay_from
        leader_step, leader_decay = self._first_says(step, decay_from)
        if leader_step == _NO_MORE:
            raise Dismissed
        if leader_step == _ASKS:
            raise Asked(for_optimizer=bool(leader_decay))
        if leader_step != step:
            raise EngineError(f"process {self.rank} of this run is at step {step}, the first one at {leader_step}")
        return leader_decay

    def dismiss(self) -> None:
        """Let the others end; for the first process, when it takes no more steps."""
        if self.size > 1:
            self._first_says(_NO_MORE, 0)

    def ask(self, *, for_optimizer: bool) -> None:
        """Ask the others for their part of the weights, or of what the optimizer remembers; for the first process."""
        self._first_says(_ASKS, int(for_optimizer))

    def agree_on_start(self, model: nn.Module, threads: int) -> int:
        """Give all processes the weights and the number of CPU threads of the first one; returns the latter."""
        if self.size > 1:
            with together():
                for weight in model.state_dict().values():
                    dist.broadcast(weight, src=0)
            (threads,) = self._first_says(threads)
            torch.set_num_threads(threads)
        return threads

    def agree(self, loss: Tensor, fits: bool) -> tuple[Tensor, bool]:
        """The sum of all processes' parts of a loss, and whether the memory of every one has sufficed."""
        if self.size == 1:
            return loss, fits
        summed = self._sum(torch.stack([loss, loss.new_tensor(not fits)]))
        return summed[0], not summed[1]

    def sum_gradients(self, weights: Sequence[nn.Parameter]) -> None:
        """Put the sum of all processes' gradients in the place of each one's own."""
        if self.size == 1:
            return
        gradients = [torch.zeros_like(weight) if weight.grad is None else weight.grad for weight in weights]
        summed = self._sum(torch.cat([gradient.flatten() for gradient in gradients]))
        parts = torch.split(summed, [weight.numel() for weight in weights])
        for weight, part in zip(weights, parts, strict=True):
            weight.grad = part.view_as(weight)

    def all_of(self, rows: list[int]) -> list[int]:
        """What every process gives, in one list."""
        if self.size == 1:
            return rows
        found: list[list[int]] = [[] for _ in range(self.size)]
        with together():
            dist.all_gather_object(found, rows)
        return [row for part in found for row in part]

    def _sum(self, values: Tensor) -> Tensor:
        with together():
            dist.all_reduce(values)
        return values

    def _first_says(self, *numbers: int) -> list[int]:
        said = torch.tensor(numbers)
        with together():
            dist.broadcast(said, src=0)
        return said.tolist()


ALONE = Ranks()


@contextmanager
def together() -> Iterator[None]:
    """Do something that needs all processes.

    Raises:
        Apart: one of them has ended.
    """
    try:
        yield
    except RuntimeError as error:
        raise Apart("another process of this run has ended; resume the run") from error
