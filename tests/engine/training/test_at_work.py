"""Runs on several devices: processes of their own, here two on the CPU. `torchrun` starts those that are stopped."""

from typing import Any

import pytest
from safetensors.torch import load_file

from engine import headless
from engine.errors import EngineError
from engine.protocol import (
    Event,
    Failed,
    Interrupted,
    Step,
)
from engine.queueing import queue
from engine.runs import Run
from engine.workspace import Workspace
from tests.engine.forked_processes import fork_processes
from tests.engine.headless_runs import final_weights, scenario
from tests.engine.small import identical

STEPS = 40
SETTINGS: dict[str, Any] = {"steps": STEPS, "checkpoint_every": 0, "evaluate_every": 20}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("several") / "workspace")


def queued(workspace: Workspace, **tuning: Any) -> Run:
    asked = scenario(**(SETTINGS | tuning))
    return queue(asked, "digits", workspace.folder.parent, "it", workspace=workspace, device="cpu")


def trained(run: Run, workspace: Workspace, **settings: Any) -> Run:
    return headless.resume(run, workspace=workspace, **settings)


@pytest.fixture(scope="module")
def together(workspace: Workspace) -> Run:
    """A run of two processes that nothing disturbs."""
    with pytest.MonkeyPatch.context() as patches:
        fork_processes(patches)
        return trained(queued(workspace, devices=2), workspace)


def steps(run: Run) -> list[Step]:
    return [event for event in run.events() if isinstance(event, Step)]


def losses(run: Run) -> list[float]:
    return [step.loss for step in steps(run)]


def kinds(run: Run) -> list[type[Event]]:
    return [type(event) for event in run.events() if not isinstance(event, Step)]


def test_two_processes_learn_what_one_does(together: Run, workspace: Workspace) -> None:
    alone = trained(queued(workspace), workspace)
    assert kinds(together) == kinds(alone)
    assert [step.tokens for step in steps(together)] == [step.tokens for step in steps(alone)]
    assert losses(together)[:3] == pytest.approx(losses(alone)[:3], rel=1e-6)
    assert losses(together) == pytest.approx(losses(alone), rel=0.01)  # roundings add up
    assert [step.learning_rate for step in steps(together)] == [step.learning_rate for step in steps(alone)]
    assert together.state() == "finished"
    assert together.info.threads == 1


def test_stopped_and_resumed_they_give_the_weights_of_an_undisturbed_run(
    together: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, heard = queued(workspace, devices=2), list[Event]()
    trained(run, workspace, on_event=heard.append, should_stop=lambda: "SIGINT" if steps(run) else "")
    assert run.state() == "interrupted"
    assert heard == list(run.events())
    assert isinstance(heard[-1], Interrupted)
    assert heard[-1].step < STEPS
    assert run.checkpoints()[-1].name == f"step-{heard[-1].step:08d}"
    fork_processes(monkeypatch)
    trained(run, workspace)
    assert run.state() == "finished"
    assert identical(final_weights(run), final_weights(together))


def test_sharded_over_two_processes_a_model_learns_what_it_learns_in_one(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    fork_processes(monkeypatch)
    settings: dict[str, Any] = {"optimizer": "adamw", "steps": 12, "evaluate_every": 5, "checkpoint_every": 6}
    alone = trained(queued(workspace, **settings), workspace)
    sharded = trained(queued(workspace, devices=2, shard=True, **settings), workspace)
    assert kinds(sharded) == kinds(alone)
    assert losses(sharded) == pytest.approx(losses(alone), rel=1e-4)
    assert [step.gradient_norm for step in steps(sharded)] == pytest.approx(
        [step.gradient_norm for step in steps(alone)], rel=1e-3
    )
    ours, theirs = (load_file(run.checkpoints()[-1] / "trainer.safetensors") for run in (sharded, alone))
    assert {name: tensor.shape for name, tensor in ours.items()} == {n: tensor.shape for n, tensor in theirs.items()}


def test_a_sharded_run_that_is_stopped_and_resumed_gives_the_weights_of_an_undisturbed_run(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    fork_processes(monkeypatch)
    settings: dict[str, Any] = {"optimizer": "adamw", "devices": 2, "shard": True}
    undisturbed = trained(queued(workspace, **settings), workspace)
    run = queued(workspace, **settings)
    trained(run, workspace, should_stop=lambda: "SIGINT" if steps(run) else "")
    assert run.state() == "interrupted"
    trained(run, workspace)
    assert identical(final_weights(run), final_weights(undisturbed))


@pytest.mark.parametrize("kind", [{}, {"shard": True, "optimizer": "adamw"}], ids=["whole", "sharded"])
def test_a_loss_that_is_no_number_ends_all_processes_and_names_examples_of_both(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, kind: dict[str, Any]
) -> None:
    fork_processes(monkeypatch)
    run = queued(
        workspace, devices=2, learning_rate=1e30, muon_learning_rate=1e30, gradient_clip=0, batch_size=0, **kind
    )
    with pytest.raises(EngineError, match=r"in its batch of 12 are example .* lower the learning rate"):
        trained(run, workspace)
    assert run.state() == "failed"
    assert isinstance(list(run.events())[-1], Failed)
