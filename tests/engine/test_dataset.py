import json
import logging
from pathlib import Path

import pytest

from engine.dataset import build, counts
from engine.errors import InputError
from engine.example_sources import DataFile, Row, Task
from engine.examples import Example
from engine.scenario import Scenario

NOWHERE = Path("no-such-folder")


def rows(task: str, count: int) -> list[Row]:
    return [Row(instruction=f"{task} {number}", response="yes", task=task) for number in range(count)]


def scenario(**keys: object) -> Scenario:
    return Scenario(title="A test", **keys)  # type: ignore[arg-type]


def file_of(path: Path, *contents: object) -> DataFile:
    path.write_text("".join(json.dumps(content) + "\n" for content in contents))
    return DataFile(path=path.name)


def test_rows_come_first_then_files_then_what_rules_make(tmp_path: Path) -> None:
    file = file_of(tmp_path / "more.jsonl", {"prompt": "b", "completion": "2", "note": "kept"})
    made = {"sum": Task(rule="add", templates=["{a}+{b}"], numbers=(1, 1), train=1, validation=0)}
    examples = build(scenario(examples=[Row(instruction="a", response="1")], files=[file], tasks=made), tmp_path)
    assert examples == [
        Example("a", "1"),
        Example("b", "2", extra={"note": "kept"}),
        Example("1+1", "2", task="sum"),
    ]


def test_a_share_of_each_tasks_rows_is_held_out_rounded_down() -> None:
    given = scenario(examples=rows("small", 6) + rows("large", 100), validation=0.29)
    assert counts(build(given, NOWHERE)) == {
        "train": {"small": 5, "large": 71},
        "validation": {"small": 1, "large": 29},
    }
    assert counts(build(scenario(examples=rows("six", 6)), NOWHERE)) == {"train": {"six": 6}}


def test_what_is_held_out_depends_on_the_seed_and_on_the_task_alone() -> None:
    def held_out(given: list[Row], seed: int) -> set[str]:
        examples = build(scenario(examples=given, seed=seed, validation=0.5), NOWHERE)
        return {example.instruction for example in examples if example.split == "validation" and example.task == "a"}

    assert held_out(rows("a", 20), seed=1) == held_out(rows("b", 7) + rows("a", 20), seed=1)
    assert held_out(rows("a", 20), seed=1) != held_out(rows("a", 20), seed=2)


def test_a_row_that_says_its_split_keeps_it() -> None:
    said = [
        Row(instruction="a", response="1", split="unseen"),
        Row(instruction="b", response="2", split="validation"),
        Row(instruction="c", response="3", split="train"),
    ]
    drawn = [Row(instruction="d", response="4"), Row(instruction="e", response="5")]
    examples = build(scenario(examples=said + drawn, validation=0.5), NOWHERE)
    assert [example.split for example in examples[:3]] == ["unseen", "validation", "train"]
    assert {example.split for example in examples[3:]} == {"train", "validation"}


def test_a_file_gives_task_and_split_to_the_rows_that_say_none(tmp_path: Path) -> None:
    plain = {"instruction": "a", "response": "1"}
    file = file_of(tmp_path / "data.jsonl", plain, plain | {"task": "mine", "split": "train"})
    file.task, file.split = "theirs", "unseen"
    examples = build(scenario(files=[file]), tmp_path)
    assert [(example.task, example.split) for example in examples] == [("theirs", "unseen"), ("mine", "train")]


def test_all_rows_of_a_held_out_task_are_unseen() -> None:
    given = [*rows("other", 2), *rows("hidden", 20), Row(instruction="a", response="b", task="hidden", split="train")]
    examples = build(scenario(examples=given, tasks={"hidden": Task(held_out=True)}), NOWHERE)
    assert counts(examples) == {"train": {"other": 2}, "unseen": {"hidden": 21}}


def test_skipped_rows_are_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = file_of(tmp_path / "data.jsonl", {"instruction": "a", "response": "1"}, {"instruction": "b"}, {}, 7)
    file.wrong_rows = "skip"
    with caplog.at_level(logging.WARNING):
        assert len(build(scenario(files=[file]), tmp_path)) == 1
    assert "3 wrong rows are left out, the first: " in caplog.text
    assert "data.jsonl:2: row 2: response: this field is missing" in caplog.text


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    files = [file_of(tmp_path / "wrong.jsonl", {"instruction": 1, "response": "1"}), DataFile(path="none.csv")]
    tasks = {"sum": Task(rule="add", templates=["{a}{b}"], numbers=(1, 1))}
    with pytest.raises(InputError) as caught:
        build(scenario(files=files, tasks=tasks), tmp_path)
    assert [(Path(problem.file).name, problem.key) for problem in caught.value.problems] == [
        ("wrong.jsonl", "row 1: instruction"),
        ("none.csv", ""),
        ("", "tasks.sum.train"),
    ]


def test_a_task_that_no_example_has_is_an_error() -> None:
    given = scenario(examples=rows("greeting", 2), tasks={"greetings": Task()})
    with pytest.raises(InputError, match=r"tasks\.greetings: no example has this task \(did you mean `greeting`\?\)"):
        build(given, NOWHERE)


def test_no_examples_at_all_are_an_error() -> None:
    with pytest.raises(InputError, match="there are no examples; expected at least one"):
        build(scenario(tasks={"sum": Task(rule="add", templates=["{a}{b}"], train=0, validation=0)}), NOWHERE)


def test_the_same_scenario_gives_the_same_list() -> None:
    tasks = {"reverse": Task(rule="reverse", templates=["{name} {word}"], unseen_templates=["do {word}"])}
    given = scenario(examples=rows("a", 30), tasks=tasks, seed=3)
    assert build(given, NOWHERE) == build(given, NOWHERE)
