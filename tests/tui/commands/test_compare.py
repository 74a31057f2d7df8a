import json
from pathlib import Path

import pytest

from engine.workspace import Workspace
from tests.tui.conftest import Tunetui
from tui.cli import main

SCENARIO = """
title = "A family"
base = "BASE"

[family]
per_task = 2
validation_per_task = 1

[model]
architecture = "transformer"
width = 8
layers = 1
heads = 1
context = 80

[tunings.fine-tune-reverse]
method = "fine-tune"
tasks = ["reverse"]
steps = 1
threads = 1
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a scenario whose base is a run, and a workspace with both runs, the tuned one last."""
    folder = tmp_path_factory.mktemp("compare")
    (folder / "bare.toml").write_text(SCENARIO.replace('base = "BASE"', ""))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TUNETUI_WORKSPACE", str(folder / "runs"))
        assert main(["train", str(folder / "bare.toml")]) == 0
        (base,) = Workspace(folder / "runs").runs()
        (folder / "tuned.toml").write_text(SCENARIO.replace("BASE", base.id))
        assert main(["train", str(folder / "tuned.toml")]) == 0
    return folder


@pytest.fixture(autouse=True)
def workspace(place: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("TUNETUI_WORKSPACE", str(place / "runs"))
    return Workspace(place / "runs")


def test_models_stand_down_and_groups_across(tunetui: Tunetui) -> None:
    outcome = tunetui("compare", "base", "latest", "--examples", "1")

    assert outcome.status == 0
    assert "trained" in outcome.out
    assert "1 base" in outcome.out
    assert "2 fine-tune-reverse" in outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 100


def test_as_json_it_is_the_matrix(tunetui: Tunetui, workspace: Workspace) -> None:
    tuned, parent = workspace.runs()
    found = json.loads(tunetui("compare", "base", "latest", "--examples", "1", "--task", "reverse", "--json").out)

    assert [(m["run"], m["tuning"], m["parent"]) for m in found["models"]] == [
        ("base", "", ""),
        (tuned.id, "fine-tune-reverse", parent.id),
    ]
    weights = [json.loads(tunetui("show", run.id, "--json").out)["weights"] for run in (parent, tuned)]
    assert [model["weights"] for model in found["models"]] == weights
    assert {cell["task"] for cell in found["cells"]} == {"reverse"}
    assert {"run", "group", "task", "exact_match", "examples", "did_not_stop"} <= set(found["cells"][0])
    assert set(found["summary"]) == {"base", tuned.id}
    assert set(found["summary"]["base"]) == {"trained", "new_wording", "new_name", "longer", "plain_text", "known_form"}


def test_a_prompt_is_answered_by_every_model(tunetui: Tunetui, workspace: Workspace) -> None:
    given = json.loads(tunetui("compare", "base", "latest", "--prompt", "flip cat", "--json").out)

    assert [(answer["run"], answer["prompt"]) for answer in given] == [
        ("base", "flip cat"),
        (workspace.runs()[0].id, "flip cat"),
    ]
    assert all(0 <= token["probability"] <= 1 for answer in given for token in answer["tokens"])
    assert tunetui("compare", "base", "latest", "--prompt", "flip cat").out.count("\n") == 3


def test_a_base_alone_needs_its_scenario(tunetui: Tunetui, place: Path) -> None:
    assert tunetui("compare", "base").status == 2
    outcome = tunetui("compare", "base", "--scenario", place / "tuned.toml", "--examples", "1", "--development")
    assert outcome.status == 0
    assert "1 base" in outcome.out


@pytest.mark.parametrize("arguments", [["nobody"], ["latest", "--task", "revers"], ["latest", "--scenario", "nothing"]])
def test_wrong_names_end_with_status_2(arguments: list[str], tunetui: Tunetui) -> None:
    outcome = tunetui("compare", *arguments)

    assert outcome.status == 2
    assert "Traceback" not in outcome.err
