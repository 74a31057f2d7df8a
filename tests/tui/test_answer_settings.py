import pytest

from tui.answer_settings import AnswerSettings
from tui.screens.answer_settings import read_settings

TYPED = {"temperature": "0", "top_k": "0", "top_p": "1", "seed": "0", "length": ""}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (AnswerSettings(), ""),
        (AnswerSettings(top_k=5, seed=3), ""),
        (AnswerSettings(length=1), "at most 1 token"),
        (AnswerSettings(0.8, 5, 0.9, 3, 20), "temperature 0.8 · top-k 5 · top-p 0.9 · seed 3 · at most 20 tokens"),
    ],
)
def test_only_what_matters_is_told(settings: AnswerSettings, words: str) -> None:
    assert settings.described() == words


def test_what_was_typed_becomes_settings() -> None:
    assert read_settings(TYPED) == AnswerSettings()
    typed = {"temperature": "0.8", "top_k": "5", "top_p": ".9", "seed": "3", "length": "20"}
    assert read_settings(typed) == AnswerSettings(0.8, 5, 0.9, 3, 20)


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("temperature", "hot", "Temperature: hot; expected a number of at least 0"),
        ("temperature", "nan", "Temperature: nan; expected a number of at least 0"),
        ("temperature", "inf", "Temperature: inf; expected a number of at least 0"),
        ("top_k", "1.5", "Top-k: 1.5; expected a whole number of at least 0"),
        ("top_p", "0", "Top-p: 0; expected a number above 0 and at most 1"),
        ("seed", "", "Seed: nothing; expected a whole number from 0 to 4,294,967,295"),
        ("length", "0", "Length: 0; expected a whole number of at least 1, or nothing"),
    ],
)
def test_what_cannot_be_is_told_with_what_is_expected(field: str, typed: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        read_settings(TYPED | {field: typed})
    assert str(caught.value) == message
