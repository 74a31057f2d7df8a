"""A run that is stopped or killed at any moment and goes on."""

import pytest

from engine import headless
from engine.errors import EngineError, InputError
from engine.protocol import Checkpoint, Evaluation, Finished, Interrupted, Started, Step
from engine.runs import Run
from engine.workspace import Workspace
from tests.engine.headless_runs import STEPS, damage, final_weights, scenario, stop_after, told, train, train_and_kill
from tests.engine.small import identical


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that nothing happened to."""
    return train(Workspace(tmp_path_factory.mktemp("undisturbed") / "workspace"))


@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_a_run_stopped_after_any_step_and_resumed_is_as_if_undisturbed(
    step: int, undisturbed: Run, workspace: Workspace
) -> None:
    run = train(workspace, should_stop=stop_after(step))
    assert run.state() == "interrupted"
    last = list(run.events())[-1]
    assert isinstance(last, Interrupted)
    assert (last.step, last.reason) == (step, "SIGINT")
    assert run.checkpoints()[-1].name == f"step-{step:08d}"
    headless.resume(Run.open(run.folder), workspace=workspace)
    assert identical(final_weights(run), final_weights(undisturbed))
    assert story(run) == story(undisturbed)


def story(run: Run) -> list[str]:
    """What was learnt, as if told in one go: what a resumed run tells again, it tells alike."""
    return list(dict.fromkeys(told(run, Step, Evaluation, Finished)))


@pytest.mark.parametrize("events", range(1, 19))
def test_a_run_killed_after_any_event_and_resumed_is_as_if_undisturbed(
    events: int, undisturbed: Run, workspace: Workspace
) -> None:
    run = train_and_kill(workspace, events)
    assert run.state() == ("finished" if events == 18 else "interrupted")
    if events < 18:
        headless.resume(run, workspace=workspace)
    assert identical(final_weights(run), final_weights(undisturbed))
    assert story(run) == story(undisturbed)


def test_those_are_all_events_of_the_run(undisturbed: Run) -> None:
    assert len(list(undisturbed.events())) == 18


def test_a_run_may_be_stopped_again_and_again(undisturbed: Run, workspace: Workspace) -> None:
    run = train(workspace, should_stop=stop_after(1))
    while run.state() == "interrupted":
        headless.resume(run, workspace=workspace, should_stop=stop_after(2))
    assert [event.step for event in run.events() if isinstance(event, Started)] == [0, 1, 3, 5, 7, 9]
    assert identical(final_weights(run), final_weights(undisturbed))


def test_what_a_checkpoint_has_behind_it_is_not_done_again(workspace: Workspace) -> None:
    run = train_and_kill(workspace, 7, scenario(evaluate_every=4, checkpoint_every=4, steps=6))
    headless.resume(run, workspace=workspace)
    kinds = [type(event).__name__ for event in run.events()]
    assert kinds[5:10] == ["Evaluation", "Checkpoint", "Started", "Step", "Step"]


def test_a_resumed_run_keeps_its_number_of_steps_and_threads(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.device.probe_threads", lambda trainer: 1)
    run = train(workspace, scenario(threads=0), steps=3, should_stop=stop_after(2))
    monkeypatch.setattr("engine.device.probe_threads", lambda trainer: 2)
    headless.resume(run, workspace=workspace)
    assert [event.step for event in run.events() if isinstance(event, Step)] == [1, 2, 3]
    assert {event.threads for event in run.events() if isinstance(event, Started)} == {1}


def test_what_was_used_is_counted_over_all_sittings(workspace: Workspace) -> None:
    run = train(workspace, should_stop=stop_after(4))
    headless.resume(run, workspace=workspace)
    finished = list(run.events())[-1]
    assert isinstance(finished, Finished)
    steps = [event for event in run.events() if isinstance(event, Step)]
    assert finished.seconds == pytest.approx(sum(step.seconds for step in steps))


def test_a_run_killed_at_its_goal_does_not_train_on(workspace: Workspace) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.training.job.Job._worst", lambda job, scores: 1.0)
        run = train_and_kill(workspace, 6, scenario(goal=0.9, schedule="constant"))
    assert isinstance(list(run.events())[-1], Checkpoint)
    headless.resume(run, workspace=workspace)
    finished = list(run.events())[-1]
    assert isinstance(finished, Finished)
    assert (finished.step, finished.reason) == (3, "goal")


@pytest.mark.parametrize("name", ["checkpoint.json", "model.safetensors", "trainer.safetensors"])
def test_a_damaged_newest_checkpoint_is_passed_over(name: str, undisturbed: Run, workspace: Workspace) -> None:
    run = train(workspace, should_stop=stop_after(9))
    damage(run.checkpoints()[-1], name)
    assert next(headless.ask(run, ["2 up"])).prompt == "2 up"
    headless.resume(run, workspace=workspace)
    assert [event.step for event in run.events() if isinstance(event, Started)] == [0, 8]
    assert identical(final_weights(run), final_weights(undisturbed))


def test_when_every_checkpoint_is_damaged_the_newest_is_named(workspace: Workspace) -> None:
    run = train(workspace, should_stop=stop_after(9))
    for folder in run.checkpoints():
        damage(folder, "model.safetensors")
    with pytest.raises(EngineError, match=r"model\.safetensors is damaged.* train it anew"):
        headless.resume(run, workspace=workspace)


def test_what_a_killed_writer_left_is_cleared_away(workspace: Workspace) -> None:
    run = train(workspace, should_stop=stop_after(5))
    (run.checkpoint_folder / f".tmp-{0:016}").mkdir()
    headless.resume(run, workspace=workspace)
    assert sorted(path.name for path in run.checkpoint_folder.iterdir()) == ["step-00000008", "step-00000010"]


def test_a_finished_run_is_not_resumed(undisturbed: Run, workspace: Workspace) -> None:
    with pytest.raises(InputError, match="is finished"):
        headless.resume(undisturbed, workspace=workspace)


def test_a_run_that_another_process_is_at_is_not_resumed(workspace: Workspace) -> None:
    run = train(workspace, should_stop=stop_after(2))
    with run.lock(), pytest.raises(EngineError, match="another process"):
        headless.resume(Run.open(run.folder), workspace=workspace)
