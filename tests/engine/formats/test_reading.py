"""What `read` makes of a right file: its examples, its shape and its format."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.errors import InputError
from engine.examples import Example
from engine.formats import read

OWN = {"instruction": "Add 1 and 2", "response": "3"}


def written(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("row", "shape", "instruction", "response"),
    [
        (OWN, "own", "Add 1 and 2", "3"),
        ({"instruction": "Add", "input": "1 and 2", "output": "3"}, "alpaca", "Add\n1 and 2", "3"),
        ({"instruction": "Say hello", "input": "", "output": "hello"}, "alpaca", "Say hello", "hello"),
        ({"instruction": "Say hello", "input": None, "output": "hello"}, "alpaca", "Say hello", "hello"),
        ({"prompt": "1 + 2 =", "completion": " 3"}, "prompt-completion", "1 + 2 =", " 3"),
        (
            {"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]},
            "messages",
            "hi",
            "hello",
        ),
        (
            {"conversations": [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "hello"}]},
            "sharegpt",
            "hi",
            "hello",
        ),
    ],
)
def test_the_shape_is_found_by_the_fields(
    tmp_path: Path, row: dict[str, Any], shape: str, instruction: str, response: str
) -> None:
    result = read(written(tmp_path / "data.jsonl", row))
    assert result.shape == shape
    assert (result.examples[0].instruction, result.examples[0].response) == (instruction, response)
    assert result.problems == []


def test_task_and_split_are_read_and_the_split_stays_open_where_a_row_does_not_say(tmp_path: Path) -> None:
    path = written(tmp_path / "data.jsonl", OWN | {"task": "add", "split": "unseen"}, OWN | {"split": "train"}, OWN)
    assert [(example.task, example.split) for example in read(path).examples] == [
        ("add", "unseen"),
        ("", "train"),
        ("", ""),
    ]


def test_unknown_fields_are_kept(tmp_path: Path) -> None:
    path = written(tmp_path / "data.jsonl", OWN, OWN | {"source": {"page": 12}, "note": None})
    assert [example.extra for example in read(path).examples] == [None, {"source": {"page": 12}, "note": None}]


@pytest.mark.parametrize("name", ["data.jsonl", "data.ndjson", "data.json", "DATA.JSONL"])
def test_lines_of_json_are_read_under_each_of_their_names(tmp_path: Path, name: str) -> None:
    result = read(written(tmp_path / name, OWN, OWN))
    assert (len(result.examples), result.format) == (2, "jsonl")


def test_an_array_of_json_is_read(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text(json.dumps([OWN, OWN | {"note": 1}], indent=2))
    result = read(path)
    assert result.format == "json"
    assert result.examples[1] == Example("Add 1 and 2", "3", split="", extra={"note": 1})


@pytest.mark.parametrize(("name", "comma"), [("data.csv", ","), ("data.tsv", "\t")])
def test_a_table_is_read_by_its_header(tmp_path: Path, name: str, comma: str) -> None:
    path = tmp_path / name
    path.write_text(f'task{comma}response{comma}instruction\nadd{comma}3{comma}"Add ""1""\nand 2"\n\n{comma}4{comma}\n')
    assert read(path).examples == [
        Example('Add "1"\nand 2', "3", task="add", split=""),
        Example("", "4", split=""),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("data.jsonl", '{"instruction": "é", "response": "b"}\r\n\r\n{"instruction": "c", "response": "d"}\r\n'),
        ("data.json", '[{"instruction": "é", "response": "b"},\r\n{"instruction": "c", "response": "d"}]\r\n'),
        ("data.csv", "instruction,response\r\né,b\r\nc,d\r\n"),
        ("data.tsv", "instruction\tresponse\r\né\tb\r\nc\td\r\n"),
    ],
)
def test_a_byte_order_mark_and_line_ends_of_windows_change_nothing(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode("utf-8-sig"))
    assert read(path).examples == [Example("é", "b", split=""), Example("c", "d", split="")]


def test_very_long_text_is_read_whole(tmp_path: Path) -> None:
    long = "x" * 10_000_000
    assert (
        read(written(tmp_path / "data.jsonl", {"instruction": long, "response": "y"})).examples[0].instruction == long
    )
    table = tmp_path / "data.csv"
    table.write_text(f"instruction,response\n{long},y\n")
    assert read(table).examples[0].instruction == long


def test_parquet_without_pyarrow_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "data.parquet"
    path.write_bytes(b"PAR1")
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(InputError, match=r"pip install 'tunetui\[parquet\]'"):
        read(path)
