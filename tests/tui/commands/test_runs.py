import json
from pathlib import Path

import pytest

from engine.runs import Run
from engine.workspace import Workspace
from tests.tui.conftest import Tunetui
from tests.tui.stories import SCORES, new_run, story


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An own one, that is also the one of the commands."""
    monkeypatch.setenv("TUNETUI_WORKSPACE", str(tmp_path / "runs"))
    return Workspace(tmp_path / "runs")


@pytest.fixture
def finished(workspace: Workspace) -> Run:
    run = new_run(workspace, "both")
    with run.log() as log:
        for event in story():
            log.append(event)
    return run


def test_an_empty_workspace_says_what_to_do(tunetui: Tunetui, workspace: Workspace) -> None:
    outcome = tunetui("runs")

    assert outcome.status == 0
    assert "`tunetui train arithmetic_reversal` makes one" in outcome.out
    assert json.loads(tunetui("runs", "--json").out) == []


def test_runs_are_listed_newest_first(tunetui: Tunetui, workspace: Workspace, finished: Run) -> None:
    waiting = new_run(workspace, "alone")

    header, first, second = tunetui("runs").out.splitlines()

    assert header.split() == ["run", "scenario", "tuning", "state", "created", "validation", "unseen"]
    assert first.split()[:4] == [waiting.id, "sums", "alone", "queued"]
    assert second.split()[:4] == [finished.id, "sums", "both", "finished"]
    assert second.endswith("50.0 %       -")


def test_as_json_the_list_is_data(tunetui: Tunetui, finished: Run) -> None:
    (line,) = json.loads(tunetui("runs", "--json").out)

    assert line["run"] == finished.id
    assert line["exact_match"] == {"train": 1.0, "validation": 0.5}


def test_a_damaged_run_is_told_apart_and_can_be_removed(tunetui: Tunetui, finished: Run) -> None:
    (finished.folder / "run.json").write_text("{")

    outcome = tunetui("runs")

    assert outcome.status == 0
    assert f"`tunetui remove {finished.id}` removes it." in outcome.err
    assert tunetui("show", finished.id).status == 2
    assert tunetui("remove", finished.id, "--yes") == (0, f"Removed {finished.id}.\n", "")
    assert not finished.folder.exists()


def test_show_tells_everything_about_a_run(tunetui: Tunetui, finished: Run) -> None:
    outcome = tunetui("show", finished.id[:3])

    assert outcome.status == 0
    assert f"run          {finished.id}" in outcome.out.splitlines()
    assert f"weights      {'ab' * 32}" in outcome.out.splitlines()
    assert "validation  add        50.0 %        25.0 %  0.1234         4" in outcome.out


def test_show_as_json_has_what_scripts_need(tunetui: Tunetui, finished: Run) -> None:
    facts = json.loads(tunetui("show", "latest", "--json").out)

    expected = {
        "run": finished.id,
        "scenario": "sums",
        "title": "Sums",
        "tuning": "both",
        "state": "finished",
        "seed": 7,
        "step": 2,
        "weights": "ab" * 32,
    }
    assert expected.items() <= facts.items()
    assert facts["scores"]["validation"]["add"]["did_not_stop"] == SCORES["validation"]["add"].did_not_stop


def test_a_run_that_has_not_begun_has_no_weights(tunetui: Tunetui, workspace: Workspace) -> None:
    new_run(workspace)

    facts = json.loads(tunetui("show", "latest", "--json").out)

    assert (facts["state"], facts["weights"], facts["step"], facts["scores"]) == ("queued", "", 0, {})


@pytest.mark.parametrize("command", [["show"], ["remove", "--yes"], ["evaluate"], ["ask", "--", "Add 1 and 2"]])
def test_a_run_that_is_not_there_is_wrong_input(tunetui: Tunetui, workspace: Workspace, command: list[str]) -> None:
    name, *rest = command

    outcome = tunetui(name, "nowhere", *rest) if "--" not in rest else tunetui(name, *rest[:1], "nowhere", *rest[1:])

    assert (outcome.status, outcome.out) == (2, "")
    assert "nowhere" in outcome.err


def test_nothing_is_removed_unasked(tunetui: Tunetui, finished: Run) -> None:
    outcome = tunetui("remove", "latest")

    assert outcome.status == 2
    assert "say --yes" in outcome.err
    assert finished.folder.exists()


def test_a_run_that_is_running_is_not_removed(tunetui: Tunetui, finished: Run) -> None:
    with finished.lock():
        outcome = tunetui("remove", finished.id, "--yes")

    assert outcome.status == 1
    assert "is running" in outcome.err
    assert finished.folder.exists()
