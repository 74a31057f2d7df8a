import pytest

from engine.architectures import Tokenizer
from engine.errors import InputError
from engine.pretraining import as_tuning, questions, tokenizer_of_base
from engine.scenario import Pretraining, Scenario
from engine.tasks import RULES
from engine.tasks.arguments import held_out
from engine.tasks.vocabulary import FILLERS

SCENARIO = Scenario(title="Base", pretraining=Pretraining(rules=["reverse", "add", "swap"]))


def test_a_question_is_a_text_about_a_held_out_argument_that_breaks_off_before_the_answer() -> None:
    asked = questions(SCENARIO)
    assert {example.task for example in asked} == {"reverse", "add", "swap"}
    for example in asked:
        rule = RULES[example.task]
        words = TOKENS.pieces(example.instruction)
        assert example.split == "validation"
        assert any(name in words for name in rule.names)
        found = [argument for argument in arguments(example.instruction, rule.kind) if held_out(argument)]
        assert example.response in [rule.apply(*argument) for argument in found]


TOKENS = tokenizer_of_base(SCENARIO)


def arguments(text: str, kind: str) -> list[tuple[str] | tuple[int, int] | tuple[str, str]]:
    """All that may be an argument in it."""
    words = text.split(" ")
    if kind == "word":
        return [(word,) for word in words]
    pairs = [(words[i - 1], words[i + 1]) for i in range(1, len(words) - 1) if words[i] == "and"]
    return [(int(a), int(b)) for a, b in pairs] if kind == "numbers" else list(pairs)


def test_the_same_scenario_asks_the_same_and_another_seed_something_else() -> None:
    other = Scenario(title="Base", pretraining=Pretraining(rules=["reverse", "add", "swap"], seed=1))
    assert questions(SCENARIO) == questions(SCENARIO)
    assert questions(SCENARIO) != questions(other)


def test_without_pretraining_nothing_can_be_asked() -> None:
    with pytest.raises(InputError, match=r"pretraining: missing"):
        questions(Scenario(title="Base"))


def test_a_base_knows_the_words_of_instructions_that_are_yet_to_come() -> None:
    names = [name for rule in RULES.values() for name in rule.names]
    assert all(len(TOKENS.encode(word)) == 1 for word in [*names, *FILLERS])
    places = tokenizer_of_base(Scenario(title="Base", tokenizer=Tokenizer(digit_places=2))).places
    assert (TOKENS.places, places) == (6, 2)


def test_every_setting_that_a_tuning_has_too_is_handed_on() -> None:
    pretraining = Pretraining(steps=7, learning_rate=0.5, betas=(0.1, 0.2), evaluate_every=3, threads=2, final_rate=0.5)
    tuning = as_tuning(pretraining)
    shared = set(Pretraining.__struct_fields__) & set(type(tuning).__struct_fields__)
    assert len(shared) == 17
    assert all(getattr(tuning, name) == getattr(pretraining, name) for name in shared)
    assert tuning.schedule == "linear"
