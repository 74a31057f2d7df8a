"""A run from its first step to its last, why there is none, and what it is asked."""

import json
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from engine import headless
from engine.errors import EngineError, InputError
from engine.event_log import EventLog
from engine.example_sources import Row
from engine.protocol import Checkpoint, Event, Failed, Finished, Step
from engine.runs import Run
from engine.workspace import Workspace
from tests.engine.headless_runs import ROWS, STEPS, final_weights, scenario, told, train, train_and_kill
from tests.engine.small import identical


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that nothing happened to."""
    return train(Workspace(tmp_path_factory.mktemp("undisturbed") / "workspace"))


def test_a_run_is_on_disk_from_its_first_event_to_its_last(workspace: Workspace) -> None:
    heard: list[Event] = []
    run = train(workspace, on_event=heard.append)
    kinds = [type(event).__name__ for event in run.events()]
    assert kinds[0] == "Started"
    assert kinds[-1] == "Finished"
    assert kinds.count("Step") == STEPS
    assert kinds.count("Evaluation") == 3
    assert kinds.count("Checkpoint") == 3
    assert list(run.events()) == heard
    assert run.state() == "finished"
    assert (run.info.steps, run.info.device, run.info.threads, run.info.seed) == (STEPS, "cpu", 1, 0)


def test_two_checkpoints_are_kept(undisturbed: Run) -> None:
    assert [path.name for path in undisturbed.checkpoints()] == ["step-00000008", "step-00000010"]


def test_the_last_checkpoint_has_the_weights_that_its_event_names(undisturbed: Run) -> None:
    last = [event for event in undisturbed.events() if isinstance(event, Checkpoint)][-1]
    manifest = json.loads((undisturbed.checkpoints()[-1] / "checkpoint.json").read_text())
    assert manifest["weights"] == last.weights


def test_the_same_scenario_again_gives_the_same_weights_and_another_seed_others(
    undisturbed: Run, workspace: Workspace
) -> None:
    again = train(workspace)
    assert told(again) == told(undisturbed)
    assert identical(final_weights(again), final_weights(undisturbed))
    assert not identical(final_weights(train(workspace, seed=1)), final_weights(undisturbed))


def test_the_seed_and_the_steps_asked_for_come_first(workspace: Workspace) -> None:
    run = train(workspace, seed=5, steps=2)
    assert (run.info.seed, run.info.scenario.seed, run.info.steps) == (5, 5, 2)
    assert sum(isinstance(event, Step) for event in run.events()) == 2


def test_a_seed_is_also_that_of_the_rows_held_out(workspace: Workspace) -> None:
    rows = [Row(instruction=f"{n} up", response="1") for n in range(10)]
    runs = [train(workspace, scenario(rows=rows), seed=seed, steps=1) for seed in (0, 1)]
    held_out = [[e.instruction for e in workspace.examples(run) if e.split == "validation"] for run in runs]
    assert len(held_out[0]) == 1
    assert held_out[0] != held_out[1]


# --- failures ---------------------------------------------------------------------------------------------------------


def test_a_loss_that_is_no_number_fails_the_run_and_says_what_to_do(workspace: Workspace) -> None:
    with pytest.raises(EngineError, match="lower the learning rate"):
        train(workspace, scenario(learning_rate=1e30, muon_learning_rate=1e30, gradient_clip=0))
    (run,) = workspace.runs()
    failed = list(run.events())[-1]
    assert isinstance(failed, Failed)
    assert "in its batch of 5 are example " in failed.message
    assert run.state() == "failed"


def test_a_run_that_breaks_off_while_threads_are_chosen_fails_like_any_other(workspace: Workspace) -> None:
    with pytest.raises(EngineError, match="not a finite number"):
        train(workspace, scenario(learning_rate=1e30, muon_learning_rate=1e30, gradient_clip=0, threads=0))


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"tasks": ["typo"]}, "no example to train on in typo"),
        ({"base": "nowhere"}, "neither a built-in base nor a folder beside the scenario nor a run"),
        ({"rows": [*ROWS, Row(instruction="long" * 9, response="x")]}, "need more than 16 tokens"),
        ({"precision": "bfloat16"}, "no hardware for it"),
    ],
)
def test_what_does_not_go_together_makes_no_run(wanted: dict[str, Any], message: str, workspace: Workspace) -> None:
    with pytest.raises(InputError, match=message):
        train(workspace, scenario(**wanted), device="cpu")
    assert workspace.runs() == []


def test_an_unknown_device_makes_no_run(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="this machine has"):
        train(workspace, device="tpu")
    assert workspace.runs() == []


# --- asking and scoring -----------------------------------------------------------------------------------------------


def test_prompts_are_answered_one_after_another_as_they_come(undisturbed: Run) -> None:
    asked: list[str] = []

    def prompts() -> Iterator[str]:
        for prompt in ("1 up", "2 twice"):
            asked.append(prompt)
            yield prompt

    answers = headless.ask(undisturbed, prompts())
    assert (next(answers).prompt, asked) == ("1 up", ["1 up"])
    assert (next(answers).prompt, asked) == ("2 twice", ["1 up", "2 twice"])


def test_an_answer_follows_the_settings_asked_for(undisturbed: Run) -> None:
    one, again, other = (
        next(headless.ask(undisturbed, ["1 up"], temperature=9.0, length=4, seed=seed)) for seed in (1, 1, 2)
    )
    assert one == again != other
    assert len(one.tokens) <= 4
    (narrow,) = headless.ask(undisturbed, ["1 up"], temperature=9.0, top_k=1, length=4)
    (greedy,) = headless.ask(undisturbed, ["1 up"], length=4)
    assert narrow == greedy


def test_scoring_again_gives_the_scores_of_the_end(undisturbed: Run) -> None:
    workspace = Workspace(undisturbed.folder.parent.parent)
    finished = list(undisturbed.events())[-1]
    assert isinstance(finished, Finished)
    assert headless.evaluate(undisturbed, workspace=workspace) == finished.scores


def test_one_split_or_task_can_be_scored(undisturbed: Run) -> None:
    workspace = Workspace(undisturbed.folder.parent.parent)
    assert list(headless.evaluate(undisturbed, workspace=workspace, splits=["unseen"])) == ["unseen"]
    assert headless.evaluate(undisturbed, workspace=workspace, tasks=["up"])["train"].keys() == {"up"}
    with pytest.raises(InputError, match="unseen twice"):
        headless.evaluate(undisturbed, workspace=workspace, splits=["unseen"], tasks=["up"])


def test_a_run_without_a_checkpoint_cannot_be_asked(workspace: Workspace) -> None:
    run = train_and_kill(workspace, 2)
    with pytest.raises(EngineError, match="has no checkpoint yet"):
        next(headless.ask(run, ["1 up"]))


# --- what libraries say -----------------------------------------------------------------------------------------------


def test_warnings_of_libraries_go_to_the_runs_log(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    append = EventLog.append

    def warn(log: EventLog, event: Event) -> Event:
        warnings.warn("be careful", stacklevel=1)
        return append(log, event)

    monkeypatch.setattr(EventLog, "append", warn)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        run = train(workspace, steps=1)
    assert "be careful" in run.log_file.read_text()
