"""What `write` writes, `read` gives back."""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.errors import InputError
from engine.examples import Example
from engine.formats import ShapeName, read, shape_named, write

texts = st.text(st.characters(exclude_categories=["Cs"]))
ours = {
    "task",
    "split",
    "instruction",
    "response",
    "input",
    "output",
    "prompt",
    "completion",
    "messages",
    "conversations",
}
fields = texts.filter(lambda name: name not in ours)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)


def examples(extra: st.SearchStrategy[dict[str, Any] | None]) -> st.SearchStrategy[list[Example]]:
    splits = st.sampled_from(["train", "validation", "unseen", ""])
    return st.lists(st.builds(Example, texts, texts, texts, splits, extra), min_size=1, max_size=5)


any_extra = st.none() | st.dictionaries(fields, json_values, min_size=1, max_size=3)
ALL: list[ShapeName] = ["own", "alpaca", "prompt-completion", "messages", "sharegpt"]


def read_again(name: str, given_examples: list[Example], shape: ShapeName) -> list[Example]:
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        write(path, given_examples, shape=shape)
        result = read(path)
    assert result.shape == shape
    return result.examples


@given(examples(any_extra), st.sampled_from(["data.jsonl", "data.json"]), st.sampled_from(ALL))
def test_json_gives_back_every_example_in_every_shape(
    given_examples: list[Example], name: str, shape: ShapeName
) -> None:
    assert read_again(name, given_examples, shape) == given_examples


turns = st.lists(st.tuples(st.sampled_from(["user", "assistant", "system", "tool", "human", "gpt"]), texts), max_size=4)
any_row = st.one_of(
    st.builds(lambda a, b: {"instruction": a, "response": b}, texts, texts),
    st.builds(lambda a, b, c: {"instruction": a, "input": b, "output": c}, texts, texts, texts),
    st.builds(lambda a, b: {"prompt": a, "completion": b}, texts, texts),
    turns.map(lambda said: {"messages": [{"role": r, "content": t} for r, t in [*said, ("assistant", "yes")]]}),
    turns.map(lambda said: {"conversations": [{"from": r, "value": t} for r, t in [*said, ("gpt", "yes")]]}),
)


@given(any_row, st.sampled_from(ALL), st.sampled_from(["", "greet"]), st.sampled_from(["", "unseen"]))
def test_what_was_read_in_one_shape_is_written_in_any_other(
    row: dict[str, Any], shape: ShapeName, task: str, split: str
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "data.jsonl")
        path.write_text(json.dumps(row | {"task": task, "split": split, "source": "a friend"}))
        (given_example,) = read(path).examples
    (example,) = read_again("data.jsonl", [given_example], shape)
    assert replace(example, extra=None) == replace(given_example, extra=None)
    assert example.extra and example.extra["source"] == "a friend"


@given(examples(st.none()), st.sampled_from(["data.csv", "data.tsv", "data.parquet"]), st.sampled_from(ALL[:3]))
def test_tables_give_back_every_example(given_examples: list[Example], name: str, shape: ShapeName) -> None:
    assert read_again(name, given_examples, shape) == given_examples


@given(examples(st.none()), st.sampled_from(ALL[3:]))
def test_parquet_gives_back_conversations(given_examples: list[Example], shape: ShapeName) -> None:
    assert read_again("data.parquet", given_examples, shape) == given_examples


@given(
    examples(st.fixed_dictionaries({"source": texts, "": texts})),
    st.sampled_from(["data.csv", "data.tsv", "data.parquet"]),
)
def test_tables_keep_columns_of_text_that_every_example_has(given_examples: list[Example], name: str) -> None:
    assert read_again(name, given_examples, "own") == given_examples


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("data.jsonl", "own"),
        ("data.alpaca.jsonl", "alpaca"),
        ("a.b.ShareGPT.json", "sharegpt"),
        ("data.prompt-completion.csv", "prompt-completion"),
        ("messages.jsonl", "own"),
        ("data.v2.jsonl", "own"),
    ],
)
def test_the_name_of_a_file_says_its_shape(name: str, shape: ShapeName) -> None:
    assert shape_named(name) == shape


def test_a_table_has_no_name_for_conversations() -> None:
    with pytest.raises(InputError, match="a table cannot hold messages; expected jsonl, json or parquet"):
        shape_named("data.messages.csv")


def test_extra_fields_by_which_a_file_would_be_read_otherwise_are_refused(tmp_path: Path) -> None:
    example = Example("a", "b", extra={"prompt": "c", "completion": "d"})
    with pytest.raises(InputError, match="would be read in the shape prompt-completion"):
        write(tmp_path / "data.jsonl", [example], shape="messages")
    write(tmp_path / "data.jsonl", [Example("a", "b"), example], shape="messages")
    assert read(tmp_path / "data.jsonl").examples == [Example("a", "b"), example]


def test_alpaca_is_written_with_its_input_apart(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    row = {"instruction": "Add\nthese", "input": "1\n2", "output": "3"}
    path.write_text(json.dumps(row))
    write(path, read(path).examples, shape="alpaca")
    assert json.loads(path.read_text()) == row


def test_an_edited_instruction_is_not_cut_at_an_input_that_it_no_longer_has(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    write(path, [Example("Add\n1 and 3", "4", extra={"input": "1 and 2"})], shape="alpaca")
    assert read(path).examples == [Example("Add\n1 and 3", "4")]


def test_values_that_are_not_text_become_json_in_a_table(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    write(path, [Example("a", "b", extra={"n": 1, "tags": ["x"], "none": None}), Example("c", "d")])
    assert path.read_text().splitlines() == [
        "instruction,response,split,n,tags,none",
        'a,b,train,1,"[""x""]",',
        "c,d,train,,,",
    ]


def test_the_format_may_differ_from_the_ending(tmp_path: Path) -> None:
    path = tmp_path / "data.txt"
    write(path, [Example("é", "b")], format="jsonl")
    assert path.read_text(encoding="utf-8") == '{"instruction":"é","response":"b","split":"train"}\n'


@pytest.mark.parametrize(
    ("name", "shape", "example", "message"),
    [
        ("data.jsonl", "own", Example("a", "b", extra={"response": "c"}), "row 1: response: the example has an extra"),
        ("data.jsonl", "own", Example("a", "b", extra={"task": "c"}), "row 1: task: the example has an extra field"),
        ("data.jsonl", "own", Example("a", "\ud800"), r"row 1: response: half a character, '\\ud800'"),
        ("data.csv", "own", Example("a", "b", extra={"x": object()}), "row 1: x: a value of type object cannot be"),
        ("data.csv", "messages", Example("a", "b"), "a table cannot hold messages; expected jsonl, json or parquet"),
        ("data.xlsx", "own", Example("a", "b"), 'the ending ".xlsx" says no format; expected .jsonl'),
        ("data", "own", Example("a", "b"), "a name without an ending says no format"),
        ("data.parquet", "own", Example("a", "b", extra={"x": {}}), "Parquet cannot hold these rows"),
    ],
)
def test_what_cannot_be_written_is_named_and_the_old_file_stays(
    tmp_path: Path, name: str, shape: ShapeName, example: Example, message: str
) -> None:
    path = tmp_path / name
    path.write_text("as it was")
    with pytest.raises(InputError, match=message) as caught:
        write(path, [example], shape=shape)
    assert caught.value.problems[0].file == str(path)
    assert path.read_text() == "as it was"
    assert os.listdir(tmp_path) == [name]
