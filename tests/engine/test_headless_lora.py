"""Runs that train adapters: what is saved of them, and where their base comes from."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch
from safetensors.torch import load_file

from engine import base_library, headless
from engine.architectures import Transformer
from engine.errors import EngineError
from engine.example_sources import Row
from engine.runs import Run
from engine.scenario import Lora, Pretraining, Scenario, Tuning
from engine.training import checkpoint
from engine.workspace import Workspace
from tests.engine.headless_runs import final_weights, stop_after
from tests.engine.small import identical, weights

ROWS = [Row(instruction=f"please flip {word}", response=word[::-1], split="train") for word in ("cat", "dog", "eel")]
BASE = Scenario(
    title="Base",
    model=Transformer(width=16, layers=2, heads=2, context=72, positions="rotary"),
    pretraining=Pretraining(rules=["reverse"], steps=3, batch_size=4, row_tokens=12, threads=1),
)


@pytest.fixture
def base(workspace: Workspace) -> Run:
    return headless.pretrain(BASE, "base", workspace=workspace)


def train(workspace: Workspace, base: str, *, steps: int = 3, **settings: Any) -> Run:
    """A run of adapters on a base."""
    tuning = Tuning(steps=steps, threads=1, batch_size=3, learning_rate=0.1, lora=Lora(rank=2, layers=["query", "up"]))
    asked = Scenario(title="Tuned", examples=ROWS, base=base, tunings={"lora": tuning})
    return headless.train(asked, "tuned", workspace.folder.parent, "lora", workspace=workspace, **settings)


def exported(run: Run, folder: Path) -> Path:
    headless.export(run, folder)
    return folder


def test_of_a_run_with_adapters_they_alone_are_saved(workspace: Workspace, base: Run) -> None:
    run = train(workspace, base.id)
    manifest = checkpoint.read_manifest(run.checkpoints()[-1])
    assert manifest.foundation is not None
    assert (manifest.foundation.name, manifest.foundation.weights) == (base.id, run.info.base)
    parts = {f"layers.{i}.{layer}.{part}.weight" for i in (0, 1) for layer in ("attention.query", "up") for part in UP}
    assert set(tensors(run)) == parts
    assert not (run.folder / "base").exists()


UP = ("down", "up")


def tensors(run: Run) -> dict[str, torch.Tensor]:
    return load_file(run.checkpoints()[-1] / "model.safetensors")


def test_loaded_again_it_is_the_base_with_these_adapters(workspace: Workspace, base: Run) -> None:
    before, after, saved = final_weights(base), final_weights(run := train(workspace, base.id)), tensors(run)
    for name, tensor in after.items():
        if name in saved:
            assert torch.equal(tensor, saved[name])
        elif name != "embedding.weight":  # of which new words have been put in their place
            assert torch.equal(tensor, before[name.replace(".linear.", ".")])


def test_stopped_and_resumed_it_is_as_if_undisturbed(workspace: Workspace, base: Run) -> None:
    undisturbed = train(workspace, base.id)
    for step in (1, 2):
        run = train(workspace, base.id, should_stop=stop_after(step))
        headless.resume(run, workspace=workspace)
        assert identical(final_weights(run), final_weights(undisturbed))


def test_an_export_is_a_whole_model_that_answers_the_same(workspace: Workspace, base: Run, tmp_path: Path) -> None:
    run = train(workspace, base.id)
    whole = checkpoint.load(exported(run, tmp_path / "model"), torch.device("cpu"))
    assert whole.answerer.spec.lora is None
    assert whole.manifest.foundation is None
    assert weights(whole.answerer.model).keys() == final_weights(base).keys()
    prompts = [row.instruction for row in ROWS]
    assert whole.answerer.answers(prompts, most=8) == headless.load_run(run).answers(prompts, most=8)


def test_adapters_on_a_model_that_adapters_made_need_both(workspace: Workspace, base: Run) -> None:
    first = train(workspace, base.id)
    second = train(workspace, first.id)
    assert second.info.parent == first.id
    one, two = headless.load_run(first), headless.load_run(second)
    assert weights(one.model).keys() == weights(two.model).keys()
    workspace.remove(base)
    with pytest.raises(EngineError, match=f"{first.id} holds adapters alone, and their base {base.id}"):
        headless.load_run(first)
    with pytest.raises(EngineError, match="is gone"):
        headless.load_run(second)


def test_of_a_folder_as_base_the_run_keeps_a_copy(workspace: Workspace, base: Run, tmp_path: Path) -> None:
    exported(base, tmp_path / "model")
    run = train(workspace, "model")
    before = final_weights(run)
    shutil.rmtree(tmp_path / "model")
    assert identical(final_weights(run), before)
    shutil.rmtree(run.folder / "base")
    with pytest.raises(EngineError, match=r"their base model \(weights .*\) is gone"):
        headless.load_run(run)


def test_a_base_that_comes_with_tunetui_is_not_copied(
    workspace: Workspace, base: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base_library, "built_in_folder", lambda: tmp_path / "library")
    (tmp_path / "library").mkdir()
    exported(base, tmp_path / "library" / "tiny")
    run = train(workspace, "tiny")
    assert not (run.folder / "base").exists()
    assert final_weights(run)
    shutil.rmtree(tmp_path / "library" / "tiny")
    other = headless.pretrain(BASE, "base", workspace=workspace, steps=1)
    exported(other, tmp_path / "library" / "tiny")
    with pytest.raises(EngineError, match="their base tiny"):
        headless.load_run(run)


def test_adapters_that_belong_to_other_layers_are_damage(workspace: Workspace, base: Run) -> None:
    answerer = headless.load_run(train(workspace, base.id))
    assert answerer.spec.lora is not None
    path = workspace.folder / "runs" / base.id / "checkpoints" / "step-00000009"
    wrong = replace(answerer, spec=msgspec.structs.replace(answerer.spec, lora=Lora(rank=2)))
    checkpoint.save(path, wrong)
    with pytest.raises(EngineError, match="do not fit the model"):
        checkpoint.load(path, torch.device("cpu"), lambda _: headless.load_run(base))
