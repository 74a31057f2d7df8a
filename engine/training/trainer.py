"""The training loop, as an iterator: `for step in trainer:` yields after every optimizer step.

It knows nothing of screens, sockets or files. Whoever iterates logs, evaluates, saves, pauses or stops between two
steps; not asking for the next step is how training stops.

A step's batch is read at once. Where the device has no memory for that, it is read in micro-batches whose gradients add
up to the same; where several processes train together, each reads its share.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from engine import memory
from engine.batches import Batch, loss_sum, target_count
from engine.protocol import Step
from engine.scenario import Tuning
from engine.training.optimizer import build_optimizers
from engine.training.ranks import ALONE, Ranks
from engine.training.schedule import Schedule
from engine.training.streams import Stream

MEMORY_EVERY = 50
"""Steps between two looks at the memory in use: asking a GPU takes a part of a millisecond."""


class NonFiniteError(Exception):
    """The loss or the gradient is not a number. No weight has been touched.

    `rows` are the examples that it comes from, or all of the step's where that cannot be told; `read` says how many
    examples the step has read.
    """

    def __init__(self, what: str, step: int, rows: list[int], read: int) -> None:
        super().__init__(f"the {what} of step {step} is not a finite number")
        self.what, self.step, self.rows, self.read = what, step, rows, read


class Trainer:
    """Trains `model` on what `streams` give. Iterating goes on from `step` until `steps` are done.

    Args:
        model: anything called as `model(tokens_BT, mark=, padding_B=)` that returns logits (B, A, V); on its device.
        streams: each step reads a batch of every one, and takes the mean loss over all their target tokens.
        tuning: optimizer, rates, schedule, clipping, label smoothing.
        steps: optimizer steps in all.
        autocast: run the forward pass in bfloat16.
        after_step: called when the weights of a step are in place; may change them.
        ranks: the processes that train together.
    """

    def __init__(
        self,
        model: nn.Module,
        streams: Sequence[Stream],
        tuning: Tuning,
        *,
        steps: int,
        autocast: bool = False,
        after_step: Callable[[], None] | None = None,
        ranks: Ranks = ALONE,
    ) -> None:
        self.model, self.streams, self.tuning, self.steps = model, streams, tuning, steps
        self.parameters = [weight for weight in model.parameters() if weight.requires_grad]
        self.optimizers = build_optimizers(model, tuning)
        self.schedule = Schedule(tuning, steps)
        self.autocast, self.after_step, self.ranks = autocast, after_step, ranks
        self.step = 0
        self.rate_factor = 1.0
        """What the user has multiplied every learning rate by."""
        self.micro_batch = 0
        """Rows that are read at once, at most; 0: a step's whole batch. It becomes smaller when memory is short."""
        self._memory = 0

    def __iter__(self) -> Iterator[Step]:
        while self.step < self.steps:
            yield self.train_step()

    @memory.explained()
    def train_step(self) -> Step:
        """One optimizer step.

        Raises:
            NonFiniteError: before any weight is changed.
            OutOfMemory: the device has no room for one example, or for what the optimizer remembers.
        """
        began = time.perf_counter()
        self.schedule.decay_from = self.ranks.begin_step(self.step, self.schedule.decay_from)
        self.model.train()
        batches = [stream.batch(self.step) for stream in self.streams]
        loss = self._loss_with_gradients(batches)
        self._require_finite("loss", loss, batches)
        norm = self._gradient_norm()
        self._require_finite("gradient", norm, batches)
        if self.tuning.gradient_clip:
            torch.nn.utils.clip_grads_with_norm_(self.parameters, self.tuning.gradient_clip, norm)
        factor = self.schedule.factor(self.step) * self.rate_factor
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["base_rate"] * factor
            optimizer.step()
        self._forget_gradients()
        if self.after_step:
            self.after_step()
        if self.step % MEMORY_EVERY == 0:
            self._memory = memory.peak(loss.device)
        self.step += 1
        return Step(
            step=self.step,
            loss=loss.item(),
            learning_rate=self.tuning.learning_rate * factor,
            gradient_norm=norm.item(),
            tokens=sum(batch.tokens for batch in batches),
            seconds=time.perf_counter() - began,
            memory=self._memory,
        )

    def _loss_with_gradients(self, batches: Sequence[Batch]) -> Tensor:
        """The loss of a step, with its gradient in the weights. Micro-batches become smaller until they fit."""
        targets = sum(target_count(batch.targets_BA, batch.weights_BA) for batch in batches) or 1
        while True:
            loss, fits = self.ranks.agree(*self._share_of_loss(batches, targets))
            if fits:
                self.ranks.sum_gradients(self.parameters)
                return loss
            self._forget_gradients()
            if self.micro_batch == 1:
                raise memory.OutOfMemory
            most = self.micro_batch or max(self.ranks.largest_share(len(batch.tokens_BT)) for batch in batches)
            self.micro_batch = (most + 1) // 2

    def _share_of_loss(self, batches: Sequence[Batch], targets: float) -> tuple[Tensor, bool]:
        """The part of this process, with its gradient in the weights; and whether memory sufficed for it."""
        loss = torch.zeros((), device=batches[0].tokens_BT.device)
        try:
            for pieces in self._micro_batches(batches):
                part = torch.stack([self._loss_sum(*piece) for piece in pieces]).sum() / targets
                torch.autograd.backward(part)
                loss += part.detach()
        except RuntimeError as error:
            if not memory.is_full(error):
                raise
            return loss, False
        return loss, True

    def _micro_batches(self, batches: Sequence[Batch]) -> Iterator[list[tuple[Batch, range]]]:
        """What this process reads at once, as rows of batches."""
        shares = [(batch, self.ranks.share(len(batch.tokens_BT))) for batch in batches]
        if self.micro_batch:
            for batch, rows in shares:
                for start in range(0, len(rows), self.micro_batch):
                    yield [(batch, rows[start : start + self.micro_batch])]
        elif whole := [(batch, rows) for batch, rows in shares if rows]:
            yield whole

    def _loss_sum(self, batch: Batch, rows: range) -> Tensor:
        part = slice(rows.start, rows.stop, rows.step)
        padding_B = None if batch.padding_B is None else batch.padding_B[part]
        with torch.autocast(batch.tokens_BT.device.type, torch.bfloat16, enabled=self.autocast):
            logits_BAV = self.model(batch.tokens_BT[part], mark=batch.mark, padding_B=padding_B)
        weights_BA = None if batch.weights_BA is None else batch.weights_BA[part]
        return loss_sum(logits_BAV, batch.targets_BA[part], weights_BA, self.tuning.label_smoothing)

    def _gradient_norm(self) -> Tensor:
        return torch.nn.utils.get_total_norm([weight.grad for weight in self.parameters if weight.grad is not None])

    def _forget_gradients(self) -> None:
        for optimizer in self.optimizers:
            optimizer.zero_grad()

    def _require_finite(self, what: str, value: Tensor, batches: Sequence[Batch]) -> None:
        if not value.isfinite():
            self._forget_gradients()
            read = [row for batch in batches if batch.rows_B is not None for row in batch.rows_B.tolist()]
            raise NonFiniteError(what, self.step + 1, self.ranks.all_of(self._without_loss(batches)) or read, len(read))

    @torch.no_grad()
    def _without_loss(self, batches: Sequence[Batch]) -> list[int]:
        """Examples of this process's share that, read alone, have no finite loss."""
        return [
            int(batch.rows_B[row])
            for batch in batches
            if batch.rows_B is not None
            for row in self.ranks.share(len(batch.tokens_BT))
            if not self._loss_sum(batch, range(row, row + 1)).isfinite()
        ]

    def gather(self) -> None:
        """Bring the model that is evaluated and saved up to date: nothing to do where it is the one in training."""

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """A copy of all that a resumed trainer needs beside the model's weights: tensors by name, and plain JSON."""
        tensors = {"random": torch.get_rng_state()}
        for i, optimizer in enumerate(self.optimizers):
            for j, values in optimizer.state_dict()["state"].items():
                for name, value in values.items():
                    tensors[f"optimizer.{i}.{j}.{name}"] = torch.as_tensor(value).clone()
        return tensors, {
            "step": self.step,
            "decay_from": self.schedule.decay_from,
            "rate_factor": self.rate_factor,
            "micro_batch": self.micro_batch,
        }

    def restore(self, tensors: dict[str, Tensor], state: dict[str, Any]) -> None:
        """Go on where `state` was taken."""
        self.step, self.schedule.decay_from = state["step"], state["decay_from"]
        self.rate_factor, self.micro_batch = state.get("rate_factor", 1.0), state.get("micro_batch", 0)
        torch.set_rng_state(tensors["random"].cpu())
        for i, optimizer in enumerate(self.optimizers):
            values: dict[int, dict[str, Tensor]] = {}
            for key, tensor in tensors.items():
                match key.split("."):
                    case ["optimizer", index, parameter, name] if int(index) == i:
                        values.setdefault(int(parameter), {})[name] = tensor.clone()
            optimizer.load_state_dict({"state": values, "param_groups": optimizer.state_dict()["param_groups"]})
