import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from tui.plain_text import plain_text


def test_an_escape_sequence_is_shown_and_not_obeyed() -> None:
    assert plain_text("\x1b[31mred\x07\x7f") == "␛[31mred␇␡"


def test_line_breaks_and_tabs_stay_on_one_line() -> None:
    assert plain_text("a\r\nb\tc\u2028d") == "a␍␊b␉c�d"


def test_text_of_any_language_is_left_alone() -> None:
    assert plain_text("Füße 你好 नमस्ते 👩‍🚀") == "Füße 你好 नमस्ते 👩‍🚀"


@given(st.text(st.characters(codec=None)))
def test_any_text_becomes_one_printable_line(text: str) -> None:
    shown = plain_text(text)

    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cs", "Zl", "Zp"}
    shown.encode("utf-8")
