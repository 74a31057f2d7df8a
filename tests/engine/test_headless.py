import json
import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch

from engine import base_library, headless
from engine.errors import EngineError, InputError
from engine.event_log import EventLog
from engine.protocol import Checkpoint, Evaluation, Event, Failed, Finished, Interrupted, Started, Step
from engine.runs import Run
from engine.scenario import Lora, Row, Scenario, Transformer, Tuning
from engine.scenario import Tokenizer as TokenizerConfig
from engine.training import checkpoint
from engine.workspace import Workspace
from tests.engine.small import CHARACTERS, identical, shaken, weights

ROWS = [
    *(Row(instruction=f"{n} up", response=str(n + 1), task="up", split="train") for n in range(6)),
    *(Row(instruction=f"{n} twice", response=f"{n}{n}", task="twice", split="train") for n in range(6)),
    Row(instruction="7 up", response="8", task="up", split="validation"),
    Row(instruction="7 twice", response="77", task="twice", split="unseen"),
]
TINY = Transformer(width=16, layers=1, heads=2, context=16)
STEPS = 10


def scenario(*, base: str = "", rows: list[Row] = ROWS, tokenizer: Any = CHARACTERS, **tuning: Any) -> Scenario:
    """Two tasks for a tiny transformer. The rate begins to fall at the first evaluation."""
    settings: dict[str, Any] = {
        "steps": STEPS,
        "threads": 1,
        "batch_size": 5,
        "warmup_steps": 2,
        "decay_at": 0.0,
        "decay_steps": 4,
        "evaluate_every": 3,
        "checkpoint_every": 4,
    }
    return Scenario(
        title="Digits",
        examples=rows,
        tokenizer=tokenizer,
        model=TINY,
        base=base,
        tunings={"it": Tuning(**(settings | tuning))},
        prompts=["2 up"],
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


def train(workspace: Workspace, asked: Scenario | None = None, **settings: Any) -> Run:
    return headless.train(asked or scenario(), "digits", workspace.folder.parent, "it", workspace=workspace, **settings)


class Killed(BaseException):
    """The process ends at once, and nothing of it is tidied up."""


def killed_after(count: int) -> Callable[[Event], None]:
    """Ends the process when so many events are in the log."""
    left = iter(range(count - 1))

    def die(event: Event) -> None:
        if next(left, None) is None:
            raise Killed

    return die


def train_and_kill(workspace: Workspace, events: int, asked: Scenario | None = None) -> Run:
    with pytest.raises(Killed):
        train(workspace, asked, on_event=killed_after(events))
    return workspace.runs()[0]


def stop_after(step: int) -> Callable[[], str]:
    """`should_stop` that says so after so many steps."""
    left = iter(range(step - 1))
    return lambda: "SIGINT" if next(left, None) is None else ""


def final_weights(run: Run) -> dict[str, torch.Tensor]:
    return weights(headless.load_run(run).model)


def told(run: Run, *kinds: type[Event]) -> list[str]:
    """The run's events of these kinds, without what the clock and the run's name have a part in."""
    changing = {
        "n": 0,
        "time": 0,
        "run": "",
        "seconds": 0,
        "evaluation_seconds": 0,
        "tokens_per_second": 0,
        "memory": 0,
    }
    return [repr(msgspec.to_builtins(event) | changing) for event in run.events() if isinstance(event, kinds or Event)]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The run that the others are held against."""
    return train(Workspace(tmp_path_factory.mktemp("undisturbed") / "workspace"))


# --- one run ----------------------------------------------------------------------------------------------------------


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


# --- interrupted and killed -------------------------------------------------------------------------------------------


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


def damage(folder: Path, name: str) -> None:
    path = folder / name
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))


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
    with pytest.raises(EngineError, match=r"model\.safetensors is damaged"):
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


# --- bases ------------------------------------------------------------------------------------------------------------


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
