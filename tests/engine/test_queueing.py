"""Runs as they are made, before anything computes."""

from pathlib import Path

import pytest

from engine.errors import EngineError, InputError
from engine.example_sources import Row
from engine.examples import Example
from engine.queueing import queue
from engine.scenario import Pretraining, Scenario, Tuning
from engine.workspace import Workspace

SCENARIO = Scenario(
    title="Digits",
    examples=[Row(instruction=f"{n} up", response=str(n + 1)) for n in range(10)],
    tunings={"short": Tuning(steps=5), "epochs": Tuning(epochs=2), "plain": Tuning()},
)


def test_a_queued_run_has_what_was_asked_and_nothing_that_only_its_beginning_can_tell(workspace: Workspace) -> None:
    run = queue(SCENARIO, "digits", Path(), "short", workspace=workspace, device="cpu", seed=7)
    assert run.state() == "queued"
    assert (run.info.tuning, run.info.seed, run.info.scenario.seed, run.info.steps) == ("short", 7, 7, 5)
    assert (run.info.device, run.info.threads, run.info.precision, run.info.base) == ("cpu", 0, "", "")
    assert len(workspace.examples(run)) == 10


def test_steps_are_those_asked_for_or_the_tunings_or_not_yet_known(workspace: Workspace) -> None:
    asked = {"short": 3, "epochs": None, "plain": None}
    runs = [queue(SCENARIO, "digits", Path(), name, workspace=workspace, steps=n) for name, n in asked.items()]
    assert [run.info.steps for run in runs] == [3, 0, 1000]


def test_examples_may_be_other_than_the_scenarios(workspace: Workspace) -> None:
    edited = [Example("1 up", "2")]
    run = queue(SCENARIO, "digits", Path(), "short", workspace=workspace, examples=edited)
    assert workspace.examples(run) == edited


def test_a_base_is_queued_as_the_tuning_pretraining(workspace: Workspace) -> None:
    scenario = Scenario(title="Base", pretraining=Pretraining(rules=["reverse"], seed=4, steps=9))
    run = queue(scenario, "base", Path(), "pretraining", workspace=workspace)
    assert (run.info.tuning, run.info.seed, run.info.steps) == ("pretraining", 4, 9)
    assert {example.task for example in workspace.examples(run)} == {"reverse"}


@pytest.mark.parametrize(
    ("tuning", "base", "message"),
    [("shrt", "", "did you mean `short`"), ("short", "nowhere", "neither a built-in base nor a folder")],
)
def test_what_is_not_there_makes_no_run(tuning: str, base: str, message: str, workspace: Workspace) -> None:
    scenario = Scenario(title="Digits", examples=SCENARIO.examples, tunings=SCENARIO.tunings, base=base)
    with pytest.raises(InputError, match=message):
        queue(scenario, "digits", Path(), tuning, workspace=workspace)
    assert workspace.runs() == []


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "no checkpoint here"),
        ({"checkpoint.json": "{}", "model.safetensors": "x"}, "is damaged"),
        ({"checkpoint.json": '{"files": {"model.safetensors": "0"}}', "model.safetensors": "x"}, "its hash"),
    ],
)
def test_a_damaged_folder_as_base_is_named_and_makes_no_run(
    files: dict[str, str], message: str, workspace: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "model").mkdir()
    for name, text in files.items():
        (tmp_path / "model" / name).write_text(text)
    scenario = Scenario(title="Digits", examples=SCENARIO.examples, tunings=SCENARIO.tunings, base="model")
    with pytest.raises(EngineError, match=f"{tmp_path / 'model'}.*{message}"):
        queue(scenario, "digits", tmp_path, "short", workspace=workspace)
    assert workspace.runs() == []
