import pytest

from engine.protocol import Token
from tests.tui.answers import ADD, BASE, MODELS, said
from tui.exchange import Exchange, Verdict, asked, ended, verdict, with_answer, with_token


def exchange(*expected: str) -> Exchange:
    return asked(1, "Add 1 and 2", MODELS, tuple(expected))


@pytest.mark.parametrize(
    ("text", "stops", "found"),
    [
        ("3", True, "right"),
        ("3", False, "right, but went on"),
        ("3 3 3", False, "right, but went on"),
        ("4", True, "wrong"),
        ("43", False, "wrong"),
        ("", True, "wrong"),
    ],
)
def test_an_answer_is_right_only_if_it_ends_where_the_right_one_ends(text: str, stops: bool, found: Verdict) -> None:
    reply = with_answer(exchange("3"), BASE.ref, said(text, stops=stops)).replies[0]
    assert verdict(reply, {"3"}) == found


def test_nothing_is_right_or_wrong_where_the_answer_is_not_known_or_not_given() -> None:
    answered = with_answer(exchange(), BASE.ref, said("3"))
    assert verdict(answered.replies[0], ()) is None
    for open_or_broken in (exchange("3"), ended(exchange("3")), with_answer(exchange("3"), BASE.ref, None, "gone")):
        assert verdict(open_or_broken.replies[0], {"3"}) is None


def test_rows_that_contradict_each_other_make_both_answers_right() -> None:
    reply = with_answer(exchange("3", "three"), BASE.ref, said("three")).replies[0]
    assert verdict(reply, {"3", "three"}) == "right"


def test_tokens_come_one_by_one_and_the_whole_answer_replaces_them() -> None:
    streaming = with_token(with_token(exchange(), ADD.ref, Token("1", 0.5)), ADD.ref, Token("2", 0.5))
    assert [reply.text for reply in streaming.replies] == ["", "12", ""]
    assert not streaming.is_over

    whole = with_answer(streaming, ADD.ref, said("123", note="the model does not know: ä"))
    assert (whole.replies[1].text, whole.replies[1].state, whole.replies[1].note) == (
        "123",
        "stopped",
        "the model does not know: ä",
    )


def test_what_comes_after_the_end_changes_nothing() -> None:
    over = ended(exchange())
    assert over.is_over
    assert with_token(over, BASE.ref, Token("1", 0.5)) == over
    assert with_answer(over, BASE.ref, said("1")) == over


def test_at_the_end_only_open_replies_are_cancelled_or_failed() -> None:
    answered = with_answer(exchange(), BASE.ref, said("3"))
    assert [reply.state for reply in ended(answered).replies] == ["stopped", "cancelled", "cancelled"]
    assert [reply.note for reply in ended(answered, error="The engine is gone.").replies][1:] == [
        "The engine is gone."
    ] * 2


def test_a_prompt_that_does_not_fit_is_a_failure_with_its_reason() -> None:
    answer = said("", stops=False, note="the prompt is longer than the model's 64 tokens")
    reply = with_answer(exchange(), BASE.ref, answer).replies[0]
    assert (reply.state, reply.note) == ("failed", "the prompt is longer than the model's 64 tokens")


def test_only_the_last_token_without_text_is_the_end() -> None:
    reply = with_answer(exchange(), BASE.ref, said("3")).replies[0]
    assert [reply.is_end(i) for i in range(2)] == [False, True]
    assert not with_answer(exchange(), BASE.ref, said("3", stops=False)).replies[0].is_end(0)
