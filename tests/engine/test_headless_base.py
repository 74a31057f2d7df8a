"""What a run starts from: another run, an exported folder, a base that comes with tunetui."""

import json
import shutil

import pytest
import torch

from engine import base_library, headless
from engine.architectures import Tokenizer as TokenizerConfig
from engine.errors import EngineError, InputError
from engine.runs import Run
from engine.scenario import Lora
from engine.training import checkpoint
from engine.workspace import Workspace
from tests.engine.headless_runs import damage, final_weights, scenario, train, train_and_kill
from tests.engine.small import shaken


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that nothing happened to."""
    return train(Workspace(tmp_path_factory.mktemp("undisturbed") / "workspace"))


def test_a_run_can_start_from_another(undisturbed: Run) -> None:
    workspace = Workspace(undisturbed.folder.parent.parent)
    run = train(workspace, scenario(base=undisturbed.id, tokenizer=None, lora=Lora(rank=2)), steps=2)
    assert run.info.parent == undisturbed.id
    assert run.info.base == json.loads((undisturbed.checkpoints()[-1] / "checkpoint.json").read_text())["weights"]
    adapted = final_weights(run)
    for name, tensor in final_weights(undisturbed).items():
        frozen = name if name in adapted else name.replace(".weight", ".linear.weight")
        assert torch.equal(adapted[frozen], tensor)


def test_an_exported_folder_can_be_the_base(undisturbed: Run, workspace: Workspace) -> None:
    headless.export(undisturbed, workspace.folder.parent / "model")
    run = train(workspace, scenario(base="model", tokenizer=None), steps=1)
    assert run.info.parent == ""
    assert run.info.base == json.loads((undisturbed.checkpoints()[-1] / "checkpoint.json").read_text())["weights"]
    assert run.state() == "finished"


def test_a_built_in_base_is_found_by_its_name_before_anything_else(
    undisturbed: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = workspace.folder.parent / "library"
    library.mkdir()
    headless.export(undisturbed, library / "digits", half=True)
    (workspace.folder.parent / "digits").mkdir()
    monkeypatch.setattr(base_library, "built_in_folder", lambda: library)
    run = train(workspace, scenario(base="digits", tokenizer=None), steps=1)
    assert run.info.parent == ""
    assert run.info.base == checkpoint.read_manifest(library / "digits").weights
    with pytest.raises(InputError, match="did you mean `digits`"):
        train(workspace, scenario(base="digit", tokenizer=None))


def test_a_base_with_another_tokenizer_makes_no_run(undisturbed: Run, workspace: Workspace) -> None:
    headless.export(undisturbed, workspace.folder.parent / "model")
    with pytest.raises(InputError, match="but the base has 'characters'"):
        train(workspace, scenario(base="model", tokenizer=TokenizerConfig(kind="bytes")))
    assert workspace.runs() == []


def test_a_damaged_base_is_named(undisturbed: Run, workspace: Workspace) -> None:
    base = workspace.folder.parent / "model"
    headless.export(undisturbed, base)
    damage(base, "model.safetensors")
    with pytest.raises(EngineError, match=str(base)):
        train(workspace, scenario(base="model", tokenizer=None))


def test_a_run_without_a_checkpoint_starts_over_from_its_base_only_if_that_is_the_same(workspace: Workspace) -> None:
    parent = train(workspace, steps=1)
    run = train_and_kill(workspace, 2, scenario(base=parent.id, tokenizer=None))
    kept = shutil.copytree(parent.folder, workspace.folder.parent / "kept")
    other = headless.load_run(parent)
    shaken(other.model, seed=1)
    shutil.rmtree(parent.checkpoints()[-1])
    checkpoint.save(parent.checkpoint_folder / "step-00000001", other)
    with pytest.raises(InputError, match="no longer what it was"):
        headless.resume(run, workspace=workspace)
    shutil.rmtree(parent.folder)
    with pytest.raises(InputError, match="that it starts from is gone"):
        headless.resume(run, workspace=workspace)
    shutil.copytree(kept, parent.folder)
    headless.resume(run, workspace=workspace)
    assert run.state() == "finished"
