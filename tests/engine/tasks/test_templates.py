import random

from engine.tasks import templates
from engine.tasks.vocabulary import FILLERS, TRAINED_FILLERS

HELD_OUT = [
    *templates.DEVELOPMENT.name_first,
    *templates.DEVELOPMENT.argument_first,
    *templates.REPORT.name_first,
    *templates.REPORT.argument_first,
]


def test_a_wording_holds_the_name_and_the_argument_once_each_in_the_order_it_says() -> None:
    rng = random.Random(0)
    for _ in range(300):
        first = templates.name_first(rng, "NAME", "ARGUMENT").split(" ")
        assert first.index("NAME") < first.index("ARGUMENT")
        second = templates.argument_first(rng, "NAME", "ARGUMENT").split(" ")
        assert second.index("ARGUMENT") < second.index("NAME")
        for words in (first, second):
            assert words.count("NAME") == words.count("ARGUMENT") == 1
            assert "" not in words


def test_half_of_the_training_wordings_have_the_argument_first() -> None:
    rng = random.Random(1)
    made = [templates.training(rng, "NAME", "ARGUMENT") for _ in range(2000)]
    assert 0.45 < sum(text.index("ARGUMENT") < text.index("NAME") for text in made) / len(made) < 0.55
    assert len(set(made)) > 1000


def test_no_held_out_wording_is_ever_a_training_wording() -> None:
    rng = random.Random(2)
    trained = {templates.training(rng, "{n}", "{x}") for _ in range(50_000)}
    assert not trained & set(HELD_OUT)


def test_development_and_report_share_no_wording() -> None:
    assert len(set(HELD_OUT)) == len(HELD_OUT)


def test_report_wordings_hold_words_that_no_training_wording_has() -> None:
    strange = [
        wording
        for wording in (*templates.REPORT.name_first, *templates.REPORT.argument_first)
        if set(wording.split()) - {"{n}", "{x}"} - set(TRAINED_FILLERS)
    ]
    assert len(strange) >= 9


def test_held_out_wordings_say_what_comes_first() -> None:
    for wordings in (templates.DEVELOPMENT, templates.REPORT):
        assert all(wording.index("{n}") < wording.index("{x}") for wording in wordings.name_first)
        assert all(wording.index("{x}") < wording.index("{n}") for wording in wordings.argument_first)
    drawn = templates.held_out(random.Random(3), templates.REPORT.argument_first, "reverse", "cat")
    assert "cat" in drawn and "reverse" in drawn


def test_every_word_of_a_wording_is_a_filler_known_to_the_vocabulary() -> None:
    rng = random.Random(4)
    for _ in range(1000):
        assert set(templates.training(rng, "{n}", "{x}").split()) <= {*TRAINED_FILLERS, "{n}", "{x}"}
    assert set(" ".join(HELD_OUT).split()) <= {*FILLERS, "{n}", "{x}"}
    assert len(set(FILLERS)) == len(FILLERS)
