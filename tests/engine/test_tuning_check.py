import pytest

from engine.architectures import GruTagger, Tokenizer, Transformer
from engine.errors import InputError
from engine.example_sources import Task
from engine.examples import Example
from engine.scenario import Scenario, Tuning
from engine.tuning_check import check_tunings

SUMS = [Example("Add 1 and 2", "3", "add"), Example("Add 3 and 4", "7", "add")]
STORY = [Example("Tell me a story", "Once upon a time there was a cat", "tell"), Example("Tell me more", "No", "tell")]
HELD_OUT = [Example("Add 5 and 1", "6", "add", "validation"), Example("Tell", "No", "tell", "validation")]


def kinds(scenario: Scenario, examples: list[Example]) -> list[tuple[str, str, list[str]]]:
    return [(one.finding.kind, one.finding.severity, one.tunings) for one in check_tunings(scenario, examples)]


def test_examples_that_suit_every_tuning_are_not_mentioned() -> None:
    assert kinds(Scenario(title="t"), SUMS + HELD_OUT[:1]) == []


def test_what_is_wrong_with_the_examples_holds_for_all_tunings() -> None:
    scenario = Scenario(title="t", tunings={"a": Tuning(), "b": Tuning(method="fine-tune")})

    assert kinds(scenario, SUMS) == [("none-held-out", "warning", ["a", "b"])]


def test_examples_too_long_for_one_model_are_an_error_of_its_tunings() -> None:
    small = Transformer(context=20)
    scenario = Scenario(title="t", tunings={"a": Tuning(), "b": Tuning(model=small), "c": Tuning(model=small, steps=5)})

    (one,) = check_tunings(scenario, SUMS + STORY + HELD_OUT)

    assert (one.finding.kind, one.finding.severity, one.tunings) == ("too-long", "error", ["b", "c"])
    assert one.finding.first[0].row == 3


def test_a_model_that_cuts_is_asked_about_its_own_tasks_only() -> None:
    examples = STORY + SUMS + HELD_OUT
    scenario = Scenario(title="t", tunings={"notebook": Tuning(model=GruTagger(length=10), tasks=["add"])})

    (one,) = check_tunings(scenario, examples)

    assert (one.finding.kind, one.finding.severity, one.finding.count) == ("too-long", "warning", 3)
    assert [case.row for case in one.finding.first] == [3, 4, 5]


def test_the_tokenizer_is_the_one_of_the_tuning() -> None:
    words = Tokenizer(kind="words")
    scenario = Scenario(title="t", tunings={"a": Tuning(tasks=["tell"]), "b": Tuning(tasks=["tell"], tokenizer=words)})
    examples = [*STORY, *SUMS, *HELD_OUT]

    assert kinds(scenario, examples) == [("unknown", "warning", ["b"])]


def test_a_base_brings_its_own_tokenizer() -> None:
    scenario = Scenario(title="t", base="latest", model=Transformer(context=2))

    assert kinds(scenario, SUMS + HELD_OUT[:1]) == []


def test_a_tuning_without_examples_is_refused_by_name() -> None:
    scenario = Scenario(title="t", tasks={"more": Task()}, tunings={"a": Tuning(tasks=["more"]), "b": Tuning()})

    with pytest.raises(InputError) as caught:
        check_tunings(scenario, SUMS)

    assert str(caught.value) == "tunings.a.tasks: no example to train on; expected at least one in the split train"
