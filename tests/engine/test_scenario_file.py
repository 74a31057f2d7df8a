"""A scenario file is read, or everything that is wrong with it is told, each with its line and key."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.architectures import Transformer
from engine.errors import InputError, Problem
from engine.example_sources import Row, Task
from engine.scenario import Scenario, Tuning
from engine.scenario_file import LARGEST, load

GOOD = """\
# Two tasks
title = "Sums and more"

[tasks.add]
rule = "add"
templates = ["Add {a} and {b}"]
numbers = [0, 9]

[[examples]]
instruction = "Say hello"
response = "hello"

[model]
width = 64

[tunings.mine]
steps = 100
tasks = { add = 1 }
"""


def problems(path: Path, content: str | bytes) -> list[Problem]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as caught:
        load(path)
    return caught.value.problems


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine.toml"


def test_a_file_becomes_a_scenario(path: Path) -> None:
    path.write_text(GOOD)
    assert load(path) == Scenario(
        title="Sums and more",
        tasks={"add": Task(rule="add", templates=["Add {a} and {b}"], numbers=(0, 9))},
        examples=[Row(instruction="Say hello", response="hello")],
        model=Transformer(width=64),
        tunings={"mine": Tuning(steps=100, tasks={"add": 1.0})},
    )


def test_byte_order_mark_and_windows_line_ends_make_no_difference(path: Path, tmp_path: Path) -> None:
    path.write_text(GOOD)
    other = tmp_path / "windows.toml"
    other.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load(other) == load(path)


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_lines(path: Path) -> None:
    wrong = (
        GOOD.replace("title", "titel")
        .replace("width = 64", "width = 50")
        .replace("steps = 100", 'steps = "many"\nlearning-rate = 1')
        .replace("[0, 9]", "[9, 0]")
        .replace("add = 1", "ad = 1")
    )
    assert [str(problem).removeprefix(str(path)) for problem in problems(path, wrong)] == [
        ":2: titel: unknown key (did you mean `title`?)",
        ":7: tasks.add.numbers: [9, 0]; expected the smaller one first",
        ":14: model.width: 50 with 4 heads; expected a multiple of `heads`",
        ":17: tunings.mine.steps: 'many'; expected a whole number of at least 1",
        ":18: tunings.mine.learning-rate: unknown key (did you mean `learning_rate`?)",
        ":19: tunings.mine.tasks.ad: there is no task 'ad' (did you mean `add`?)",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[tasks.add]", "[taks.add]", ["taks"]),
        ("rule =", "rulee =", ["tasks.add.rulee"]),
        ("templates =", "template =", ["tasks.add.template"]),
        ("[tasks.add]", "tasks = 5\n[task.add]", ["tasks", "task"]),
        ('["Add {a} and {b}"]', "5", ["tasks.add.templates"]),
        ("width = 64", 'width = 50\nheads = "two"', ["model.heads"]),
        ("width = 64", 'architecture = "gru_tager"', ["model.architecture"]),
    ],
)
def test_what_follows_from_a_mistake_is_not_told_besides(path: Path, old: str, new: str, expected: list[str]) -> None:
    assert [problem.key for problem in problems(path, GOOD.replace(old, new))] == expected


def test_a_missing_key_is_told_on_the_line_of_its_table(path: Path) -> None:
    (problem,) = problems(path, GOOD.replace('response = "hello"', ""))
    assert (problem.line, problem.key, problem.found) == (9, "examples[1].response", "missing")


def test_an_empty_file_lacks_a_title_and_examples(path: Path) -> None:
    assert [problem.key for problem in problems(path, "")] == ["title", "examples"]


def test_keys_are_written_as_in_toml(path: Path) -> None:
    keys = [problem.key for problem in problems(path, GOOD + '[tasks."a b".x]\n[tasks."\\n\\u001b"]\n')]
    assert keys == ['tasks."a b".x', r'tasks."\n\u001b"']


def test_a_missing_data_file_is_told_on_the_line_of_its_path(path: Path) -> None:
    path.with_name("poems.jsonl").touch()
    (problem,) = problems(path, 'title = "x"\n[[files]]\ntask = "poem"\npath = "peoms.jsonl"\n')
    assert (problem.line, problem.key, problem.hint) == (4, "files[1].path", "did you mean `poems.jsonl`?")


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("title = hello\n", 1, "not TOML: invalid value"),
        ('title = "x"\ntitle = "y"\n', 2, "not TOML: cannot overwrite a value"),
        ('title = "x"\n\nabout = "y', 3, "not TOML: unterminated string"),
        ("title = 'a\0b'\n", 1, r"not TOML: found invalid character '\x00'"),
        ('title = "\\ud800"\n', 1, "not TOML: escaped character is not a Unicode scalar value"),
        ("a = " + "[" * 100_000, 0, "not TOML: brackets nested too deep"),
        ("seed = " + "9" * 5000, 0, "not TOML: exceeds the limit"),
    ],
)
def test_what_is_not_toml_is_told_with_its_line(path: Path, text: str, line: int, found: str) -> None:
    (problem,) = problems(path, text)
    assert problem.line == line
    assert problem.found.startswith(found)


def test_what_is_not_utf_8_is_told_with_its_line(path: Path) -> None:
    (problem,) = problems(path, b'title = "x"\nabout = "\xed\xa0\x80"\n')
    assert (problem.line, problem.found) == (2, "byte 0xed is not UTF-8")


def test_what_is_too_large_is_refused(path: Path) -> None:
    (problem,) = problems(path, b"#" * 10_000_000)
    assert problem.expected == f"at most {LARGEST:,} bytes"


def test_a_very_long_line_makes_a_short_error(path: Path) -> None:
    (problem,) = problems(path, GOOD.replace("[0, 9]", f'"{"9" * 1_000_000}"'))
    assert (problem.line, problem.key) == (7, "tasks.add.numbers")
    assert len(str(problem)) < 300


def test_a_file_that_is_not_there_is_told_with_one_that_is(path: Path) -> None:
    path.touch()
    with pytest.raises(InputError, match=r"there is no such file \(did you mean `mine.toml`\?\)"):
        load(path.with_name("mien.toml"))


def test_a_folder_or_a_pipe_is_not_a_scenario(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    for path in (tmp_path, tmp_path / "pipe.toml"):
        with pytest.raises(InputError, match="not a file"):
            load(path)


@pytest.mark.parametrize("name", ["nul\0.toml", "long" * 200])
def test_a_name_that_no_file_can_have_is_told(name: str) -> None:
    with pytest.raises(InputError):
        load(Path(name))


@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_content_gives_a_scenario_or_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    is_read(tmp_path_factory.getbasetemp() / "any.toml", content)


@given(
    st.integers(0, len(GOOD)),
    st.integers(0, 20),
    st.sampled_from(["", "0", "-1", '"', "[", "]", "{}", "=", "\n", ".x", "nan", "1979-05-27", "[[tasks]]", "\0"])
    | st.text(),
)
def test_any_change_of_a_file_gives_a_scenario_or_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, start: int, length: int, new: str
) -> None:
    is_read(tmp_path_factory.getbasetemp() / "any.toml", (GOOD[:start] + new + GOOD[start + length :]).encode())


def is_read(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        assert isinstance(load(path), Scenario)
    except InputError as error:
        assert error.problems
