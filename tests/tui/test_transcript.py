from tests.tui.answers import ADD, BASE, BOTH, MODELS, ODD, said
from tui.exchange import asked, ended, with_answer
from tui.plain_text import plain_text
from tui.transcript import transcript


def test_every_answer_stands_with_its_model_its_sign_and_its_percentages() -> None:
    exchange = asked(1, "Add 1 and 2", MODELS, ("3",))
    exchange = with_answer(exchange, BASE.ref, said("3 3", stops=False))
    exchange = with_answer(exchange, ADD.ref, said("3"))
    exchange = with_answer(exchange, BOTH.ref, None, "The engine is gone.")
    assert transcript([exchange]).splitlines() == [
        "› Add 1 and 2   right: 3",
        "  base               3 3…   ✗ right, but did not stop   3 99 · ␣ 99 · 3 99",
        "  fine-tune-add      3   ✓   3 99 · ⏎ 99",
        "  instruction-tune   The engine is gone.",
    ]


def test_exchanges_are_a_blank_line_apart_and_hold_no_control_characters() -> None:
    exchange = ended(with_answer(asked(1, ODD, MODELS, ()), BASE.ref, said(ODD)))
    text = transcript([exchange, exchange])
    assert text.count(f"› {plain_text(ODD)}") == 2
    assert "\n\n›" in text
    assert "  fine-tune-add      cancelled" in text
    assert not set("\x1b\x07\r\t\u202e") & set(text)


def test_what_the_screen_says_of_an_answer_stands_in_the_file_too() -> None:
    exchange = asked(1, "Add 1 and 2", MODELS, ("", "3"))
    exchange = with_answer(exchange, BASE.ref, said("5", stops=False, note="It has seen no such text."))
    exchange = with_answer(exchange, ADD.ref, said("", note="Half of the prompt was cut."))
    assert transcript([exchange]).splitlines() == [
        "› Add 1 and 2   right: ∅ or 3",
        "  base               5…   ✗ did not stop, It has seen no such text.   5 99",
        "  fine-tune-add      ∅   ✓ Half of the prompt was cut.   ⏎ 99",
        "  instruction-tune   …   not answered yet",
    ]
