"""Runs on several devices: processes of their own that `torchrun` starts, here two on the CPU."""

import time
from typing import Any

import pytest

from engine import headless
from engine.errors import EngineError
from engine.protocol import (
    Checkpoint,
    Evaluation,
    Event,
    Failed,
    Finished,
    Interrupted,
    Paused,
    Resumed,
    Started,
    Step,
)
from engine.queueing import queue
from engine.runs import Run
from engine.training.at_work import at_work
from engine.workspace import Workspace
from tests.engine.small import identical
from tests.engine.test_headless import final_weights, scenario

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


def test_the_one_who_follows_hears_what_is_logged(workspace: Workspace) -> None:
    heard: list[Event] = []
    run = trained(queued(workspace, devices=2, steps=3, evaluate_every=0), workspace, on_event=heard.append)
    assert heard == list(run.events())
    assert isinstance(heard[-1], Finished)


def test_paused_and_resumed_they_give_the_weights_of_an_undisturbed_run(together: Run, workspace: Workspace) -> None:
    run = queued(workspace, devices=2)
    with at_work(run, workspace) as work:
        while not isinstance(next(work), Step):
            time.sleep(work.patience / 2)
        work.pause("asked for")
        assert run.state() == "paused"
        paused_at = steps(run)[-1].step
        assert run.checkpoints()[-1].name == f"step-{paused_at:08d}"
        work.resume()
        for _ in work:
            time.sleep(work.patience)
    assert [event for event in kinds(run) if event not in (Evaluation, Checkpoint)] == [
        Started,
        Interrupted,
        Paused,
        Resumed,
        Started,
        Finished,
    ]
    assert identical(final_weights(run), final_weights(together))


def test_stopped_from_the_terminal_the_run_is_saved_and_can_be_stopped_for_good(workspace: Workspace) -> None:
    run = queued(workspace, devices=2, steps=100_000)
    reached: list[Event] = []
    trained(run, workspace, on_event=reached.append, should_stop=lambda: "SIGINT" if len(reached) > 2 else "")
    assert run.state() == "interrupted"
    assert isinstance(reached[-1], Interrupted)
    assert run.checkpoints()[-1].name == f"step-{reached[-1].step:08d}"
    with at_work(run, workspace) as work:
        work.stop("asked for")
    assert run.state() == "stopped"


def test_a_loss_that_is_no_number_ends_all_processes_and_names_examples_of_both(workspace: Workspace) -> None:
    run = queued(workspace, devices=2, learning_rate=1e30, muon_learning_rate=1e30, gradient_clip=0, batch_size=0)
    with pytest.raises(EngineError, match="in its batch of 12 are example .* lower the learning rate"):
        trained(run, workspace)
    assert run.state() == "failed"
    assert isinstance(list(run.events())[-1], Failed)


def test_what_the_first_process_says_is_passed_on(workspace: Workspace) -> None:
    run = queued(workspace, devices=2)
    with run.lock(), pytest.raises(EngineError, match="is running in another process"):
        trained(run, workspace)
    assert run.state() == "queued"


def test_a_run_on_several_devices_takes_no_commands_that_it_cannot_follow(workspace: Workspace) -> None:
    with at_work(queued(workspace, devices=2), workspace) as work:
        with pytest.raises(EngineError, match="saves when its scenario says"):
            work.save()
        with pytest.raises(EngineError, match="keeps the learning rate"):
            work.set_learning_rate(0.1)
        work.interrupt("SIGTERM")
