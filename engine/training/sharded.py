"""A model that is shared out over the processes that train it.

Each holds a part of every weight, of its gradient and of what the optimizer remembers, by torch's `fully_shard` (after
ZeRO: Rajbhandari et al. 2019, arXiv 1910.02054).

The model that is evaluated and saved stays whole, in the first process. It is brought up to date when somebody is about
to look at it. Since all processes give their parts then, the first one tells the others what it asks for.
"""

import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import FSDPModule, fully_shard
from torch.distributed.tensor import DTensor, distribute_tensor

from engine.batches import Batch, target_count
from engine.protocol import Step
from engine.training.ranks import Apart, Asked, together
from engine.training.trainer import Trainer

EMBEDDING = "embedding.weight"


class ShardedTrainer(Trainer):
    """Goes on where `whole` is and takes the same steps, to rounding, with a part of the model in each process.

    Args:
        whole: the same in all processes; its model is the one that is evaluated and saved.
    """

    def __init__(self, whole: Trainer) -> None:
        model = copy.deepcopy(whole.model)
        self._mesh = init_device_mesh(next(model.parameters()).device.type, (whole.ranks.size,))
        for part in [*getattr(model, "layers", []), model]:
            sharded: FSDPModule = fully_shard(part, mesh=self._mesh)
            sharded.set_gradient_divide_factor(1.0)  # the sum: each process's loss is a share of the whole one
            sharded.set_force_sum_reduction_for_comms(True)  # which gloo needs to be told
        super().__init__(
            model,
            whole.streams,
            whole.tuning,
            steps=whole.steps,
            autocast=whole.autocast,
            ranks=whole.ranks,
        )
        if whole.after_step:
            self.after_step = self._on_whole_embedding(whole.model.get_parameter(EMBEDDING), whole.after_step)
        self.restore(*whole.state())
        self._whole, self._gathered = whole.model if self.ranks.rank == 0 else None, self.step

    def train_step(self) -> Step:
        """One optimizer step. Before it, every process but the first gives what the first one asks for.

        Raises:
            NonFiniteError: before any weight is changed.
            Apart: the device has no room for this process's share, or another process has ended.
        """
        while True:
            try:
                return super().train_step()
            except Asked as asked:
                if asked.for_optimizer:
                    self._whole_state()
                else:
                    self._gather()

    def gather(self) -> None:
        """Bring the whole model up to date; for the first process, between two steps."""
        if self._gathered != self.step:
            self.ranks.ask(for_optimizer=False)
            self._gather()

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """What a trainer of the whole model would give; for the first process, between two steps."""
        self.ranks.ask(for_optimizer=True)
        return self._whole_state()

    def restore(self, tensors: dict[str, Tensor], state: dict[str, Any]) -> None:
        """Go on where `state` was taken."""
        super().restore({name: self._part_of(name, tensor) for name, tensor in tensors.items()}, state)

    @torch.no_grad()
    def _gather(self) -> None:
        whole = self._whole.parameters() if self._whole else iter(())
        with together():
            for part in self.model.parameters():
                full = _full(part)
                if (weight := next(whole, None)) is not None:
                    weight.copy_(full)
        self._gathered = self.step

    def _whole_state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        tensors, state = super().state()
        with together():
            return {name: _full(tensor) for name, tensor in tensors.items()}, state

    def _part_of(self, name: str, tensor: Tensor) -> Tensor:
        """This process's part of what an optimizer remembers of a weight; other tensors stay whole."""
        match name.split("."):
            case ["optimizer", index, number, _] if tensor.ndim:
                weights = [weight for group in self.optimizers[int(index)].param_groups for weight in group["params"]]
                return self._like(weights[int(number)], tensor)
        return tensor

    def _like(self, part: Tensor, whole: Tensor) -> Tensor:
        assert isinstance(part, DTensor)
        return distribute_tensor(whole.to(part.device), self._mesh, part.placements)

    def _on_whole_embedding(self, embedding: nn.Parameter, change: Callable[[], None]) -> Callable[[], None]:
        """Let what changes the whole model's embedding change the parts of it."""

        @torch.no_grad()
        def changed() -> None:
            part = self.model.get_parameter(EMBEDDING)
            embedding.copy_(_full(part))
            change()
            part.copy_(self._like(part, embedding))

        return changed

    def _loss_with_gradients(self, batches: Sequence[Batch]) -> Tensor:
        targets = sum(target_count(batch.targets_BA, batch.weights_BA) for batch in batches) or 1
        with together():
            loss, fits = self._share_of_loss(batches, targets)
        if not fits:
            raise Apart("A device has no memory for its share of a step: take more devices, or a lower batch_size.")
        return self.ranks.agree(loss, fits)[0]

    def _micro_batches(self, batches: Sequence[Batch]) -> Iterator[list[tuple[Batch, range]]]:
        yield [(batch, self.ranks.share(len(batch.tokens_BT))) for batch in batches]

    def _loss_sum(self, batch: Batch, rows: range) -> Tensor:
        """As of one process. Who has no row reads one for nothing: the others need its parts of the weights."""
        return super()._loss_sum(batch, rows) if rows else 0 * super()._loss_sum(batch, range(1))

    def _gradient_norm(self) -> Tensor:
        return _full(super()._gradient_norm())

    def _without_loss(self, batches: Sequence[Batch]) -> list[int]:
        return []  # reading them one by one would need all processes for each


def _full(part: Tensor) -> Tensor:
    """What the processes hold together; needs all of them."""
    return part.full_tensor() if isinstance(part, DTensor) else part
