import pytest
from rich.cells import cell_len

from engine.protocol import Answer
from tests.tui.answers import BASE, BOTH, ODD, said
from tui.exchange import Exchange, asked, with_answer
from tui.widgets.exchange_text import LINES, Hand, exchange_lines, shade, shortened


def answered(answer: Answer, *expected: str) -> Exchange:
    return with_answer(asked(1, "Reverse hello", [BASE], tuple(expected)), BASE.ref, answer)


def texts(exchange: Exchange, width: int, hand: Hand | None = None) -> list[str]:
    return [line.content.plain.rstrip() for line in exchange_lines(exchange, width, hand)]


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("text", [ODD, "long " * 30, ""])
def test_no_line_is_wider_than_there_is_room(text: str, width: int) -> None:
    exchange = asked(1, text, [BASE, BOTH], (text,))
    exchange = with_answer(with_answer(exchange, BASE.ref, said(text, stops=False)), BOTH.ref, None, text or "gone")
    for hand in (None, Hand(0), Hand(0, 1 if text else None), Hand(1, 0)):
        lines = exchange_lines(exchange, width, hand)
        assert max(cell_len(line.content.plain) for line in lines) <= width


def test_figures_stand_beside_an_answer_where_they_fit() -> None:
    line = texts(answered(said("olleh")), 100, Hand(0))[1]
    assert line == "▌ base   olleh     sure: o 99 · l 99 · l 99 · e 99 · h 99 · ⏎ 99 %"


def test_of_a_long_answer_the_figures_around_the_token_stand_below_while_it_is_looked_at() -> None:
    exchange = answered(said("abcdefghijklmnopqrstuvwxyz"))
    assert len(texts(exchange, 40, Hand(0))) == 2
    looked_at = texts(exchange, 40, Hand(0, 25))
    assert len(looked_at) == 2 + 3
    assert looked_at[-1].endswith("z 99 · ⏎ 99 %")
    assert texts(exchange, 40, Hand(0, 0))[2].startswith("▌        a 99 · b 99")


def test_what_is_less_certain_is_shaded_more_and_what_is_unlikely_is_underlined() -> None:
    styles = [shade(probability) for probability in (1.0, 0.9, 0.6, 0.4, 0.1, 0.0)]
    assert styles[0] == ""
    assert len(set(styles[:5])) == 5
    assert ["underline" in style for style in styles] == [False, False, False, True, True, True]
    assert [shade(probability, LINES) for probability in (1.0, 0.6, 0.1)] == ["", "underline", "bold underline"]


def test_a_name_that_is_too_long_is_cut_with_a_sign() -> None:
    assert shortened("instruction-tune", 8) == "instruc…"
    assert shortened("你好你好", 6) == "你好…"
    assert shortened("base", 8) == "base"
