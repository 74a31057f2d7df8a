"""Conversations become one instruction and one response, and are written again as they were."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.errors import InputError
from engine.formats import read, write


def messages(*turns: tuple[str, str]) -> dict[str, Any]:
    return {"messages": [{"role": role, "content": text} for role, text in turns]}


def file_of(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.mark.parametrize(
    ("conversation", "instruction", "response"),
    [
        (messages(("user", "hi"), ("assistant", "hello")), "hi", "hello"),
        (messages(("system", "Be brief."), ("user", "hi"), ("assistant", "hello")), "Be brief.\nhi", "hello"),
        (
            messages(("user", "hi"), ("assistant", "hello"), ("user", "bye"), ("assistant", "see you")),
            "user: hi\nassistant: hello\nuser: bye",
            "see you",
        ),
        (messages(("user", "hi"), ("assistant", "hello"), ("user", "still there?")), "hi", "hello"),
        (messages(("assistant", "hello")), "", "hello"),
    ],
)
def test_the_last_answer_is_the_response_and_what_comes_before_is_the_instruction(
    tmp_path: Path, conversation: dict[str, Any], instruction: str, response: str
) -> None:
    example = read(file_of(tmp_path / "chat.jsonl", conversation)).examples[0]
    assert (example.instruction, example.response) == (instruction, response)


def test_roles_of_sharegpt_are_given_our_names(tmp_path: Path) -> None:
    turns = [("system", "Be brief."), ("human", "hi"), ("gpt", "hello"), ("human", "bye"), ("gpt", "see you")]
    row = {"conversations": [{"from": role, "value": text} for role, text in turns]}
    example = read(file_of(tmp_path / "chat.jsonl", row)).examples[0]
    assert example.instruction == "system: Be brief.\nuser: hi\nassistant: hello\nuser: bye"


def test_a_dialogue_is_written_in_the_other_shape_too(tmp_path: Path) -> None:
    turns = [("system", "Be brief."), ("user", "hi"), ("assistant", "hello"), ("user", "bye"), ("assistant", "see you")]
    roles = {"user": "human", "assistant": "gpt"}
    rows = [
        messages(*turns),
        {"conversations": [{"from": roles.get(role, role), "value": text} for role, text in turns]},
    ]
    path = tmp_path / "chat.jsonl"
    write(path, read(file_of(path, rows[0])).examples, shape="sharegpt")
    assert json.loads(path.read_text()) == rows[1]
    write(path, read(path).examples, shape="messages")
    assert json.loads(path.read_text()) == rows[0]


def test_a_conversation_is_written_as_it_was(tmp_path: Path) -> None:
    rows = [
        messages(("user", "hi"), ("assistant", "hello")),
        messages(("system", "Be brief."), ("user", "hi"), ("assistant", "hello"), ("user", "still there?")),
        {
            "messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello", "weight": 1}],
            "id": 7,
        },
    ]
    path = file_of(tmp_path / "chat.jsonl", *rows)
    write(path, read(path).examples, shape="messages")
    assert [json.loads(line) for line in path.read_text().splitlines()] == rows


def test_an_edited_conversation_is_written_as_question_and_answer(tmp_path: Path) -> None:
    path = file_of(tmp_path / "chat.jsonl", messages(("system", "Be brief."), ("user", "hi"), ("assistant", "hello")))
    examples = read(path).examples
    examples[0].response = "good morning"
    write(path, examples, shape="messages")
    assert json.loads(path.read_text()) == messages(("user", "Be brief.\nhi"), ("assistant", "good morning"))


@pytest.mark.parametrize(
    ("conversation", "message"),
    [
        (messages(("user", "hi")), "row 1: messages: no message of the assistant; expected an answer"),
        ({"messages": []}, "no message of the assistant"),
        ({"messages": "hi"}, 'row 1: messages: "hi"; expected a list of messages'),
        ({"messages": ["hi"]}, r'row 1: messages\[0\]: "hi"; expected role and content'),
        ({"messages": [{"role": "user"}]}, r"row 1: messages\[0\]\.content: this field is missing; expected text"),
        ({"messages": [{"role": "user", "content": ["hi"]}]}, r"messages\[0\]\.content: a list; expected text"),
    ],
)
def test_a_conversation_that_is_none_is_a_wrong_row(tmp_path: Path, conversation: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(file_of(tmp_path / "chat.jsonl", conversation))
