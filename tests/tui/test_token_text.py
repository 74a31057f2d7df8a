import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from engine.protocol import Token
from tests.tui.answers import BASE, said
from tui.exchange import Reply, asked, with_answer
from tui.plain_text import plain_text
from tui.token_text import named, percent_figure, pieces, runners_up, token_name


def test_a_letter_with_its_mark_and_a_joined_emoji_are_one_piece() -> None:
    found = pieces(tuple(Token(c, 1.0) for c in "ae\u0301👩\u200d🚀好"))
    assert [(piece.text, piece.cells, piece.first, piece.last) for piece in found] == [
        ("a", 1, 0, 0),
        ("e\u0301", 1, 1, 2),
        ("👩\u200d🚀", 2, 3, 5),
        ("好", 2, 6, 6),
    ]


@given(st.lists(st.text(max_size=3), max_size=8))
def test_pieces_are_the_whole_text_as_a_terminal_measures_it(texts: list[str]) -> None:
    found = pieces(tuple(Token(text, 1.0) for text in texts))
    whole = plain_text("".join(texts))
    assert "".join(piece.text for piece in found) == whole
    assert sum(piece.cells for piece in found) == cell_len(whole)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a", "a"),
        (" ", "␣"),
        ("", "∅"),
        ("<end>", "⏎"),
        ("\x1b", "␛"),
        ("\n", "␊"),
        ("\u0301", "◌\u0301"),
        ("\u200d", "U+200D"),
        ("\U0001f3fd", "U+1F3FD"),
        ("and", "and"),
    ],
)
def test_a_token_has_a_name_that_can_be_seen(text: str, name: str) -> None:
    assert named(text) == name


def test_the_token_that_ends_an_answer_has_a_sign() -> None:
    reply = with_answer(asked(1, "", [BASE], ()), BASE.ref, said("3")).replies[0]
    assert [token_name(reply, i) for i in range(2)] == ["3", "⏎"]
    assert token_name(Reply(BASE, (Token("", 1.0),)), 0) == "∅"


@pytest.mark.parametrize(
    ("probability", "figure"),
    [(1.0, "100"), (0.9999, "99"), (0.5, "50"), (0.1, "10"), (0.0512, "5.1"), (0.02, "2"), (0.0001, "0"), (0.0, "0")],
)
def test_small_percentages_have_a_decimal_and_only_what_is_whole_is_a_hundred(probability: float, figure: str) -> None:
    assert percent_figure(probability) == figure


def test_runners_up_are_told_in_their_order() -> None:
    assert runners_up(Token("a", 0.9, [("b", 0.06), ("<end>", 0.02)])) == "b 6 · ⏎ 2"
    assert runners_up(Token("a", 1.0)) == ""
