from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.examples import Example
from engine.protocol import Checkpoint
from engine.scenario import Model, Transformer
from engine.training import checkpoint
from engine.training.job import Job
from engine.training.trainer import NonFiniteError
from tests.engine.small import EXAMPLES, identical, weights

TINY = Transformer(width=16, layers=1, heads=2, context=24)
VALIDATION = [Example("2+2", "4", "add", "validation"), Example("flip aa", "aa", "flip", "validation")]
UNSEEN = [Example("turn ab", "ba", "flip", "unseen")]


def job(
    examples: Sequence[Example] = EXAMPLES, *, model: Model = TINY, prompts: Sequence[str] = (), **tuning: Any
) -> Job:
    events = list(job(steps=6, **HOLD).events(tmp_path))
    assert rates(events) == [1.0] * 7 + [0.8, 0.6, 0.4, 0.2, 0.2]


def test_without_that_score_the_rate_falls_at_the_end(scores: dict[str, list[float]], tmp_path: Path) -> None:
    scores |= {"add": [0.2], "flip": [1.0]}
    events = list(job(steps=8, **HOLD).events(tmp_path))
    assert rates(events) == [1.0] * 5 + [0.8, 0.6, 0.4]


# --- checkpoints ------------------------------------------------------------------------------------------------------


def test_a_checkpoint_holds_the_weights_and_the_progress_of_its_step(tmp_path: Path) -> None:
    work = job()
    for event in work.events(tmp_path):
        if isinstance(event, Checkpoint):
            loaded = checkpoint.load(tmp_path / event.name, torch.device("cpu"))
            assert event.name == f"step-{event.step:08d}"
            assert event.weights == loaded.weights
            assert identical(weights(loaded.answerer.model), weights(work.answerer.model))
            assert loaded.manifest.step == event.step
            assert loaded.manifest.progress == work.progress
            assert loaded.manifest.progress.evaluated_step == (2 if event.step == 3 else 4)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-00000003", "step-00000006"]


def test_a_loss_that_is_no_number_ends_the_events(tmp_path: Path) -> None:
    work = job()
    events = work.events(tmp_path)
    assert told([next(events), next(events)]) == ["Started 0", "Step 1"]
    with torch.no_grad():
        work.answerer.model.get_parameter("norm.weight")[0] = float("nan")
    with pytest.raises(NonFiniteError, match="step 2"):
        next(events)
