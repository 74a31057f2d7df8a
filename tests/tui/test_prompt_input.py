import io

import pytest

from engine.errors import InputError
from tui.prompt_input import lines, prompts_of


def test_a_dash_stands_for_the_lines_of_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO("Add 1 and 2\r\n\nReverse Füße".encode()))
    monkeypatch.setattr("sys.stdin", stdin)

    assert list(prompts_of(["first", "-", "last"])) == ["first", "Add 1 and 2", "Reverse Füße", "last"]


def test_bytes_that_are_no_text_are_named_by_line_and_column() -> None:
    with pytest.raises(InputError) as caught:
        list(lines(io.BytesIO(b"good\nbad \xff\n")))

    assert str(caught.value) == "standard input:2: byte 0xff at column 5; expected text in UTF-8"


def test_an_argument_that_is_no_text_is_refused() -> None:
    with pytest.raises(InputError, match="PROMPT: byte 0xe9 at column 4; expected text in UTF-8"):
        list(prompts_of(["caf\udce9"]))
