import json
from pathlib import Path

from tests.tui.conftest import Tunetui

SUMS = """
title = "Sums\\u001b"
validation = 0.5
examples = [
    { instruction = "Add 1 and 2", response = "3", task = "add" },
    { instruction = "Add 1 and 2", response = "\\u001b[31m", task = "add", split = "train" },
    { instruction = "Add 3 and 4", response = "7", task = "add" },
    { instruction = "Add 3 and 5", response = "8", task = "add", split = "train" },
]
"""


def test_a_sound_scenario_is_counted_and_called_so(tunetui: Tunetui, tmp_path: Path) -> None:
    path = tmp_path / "sound.toml"
    path.write_text('title = "Sound"\n[tasks.add]\nrule = "add"\ntemplates = ["{a} + {b}"]')

    outcome = tunetui("check", path)

    assert outcome.status == 0
    assert outcome.out.splitlines() == [
        f"Sound: {path}",
        "",
        "split       task  examples",
        "train       add      1,000",
        "validation  add        200",
        "",
        "Nothing is wrong with it.",
    ]


def test_warnings_name_cases_and_do_not_fail(tunetui: Tunetui, tmp_path: Path) -> None:
    (tmp_path / "sums.toml").write_text(SUMS)

    outcome = tunetui("check", tmp_path / "sums.toml")

    assert outcome.status == 0
    assert "Warning: 1 example with the instruction of an earlier one, but another response" in outcome.out
    assert "  example 2: Add 1 and 2 → ␛[31m, but 3 in example 1" in outcome.out
    assert "\x1b" not in outcome.out


def test_examples_that_cannot_be_trained_on_are_status_2(tunetui: Tunetui, tmp_path: Path) -> None:
    (tmp_path / "sums.toml").write_text(SUMS + "[tunings.wide]\n[tunings.narrow.model]\ncontext = 4\n")

    outcome = tunetui("check", tmp_path / "sums.toml")

    assert outcome.status == 2
    assert "Error: 4 examples longer than the model can read (tuning narrow)" in outcome.out
    assert "and 1 more" in outcome.out


def test_mistakes_in_the_file_are_told_all_at_once_with_their_lines(tunetui: Tunetui, tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text('title = "Wrong"\nsed = 1\n[tasks.add]\nrule = "ad"\n')

    outcome = tunetui("check", path)

    assert (outcome.status, outcome.out) == (2, "")
    first, second = outcome.err.splitlines()
    assert first == f"{path}:2: sed: unknown key (did you mean `seed`?)"
    assert second.startswith(f"{path}:4: tasks.add.rule: ")


def test_as_json_findings_and_problems_are_data(tunetui: Tunetui, tmp_path: Path) -> None:
    (tmp_path / "sums.toml").write_text(SUMS)
    (tmp_path / "wrong.toml").write_text("sed = 1")

    sums = tunetui("check", tmp_path / "sums.toml", "--json")
    wrong = tunetui("check", tmp_path / "wrong.toml", "--json")

    facts = json.loads(sums.out)
    assert facts["examples"] == {"train": {"add": 3}, "validation": {"add": 1}}
    assert facts["findings"][0]["finding"]["kind"] == "conflict"
    assert facts["problems"] == []
    assert wrong.status == 2
    assert {problem["key"] for problem in json.loads(wrong.out)["problems"]} >= {"sed", "title"}
