"""`train`, and the commands that work with what it made: `ask`, `evaluate`, `show`, `export`."""

import io
import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from engine.workspace import Workspace
from tests.command_line import TUNETUI
from tests.tui.commands.conftest import SCENARIO, press_ctrl_c_after_a_step
from tests.tui.conftest import Tunetui
from tui.cli import main


@pytest.fixture(scope="module")
def trained(place: Path) -> str:
    """The id of a run of the tuning `small`."""
    assert main(["train", str(place / "sums.toml"), "--tuning", "small"]) == 0
    return Workspace(place / "runs").runs()[0].id


def train_endlessly(place: Path) -> subprocess.Popen[str]:
    """A process that trains until it is stopped, its events on standard output."""
    command = [TUNETUI, "train", "sums.toml", "--tuning", "endless", "--json"]
    return subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_training_prints_scores_and_answers(tunetui: Tunetui, place: Path) -> None:
    outcome = tunetui("train", place / "sums.toml", "--tuning", "small")

    assert outcome.status == 0
    assert outcome.out.startswith("small: all steps are done after 3 steps and ")
    assert "validation  add" in outcome.out
    assert outcome.out.splitlines()[-2] == "prompt       small"
    assert outcome.out.splitlines()[-1].startswith("Add 1 and 2")
    assert "Traceback" not in outcome.err


def test_what_others_start_from_is_trained_first_and_only_once(tunetui: Tunetui, place: Path) -> None:
    path = place / "chain.toml"
    chain = SCENARIO.partition("[tunings.endless]")[0].replace(
        "[tunings.small]", '[tunings.next]\nstart = "small"\nsteps = 1\n\n[tunings.small]'
    )
    path.write_text(chain)

    outcome = tunetui("train", path, "--tuning", "next", "--json")

    events = [json.loads(line) for line in outcome.out.splitlines()]
    assert [event["tuning"] for event in events if event["event"] == "started"] == ["small", "next"]
    facts = json.loads(tunetui("show", events[-1]["run"], "--json").out)
    assert facts["parent"] == events[0]["run"]
    again = tunetui("train", path, "--tuning", "next", "--json")
    assert [json.loads(line)["tuning"] for line in again.out.splitlines() if '"started"' in line] == ["next"]


def test_as_json_training_prints_events_that_end_with_the_scores(tunetui: Tunetui, place: Path) -> None:
    outcome = tunetui("train", place / "sums.toml", "--tuning", "small", "--steps", "2", "--seed", "5", "--json")

    events = [json.loads(line) for line in outcome.out.splitlines()]
    kinds = [event["event"] for event in events]
    assert (outcome.status, outcome.err) == (0, "")
    assert (kinds[0], kinds.count("step"), kinds[-1]) == ("started", 2, "finished")
    assert {event["run"] for event in events} == {events[0]["run"]}
    assert {"tuning", "seconds", "tokens_per_second", "scores"} <= events[-1].keys()
    assert {"exact_match", "loss", "examples"} <= events[-1]["scores"]["validation"]["add"].keys()
    facts = json.loads(tunetui("show", events[0]["run"], "--json").out)
    checkpoints = [event for event in events if event["event"] == "checkpoint"]
    assert (facts["state"], facts["seed"], facts["weights"]) == ("finished", 5, checkpoints[-1]["weights"])


def test_without_a_terminal_the_app_says_which_command_trains(tunetui: Tunetui, place: Path) -> None:
    outcome = tunetui(place / "sums.toml")

    assert (outcome.status, outcome.out) == (2, "")
    assert f"without one: tunetui train {place / 'sums.toml'}" in outcome.err


def test_a_tuning_that_is_not_there_is_wrong_input(tunetui: Tunetui, place: Path) -> None:
    outcome = tunetui("train", place / "sums.toml", "--tuning", "smal")

    assert (outcome.status, outcome.out) == (2, "")
    assert "tuning: smal; expected one of small, endless (did you mean `small`?)" in outcome.err


def test_a_device_that_is_not_there_is_wrong_input(tunetui: Tunetui, place: Path) -> None:
    outcome = tunetui("train", place / "sums.toml", "--device", "abacus")

    assert (outcome.status, outcome.out) == (2, "")
    assert "abacus" in outcome.err


def test_ctrl_c_saves_the_run_and_resume_goes_on(
    tunetui: Tunetui, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with train_endlessly(place) as process:
        assert process.stdout is not None
        next(line for line in process.stdout if '"event":"step"' in line)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()

    last = json.loads(out.splitlines()[-1])
    assert process.returncode == 130
    assert (last["event"], last["reason"]) == ("interrupted", "SIGINT")
    assert f"Go on with: tunetui train --resume {last['run']}" in err
    assert "Traceback" not in err
    assert json.loads(tunetui("show", last["run"], "--json").out)["state"] == "interrupted"

    monkeypatch.setattr("tui.progress.Silent.show", press_ctrl_c_after_a_step)
    again = tunetui("train", "--resume", last["run"], "--json")

    step, *_, end = [event for event in map(json.loads, again.out.splitlines()) if event["event"] != "started"]
    assert again.status == 130
    assert (step["event"], step["step"]) == ("step", last["step"] + 1)
    assert (end["event"], end["step"]) == ("interrupted", last["step"] + 1)


def test_a_closed_pipe_stops_and_saves_the_run(place: Path) -> None:
    with train_endlessly(place) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()

    assert process.returncode == 128 + signal.SIGPIPE
    assert "Traceback" not in err
    assert "saved. Go on with" in err


def test_a_run_is_resumed_only_with_its_own_scenario(tunetui: Tunetui, trained: str) -> None:
    assert tunetui("train", "other", "--resume", trained).status == 2
    assert tunetui("train", "--resume", trained, "--steps", "5").status == 2


def test_answers_come_one_a_line(tunetui: Tunetui, trained: str) -> None:
    outcome = tunetui("ask", trained, "Add 1 and 2", "Add 3 and 4")

    assert outcome.status == 0
    assert len(outcome.out.splitlines()) == 2


def test_answers_as_json_have_every_token(tunetui: Tunetui, trained: str) -> None:
    outcome = tunetui("ask", trained, "Add 1 and 2", "--temperature", "0.8", "--seed", "3", "--length", "4", "--json")

    answer = json.loads(outcome.out)
    assert {"prompt", "response", "tokens", "stopped"} <= answer.keys()
    assert answer["prompt"] == "Add 1 and 2"
    assert all(0 <= token["probability"] <= 1 for token in answer["tokens"])
    assert "".join(token["text"] for token in answer["tokens"]) == answer["response"]


def test_prompts_may_come_from_standard_input(tunetui: Tunetui, trained: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("Add 1 and 2\nReverse Füße\n".encode())))

    outcome = tunetui("ask", trained, "-", "--json")

    assert [json.loads(line)["prompt"] for line in outcome.out.splitlines()] == ["Add 1 and 2", "Reverse Füße"]


def test_scoring_again_gives_the_same_scores(tunetui: Tunetui, trained: str) -> None:
    before = json.loads(tunetui("show", trained, "--json").out)["scores"]

    assert json.loads(tunetui("evaluate", trained, "--json").out) == before
    assert json.loads(tunetui("evaluate", trained, "--split", "validation", "--json").out).keys() == {"validation"}
    assert "validation  add" in tunetui("evaluate", trained, "--task", "add").out
    assert tunetui("evaluate", trained, "--task", "subtract").status == 2


def test_a_model_is_exported_to_a_new_folder_only(tunetui: Tunetui, trained: str, tmp_path: Path) -> None:
    assert tunetui("export", trained, tmp_path / "model").status == 0
    assert [path.suffix for path in (tmp_path / "model").iterdir()].count(".safetensors") == 1
    assert tunetui("export", trained, tmp_path / "model").status == 2


def test_a_run_without_its_checkpoint_is_a_failure_in_words(tunetui: Tunetui, place: Path) -> None:
    events = tunetui("train", place / "sums.toml", "--tuning", "small", "--json").out.splitlines()
    run = json.loads(events[0])["run"]
    for path in (place / "runs" / "runs" / run / "checkpoints").rglob("*.safetensors"):
        os.truncate(path, 20)

    outcome = tunetui("ask", run, "Add 1 and 2")

    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.startswith("tunetui: ")


def test_info_names_versions_devices_and_paths(tunetui: Tunetui, place: Path) -> None:
    facts = json.loads(tunetui("info", "--json").out)

    assert facts["versions"]["torch"]
    assert "cpu" in facts["devices"]
    assert facts["paths"]["workspace"] == str(place / "runs")
    assert str(place / "runs") in tunetui("info").out
