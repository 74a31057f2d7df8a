import json
from pathlib import Path

import pytest

from tests.tui.commands.conftest import press_ctrl_c_after_a_step
from tests.tui.conftest import Tunetui

SCENARIO = """
title = "Tiny base"
prompts = ["the flip of cat is"]

[model]
width = 8
layers = 1
heads = 1
context = 72

[pretraining]
rules = ["first"]
steps = 3
batch_size = 2
row_tokens = 8
threads = 1
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "tiny.toml").write_text(SCENARIO)
    monkeypatch.setenv("TUNETUI_WORKSPACE", str(tmp_path / "runs"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def events(lines: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in lines.splitlines()]


def test_a_base_is_made_and_its_scores_are_printed(tunetui: Tunetui, place: Path) -> None:
    outcome = tunetui("pretrain", "tiny.toml")
    assert outcome.status == 0
    assert outcome.out.startswith("pretraining: all steps are done after 3 steps")
    assert "validation  first" in outcome.out
    assert "the flip of cat is" in outcome.out
    assert "; plain text; at most 3 steps" in outcome.err


def test_as_json_the_events_are_printed(tunetui: Tunetui, place: Path) -> None:
    outcome = tunetui("pretrain", "tiny.toml", "--steps", "2", "--json")
    kinds = [event["event"] for event in events(outcome.out)]
    assert (outcome.status, outcome.err) == (0, "")
    assert kinds == ["started", "step", "step", "checkpoint", "finished"]


@pytest.mark.parametrize("command", ["pretrain", "train"])
def test_stopped_it_goes_on_where_it_was(
    command: str, tunetui: Tunetui, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("tui.progress.Lines.show", press_ctrl_c_after_a_step)
        stopped = tunetui("pretrain", "tiny.toml")
    assert stopped.status == 130
    assert "Stopped after step 1 and saved." in stopped.err
    outcome = tunetui(command, "--resume", "latest", "--json")
    assert outcome.status == 0
    assert [event["step"] for event in events(outcome.out) if event["event"] == "step"] == [2, 3]


@pytest.mark.parametrize("arguments", [[], ["--resume", "latest", "--steps", "3"], ["greeting_farewell"]])
def test_what_cannot_be_done_is_said(arguments: list[str], tunetui: Tunetui, place: Path) -> None:
    outcome = tunetui("pretrain", *arguments)
    assert outcome.status == 2
    assert "Traceback" not in outcome.err
    assert outcome.err
