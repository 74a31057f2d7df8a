"""The trainer against a bare PyTorch loop over the same model, optimizers and batches: steps a second, as a ratio.

    python benchmarks/trainer.py [SCENARIO] [--tuning NAME] [--steps 100] [--rounds 9]

Both take turns in one process, so that whatever else the machine does slows them alike; the ratio is that of their
median times. Each round starts from the same weights and reads the same batches.
"""

import argparse
import copy
import statistics
from time import perf_counter

import torch
from torch.nn import functional as F

from engine import dataset
from engine.batches import IGNORE
from engine.scenario import tunings_of
from engine.scenario_file import load
from engine.scenario_library import find
from engine.training.optimizer import build_optimizers
from engine.training.prepare import prepare
from engine.training.streams import ExampleStream
from engine.training.trainer import Trainer


def bare(trainer: Trainer, steps: int) -> float:
    """Seconds for so many steps as a script would write them, without schedule, checks or events."""
    model, clip = copy.deepcopy(trainer.model), trainer.tuning.gradient_clip
    (stream,) = trainer.streams
    assert isinstance(stream, ExampleStream)
    optimizers = build_optimizers(model, trainer.tuning)
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    model.train()
    began = perf_counter()
    for step in range(steps):
        batch = stream.data.batch(stream.order.rows(step))
        logits_BAV = model(batch.tokens_BT, mark=batch.mark, padding_B=batch.padding_B)
        loss = F.cross_entropy(logits_BAV.flatten(0, 1), batch.targets_BA.flatten(), ignore_index=IGNORE)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(weights, clip)
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad()
        loss.item()
    return perf_counter() - began


def ours(trainer: Trainer, steps: int) -> float:
    """Seconds for the same steps by the trainer."""
    twin = Trainer(copy.deepcopy(trainer.model), trainer.streams, trainer.tuning, steps=steps)
    began = perf_counter()
    for _ in twin:
        pass
    return perf_counter() - began


def main() -> None:
    """Print one line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario", nargs="?", default="arithmetic_reversal")
    parser.add_argument("--tuning", help="left out: the first one")
    parser.add_argument("--steps", type=int, default=100, help="in a round")
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    path = find(arguments.scenario)
    scenario = load(path)
    name = arguments.tuning or next(iter(tunings_of(scenario)))
    examples = dataset.build(scenario, path.parent)
    trainer = prepare(scenario, name, examples, device="cpu", threads=1).trainer
    bare(trainer, 5), ours(trainer, 5)
    times = [(bare(trainer, arguments.steps), ours(trainer, arguments.steps)) for _ in range(arguments.rounds)]
    plain, trained = (statistics.median(each) for each in zip(*times, strict=True))
    ratios = sorted(one / other for one, other in times)
    print(
        f"{arguments.scenario}: {name}, {arguments.rounds} rounds of {arguments.steps} steps, one CPU thread: "
        f"bare loop {arguments.steps / plain:.0f} steps/s, trainer {arguments.steps / trained:.0f} steps/s, "
        f"ratio {plain / trained:.3f} (rounds {ratios[0]:.3f} to {ratios[-1]:.3f})"
    )


if __name__ == "__main__":
    main()
