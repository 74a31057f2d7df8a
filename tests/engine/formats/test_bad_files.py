"""Any file gives examples or an error that names the row, the line and the field; never another exception."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InputError, Problem
from engine.formats import read

GOOD = '{"instruction": "a", "response": "b"}'


def problems(path: Path, content: str | bytes) -> list[Problem]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InputError) as caught:
        read(path)
    assert all(problem.file == str(path) for problem in caught.value.problems)
    return caught.value.problems


@pytest.mark.parametrize(
    ("line", "key", "found"),
    [
        ('{"instruction": "a"}', "row 2: response", "this field is missing"),
        ('{"instruction": "a", "response": 3}', "row 2: response", "the number 3"),
        ('{"instruction": "a", "response": null}', "row 2: response", "nothing"),
        ('{"instruction": ["a"], "response": "b"}', "row 2: instruction", "a list"),
        ('{"instruction": "a", "response": "b", "task": true}', "row 2: task", "true"),
        ('{"instruction": "a", "response": "b", "split": "test"}', "row 2: split", '"test"'),
        ('{"instruction": "a", "resp', "row 2", "not JSON: unterminated string starting at column 22"),
        ('{"instruction": "a" "response": "b"}', "row 2", "not JSON: expecting ',' delimiter at column 21"),
        (GOOD + GOOD, "row 2", 'not JSON: "{"instruction": "a",…" after the end of the value'),
        ('["a", "b"]', "row 2", "a list"),
        ("12", "row 2", "the number 12"),
        (r'{"instruction": "\ud800", "response": "b"}', "row 2: instruction", r"half a character, '\ud800'"),
        (r'{"instruction": "a", "response": "b", "x": ["\udfff"]}', "row 2: x", r"half a character, '\udfff'"),
        ('{"instruction": "a\0", "response": "b"}', "row 2", "not JSON: invalid control character at column 19"),
        ('{"instruction": ' + "[" * 100_000, "row 2", "lists or objects within each other, too many to read"),
        (
            '{"x": ' + "9" * 5000 + ', "instruction": "a", "response": "b"}',
            "row 2",
            "a number with thousands of digits",
        ),
    ],
)
def test_a_wrong_row_is_named_by_row_line_and_field(tmp_path: Path, line: str, key: str, found: str) -> None:
    (problem,) = problems(tmp_path / "data.jsonl", f"{GOOD}\n\n{line}\n{GOOD}")
    assert (problem.line, problem.key, problem.found) == (3, key, found)


def test_bytes_that_are_not_text_are_named_by_field(tmp_path: Path) -> None:
    for name, content in {
        "data.jsonl": GOOD.encode() + b'\n{"instruction": "a\xff", "response": "b"}',
        "data.json": b"[" + GOOD.encode() + b',\n{"instruction": "a\xff", "response": "b"}]',
        "data.csv": b"instruction,response\na\xff,b\n",
    }.items():
        (problem,) = problems(tmp_path / name, content)
        assert problem.line == 2
        assert problem.key.endswith(": instruction")
        assert (problem.found, problem.expected) == ("bytes that are not UTF-8", "text in UTF-8")


@pytest.mark.parametrize(
    ("name", "content", "line", "key", "found"),
    [
        ("data.json", f'[\n{GOOD},\n{{"instruction": 1, "response": ""}}]', 3, "row 2: instruction", "the number 1"),
        ("data.json", f"[\n{GOOD},\n{GOOD}", 3, "row 3", "the file ends within the array"),
        (
            "data.json",
            f'[{GOOD},\n{{"instruction":\n"a',
            2,
            "row 2",
            "not JSON: unterminated string starting at line 3, column 1",
        ),
        ("data.json", f"[{GOOD} {GOOD}]", 1, "row 2", '"{"instruction": "a",…"'),
        ("data.json", f"[{GOOD}]\n[{GOOD}]", 2, "row 2", '"[{"instruction": "a"…"'),
        ("data.csv", "instruction,response\na,b\na\n", 3, "row 2", "1 cell"),
        ("data.csv", 'instruction,response\n"a\nb",c\n\na,b,c\n', 5, "row 2", "3 cells"),
        ("data.csv", 'instruction,response\na,"b" c\n', 2, "row 1", "',' expected after '\"'"),
        ("data.csv", 'instruction,response\na,b\nc,"d\ne,f\n', 3, "row 2", "unexpected end of data"),
        ("data.csv", "instruction,response,response\na,b,c\n", 1, "", "the header names a column twice: response"),
        ("data.csv", 'instruction,"response\na,b\n', 1, "", "the header cannot be read: unexpected end of data"),
    ],
)
def test_a_broken_file_is_named_by_line(
    tmp_path: Path, name: str, content: str, line: int, key: str, found: str
) -> None:
    (problem,) = problems(tmp_path / name, content)
    assert (problem.line, problem.key, problem.found) == (line, key, found)


@pytest.mark.parametrize("content", [b"", b"\n \r\n", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("name", ["data.jsonl", "data.json", "data.csv"])
def test_a_file_without_rows_is_an_error(tmp_path: Path, name: str, content: bytes) -> None:
    (problem,) = problems(tmp_path / name, content if name != "data.csv" else b"instruction,response\n")
    assert problem.found == "no rows"


def test_unknown_fields_alone_are_told_with_those_that_are_known(tmp_path: Path) -> None:
    problem = problems(tmp_path / "data.jsonl", '{"question": "a", "answer": "b"}\n')[0]
    assert problem.found == "its fields are question, answer"
    assert problem.expected.startswith("instruction and response, or instruction and output, or prompt and completion")


@pytest.mark.parametrize("name", ["data.jsonl", "data.json", "data.csv", "data.tsv"])
def test_text_in_utf_16_is_told(tmp_path: Path, name: str) -> None:
    (problem,) = problems(tmp_path / name, GOOD.encode("utf-16"))
    assert (problem.found, problem.hint) == ("text in UTF-16", "save it again as UTF-8")


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + bytes(range(256)) + b"PAR1", GOOD.encode()])
def test_a_damaged_parquet_file_is_told(tmp_path: Path, content: bytes) -> None:
    (problem,) = problems(tmp_path / "data.parquet", content)
    assert problem.found.startswith("not a Parquet file, or a damaged one: ")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.jsonl: no such file or directory; expected a file of examples"):
        read(tmp_path / "none.jsonl")
    with pytest.raises(InputError, match="this is a folder"):
        read(tmp_path)
    with pytest.raises(InputError, match="NUL"):
        read("a\0.jsonl")


def test_wrong_rows_are_skipped_on_request_and_all_are_named(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text("".join(f"{GOOD}\n{{}}\n" for _ in range(30)))
    result = read(path, wrong_rows="skip")
    assert len(result.examples) == 30
    assert [(problem.file, problem.line) for problem in result.problems] == [(str(path), n) for n in range(2, 61, 2)]


def test_stopping_names_the_first_twenty_wrong_rows(tmp_path: Path) -> None:
    found = problems(tmp_path / "data.jsonl", "".join(f"{GOOD}\n{{}}\n" for _ in range(30)))
    assert [problem.line for problem in found] == list(range(2, 41, 2))


def test_a_file_of_wrong_rows_only_is_an_error_even_if_they_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text('{"instruction": 1, "response": 2}\n')
    with pytest.raises(InputError, match="row 1: instruction: the number 1; expected text"):
        read(path, wrong_rows="skip")


ROWS = [
    {"instruction": "a", "input": "b", "response": "c", "output": "d", "task": "e", "split": "train", "x": [{}]},
    {"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]},
    {"conversations": [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "hello"}]},
]  # fmt: skip
SEEDS = [json.dumps(ROWS[:1] * 2).encode(), b'instruction,response\n"a, b",c\n']
SEEDS += [b"\n".join(json.dumps(row).encode() for row in [row] * 3) for row in ROWS]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A right file in which some stretches are replaced."""
    content = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(content)))
        end = start + draw(st.integers(0, 5))
        content = (
            content[:start]
            + draw(st.binary(max_size=3) | st.sampled_from([b"\\ud800", b"\0", b'"', b"{["]))
            + content[end:]
        )
    return content


@given(
    st.binary(max_size=200) | mutated(),
    st.sampled_from(["data.jsonl", "data.json", "data.csv", "data.tsv", "data.parquet"]),
    st.booleans(),
)
def test_any_bytes_give_examples_or_an_error_with_a_place(content: bytes, name: str, skip: bool) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        try:
            result = read(path, wrong_rows="skip" if skip else "stop")
        except InputError as error:
            assert error.problems
            assert all(problem.file == str(path) and problem.found.isprintable() for problem in error.problems)
        else:
            assert result.examples
