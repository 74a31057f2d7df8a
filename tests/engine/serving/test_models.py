from pathlib import Path

import pytest

from engine import headless
from engine.errors import EngineError, InputError
from engine.serving.models import Models
from engine.workspace import Workspace
from tests.engine.serving.runs import queued, scenario
from tests.engine.small import answerer


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


def trained(workspace: Workspace) -> str:
    settings = {"workspace": workspace, "device": "cpu", "steps": 1}
    return headless.train(scenario(), "digits", workspace.folder, "it", **settings).id  # type: ignore[arg-type]


def test_a_model_is_loaded_once_and_anew_when_there_is_a_newer_checkpoint(workspace: Workspace) -> None:
    run = trained(workspace)
    models = Models(workspace)
    first = models.answerer(run)
    assert models.answerer(run) is first
    checkpoint = workspace.find(run).checkpoints()[-1]
    checkpoint.rename(checkpoint.with_name("step-00000009"))
    assert models.answerer(run) is not first


def test_the_model_in_training_answers_as_it_is(workspace: Workspace) -> None:
    models = Models(workspace)
    live = answerer()
    models.live = ("run", live)
    assert models.answerer("run") is live
    assert models.names == []


def test_the_model_asked_longest_ago_makes_room(workspace: Workspace) -> None:
    one, other = trained(workspace), trained(workspace)
    models = Models(workspace, most_bytes=1)
    models.answerer(one)
    models.answerer(other)
    assert models.names == [other]


def test_what_cannot_answer_says_why(workspace: Workspace) -> None:
    models = Models(workspace)
    with pytest.raises(EngineError, match="no checkpoint yet"):
        models.answerer(queued(workspace).id)
    with pytest.raises(InputError, match="no run 'nobody'"):
        models.answerer("nobody")
    with pytest.raises(InputError, match="there is no base 'nothing'"):
        models.answerer("base:nothing")
