"""A checkpoint on disk, for the tests of what is in it and of what damages it."""

import shutil
from pathlib import Path

import pytest

from engine.inference.answer import Answerer
from engine.training import checkpoint
from engine.training.checkpoint import Progress
from engine.training.trainer import Trainer
from tests.engine.small import answerer, trainer


def trained(steps: int = 2, seed: int = 0) -> tuple[Answerer, Trainer]:
    """A model after some steps, and its trainer."""
    model = answerer(template="> {instruction}", seed=seed)
    training = trainer(model, optimizer="muon")
    for _ in range(steps):
        training.train_step()
    return model, training


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint with a trainer."""
    path = tmp_path_factory.mktemp("checkpoints") / "step-2"
    checkpoint.save(path, *trained(), Progress(seconds=1.5, tokens=40, evaluated_step=2))
    return path


@pytest.fixture
def copied(saved: Path, tmp_path: Path) -> Path:
    """One to be damaged."""
    return Path(shutil.copytree(saved, tmp_path / "copied"))
