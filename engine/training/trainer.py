"""The training loop, as an iterator: `for step in trainer:` yields after every optimizer step.

It knows nothing of screens, sockets or files. Whoever iterates logs, evaluates, saves, pauses or stops between two
steps; not asking for the next step is how training stops.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from engine.batches import Batch, loss_sum
from engine.protocol import Step
from engine.scenario import Tuning
from engine.training.optimizer import build_optimizers
from engine.training.schedule import Schedule
from engine.training.streams import Stream


class NonFiniteError(Exception):
    """The loss or the gradient is not a number. No weight has been touched. `rows` are the step's examples, if any."""

    def __init__(self, what: str, step: int, rows: list[int]) -> None:
        super().__init__(f"the {what} of step {step} is not a finite number")
        self.what, self.step, self.rows = what, step, rows


class Trainer:
    """Trains `model` on what `streams` give. Iterating goes on from `step` until `steps` are done.

    Args:
        model: anything called as `model(tokens_BT, mark=, padding_B=)` that returns logits (B, A, V); on its device.
        streams: each step reads a batch of every one, and takes the mean loss over all their target tokens.
        tuning: optimizer, rates, schedule, clipping, label smoothing.
        steps: optimizer steps in all.
        autocast: run the forward pass in bfloat16.
        after_step: called when the weights of a step are in place; may change them.
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
    ) -> None:
        self.model, self.streams, self.tuning, self.steps = model, streams, tuning, steps
        self.parameters = [weight for weight in model.parameters() if weight.requires_grad]
        self.optimizers = build_optimizers(model, tuning)
        self.schedule = Schedule(tuning, steps)
        self.autocast, self.after_step = autocast, after_step
        self.step = 0
        self.rate_factor = 1.0
        """What the user has multiplied every learning rate by."""

    def __iter__(self) -> Iterator[Step]:
        while self.step < self.steps:
            yield self.train_step()

    def train_step(self) -> Step:
        """One optimizer step.

        Raises:
            NonFiniteError: before any weight is changed.
        """
        began = time.perf_counter()
        self.model.train()
        batches = [stream.batch(self.step) for stream in self.streams]
        sums = [self._loss_sum(batch) for batch in batches]
        loss = torch.stack([total for total, _ in sums]).sum() / (sum(count for _, count in sums) or 1)
        self._require_finite("loss", loss, batches)
        torch.autograd.backward(loss)
        norm = torch.nn.utils.get_total_norm([weight.grad for weight in self.parameters if weight.grad is not None])
        self._require_finite("gradient", norm, batches)
        if self.tuning.gradient_clip:
            torch.nn.utils.clip_grads_with_norm_(self.parameters, self.tuning.gradient_clip, norm)
        factor = self.schedule.factor(self.step) * self.rate_factor
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["base_rate"] * factor
            optimizer.step()
            optimizer.zero_grad()
        if self.after_step:
            self.after_step()
        self.step += 1
        return Step(
            step=self.step,
            loss=loss.item(),
            learning_rate=self.tuning.learning_rate * factor,
            gradient_norm=norm.item(),
            tokens=sum(batch.tokens for batch in batches),
            seconds=time.perf_counter() - began,
        )

    def _loss_sum(self, batch: Batch) -> tuple[Tensor, float]:
        with torch.autocast(batch.tokens_BT.device.type, torch.bfloat16, enabled=self.autocast):
            logits_BAV = self.model(batch.tokens_BT, mark=batch.mark, padding_B=batch.padding_B)
        return loss_sum(logits_BAV, batch.targets_BA, batch.weights_BA, self.tuning.label_smoothing)

    def _require_finite(self, what: str, value: Tensor, batches: Sequence[Batch]) -> None:
        if not value.isfinite():
            for optimizer in self.optimizers:
                optimizer.zero_grad()
            rows = [row for batch in batches if batch.rows_B is not None for row in batch.rows_B.tolist()]
            raise NonFiniteError(what, self.step + 1, rows)

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
        }

    def restore(self, tensors: dict[str, Tensor], state: dict[str, Any]) -> None:
        """Go on where `state` was taken."""
        self.step, self.schedule.decay_from = state["step"], state["decay_from"]
        self.rate_factor = state.get("rate_factor", 1.0)
        torch.set_rng_state(tensors["random"].cpu())
        for i, optimizer in enumerate(self.optimizers):
            values: dict[int, dict[str, Tensor]] = {}
            for key, tensor in tensors.items():
                match key.split("."):
                    case ["optimizer", index, parameter, name] if int(index) == i:
                        values.setdefault(int(parameter), {})[name] = tensor.clone()
            optimizer.load_state_dict({"state": values, "param_groups": optimizer.state_dict()["param_groups"]})
