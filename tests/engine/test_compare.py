import random
from dataclasses import replace

import pytest
import torch

from engine.architectures import GruClassifier, Transformer
from engine.compare import Entrant, Outcome, answered, cell_answers, compare
from engine.errors import InputError, Problem
from engine.examples import Example
from engine.groups import Question
from engine.inference.answer import Answerer
from engine.matrix import ComparedModel, GivenAnswer
from engine.prompt import prompter_for
from tests.engine.small import answerer, saying, trainer

RIGHT, UNSTOPPED, WRONG = Outcome(True, False), Outcome(False, True), Outcome(False, False)


def instruction(response: str, task: str = "a", **keys: object) -> Question:
    return Question("trained", task, "x", response, **keys)  # type: ignore[arg-type]


def entrant(model: Answerer, run: str, parent: str = "", started_from: str = "") -> Entrant:
    return Entrant(ComparedModel(run, "tuning", parent, f"hash of {run}", []), model, started_from)


# --- one model --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "stops", "outcome"), [("abc", True, RIGHT), ("abc", False, UNSTOPPED), ("abd", True, WRONG)]
)
def test_an_instruction_is_right_only_if_the_answer_ends_there(said: str, stops: bool, outcome: Outcome) -> None:
    assert answered(saying(said, stops=stops), [instruction("abc")]) == [outcome]


@pytest.mark.parametrize("separator", ";.,\n")
def test_only_plain_text_may_go_on_behind_a_separator(separator: str) -> None:
    asked = [Question(group, "a", "x ->", "abc") for group in ("known_form", "plain_text")]
    assert answered(saying("abc"), asked) == [RIGHT, RIGHT]
    assert answered(saying(f"abc{separator}", stops=False), asked) == [UNSTOPPED, RIGHT]
    assert answered(saying("abcd", stops=False), asked) == [UNSTOPPED, UNSTOPPED]


def test_plain_text_has_neither_template_nor_mark() -> None:
    model = saying("abc", context=24)
    template = replace(model.prompter, template="a template that takes the whole context: {instruction}")
    asked = [Question("plain_text", "a", "x ->", "abc"), instruction("abc")]
    assert answered(replace(model, prompter=template), asked) == [RIGHT, WRONG]


def test_an_instruction_has_the_mark_also_for_a_model_that_is_used_to_plain_text() -> None:
    learnt = [Example("x", "abc"), Example("x ->", "abd")]
    model = answerer(Transformer(width=16, layers=1, heads=2, context=24), learnt)
    for _ in trainer(model, learnt, steps=40, batch_size=0, learning_rate=0.02):
        pass
    plain = prompter_for(model.spec.config, model.prompter.tokenizer, "{instruction}", plain=True)
    assert answered(replace(model, prompter=plain), [instruction("abc")]) == [RIGHT]


def test_what_the_context_cannot_hold_is_wrong() -> None:
    assert answered(saying("abc", context=6), [instruction("abc"), Question("trained", "a", "x" * 9, "abc")]) == [
        RIGHT,
        WRONG,
    ]


def test_a_response_that_cannot_be_encoded_is_wrong() -> None:
    assert answered(saying("abc"), [instruction("äöü")]) == [WRONG]


def test_in_a_chain_the_second_call_is_given_what_the_first_one_answered() -> None:
    learnt = [Example("one x", "y"), Example("two y", "z"), Example("two x", "w")]
    model = answerer(Transformer(width=16, layers=1, heads=2, context=24), learnt)
    for _ in trainer(model, learnt, steps=60, batch_size=0, learning_rate=0.02):
        pass
    asked = [
        Question("chain", "a", "one x", "z", then="two {answer}"),
        Question("chain", "a", "one x", "w", then="two {answer}"),
        Question("chain", "a", "one x", "w", then="two x"),
    ]
    assert answered(model, asked) == [RIGHT, WRONG, RIGHT]


def test_a_classifier_is_asked_instructions_alone() -> None:
    model = answerer(GruClassifier(), [Example("x", "abc"), Example("y", "abd")])
    said = model.answer("x").response
    asked = [instruction(said), Question("plain_text", "a", "x", said), Question("chain", "a", "x", said, then="y")]
    assert answered(model, asked) == [RIGHT, None, None]


# --- several ----------------------------------------------------------------------------------------------------------

QUESTIONS = [
    instruction("palc", "reverse", argument=("clap",)),
    instruction("CLAP", "upper", argument=("clap",)),
    instruction("c", "first", argument=("clap",)),
    Question("unseen_task", "copy", "x", "clap", argument=("clap",)),
]
MODELS = {
    "dog": entrant(saying("palc"), "dog", parent="wise", started_from="hash of wise"),
    "wise": entrant(saying("CLAP"), "wise", parent="gone"),
    "odd": entrant(saying("palc"), "odd", parent="wise", started_from="another hash"),
}


def load(name: str) -> Entrant:
    if name not in MODELS:
        raise InputError(Problem(found=f"no run {name}"))
    return MODELS[name]


def test_every_cell_has_its_share_and_its_number_of_examples() -> None:
    matrix = compare(["dog", "wise", "dog"], QUESTIONS, load)
    assert [model.run for model in matrix.models] == ["dog", "wise"]
    assert [model.weights for model in matrix.models] == ["hash of dog", "hash of wise"]
    assert {(c.run, c.group, c.task): (c.exact_match, c.examples) for c in matrix.cells if c.run == "dog"} == {
        ("dog", "trained", "reverse"): (1.0, 1),
        ("dog", "trained", "upper"): (0.0, 1),
        ("dog", "trained", "first"): (0.0, 1),
        ("dog", "unseen_task", "copy"): (0.0, 1),
    }
    assert matrix.summary["dog"] == {"trained": pytest.approx(1 / 3), "unseen_task": 0.0}


def test_what_was_lost_is_told_against_the_parent_whether_it_is_compared_or_not() -> None:
    trained = [Question("trained", "upper", "x", "CLAP"), Question("new_name", "reverse", "x", "palc")]
    for names in (["dog"], ["dog", "wise"]):
        assert compare(names, trained, load).lost == {"dog": {"trained": 1.0, "new_name": -1.0}}


def test_nothing_is_told_against_a_parent_that_is_gone_or_has_other_weights_now() -> None:
    assert compare(["wise", "odd"], QUESTIONS, load).lost == {}


def test_wrong_answers_are_told_by_the_tasks_that_they_are_right_for() -> None:
    trained, unseen = compare(["dog"], QUESTIONS, load).instead
    assert (trained.group, trained.wrong, trained.another_task, trained.tasks) == (
        "trained",
        2,
        1.0,
        {"reverse": 1.0},
    )
    assert (unseen.group, unseen.wrong, unseen.tasks) == ("unseen_task", 1, {"reverse": 1.0})


def test_a_right_answer_that_goes_on_is_no_wrong_answer() -> None:
    model = entrant(saying("palc", stops=False), "dog")
    assert compare(["dog"], QUESTIONS[:1], lambda name: model).instead == []


def test_comparing_changes_no_random_generator() -> None:
    state, python = torch.get_rng_state(), random.getstate()
    compare(["dog", "wise"], QUESTIONS, load)
    assert torch.equal(torch.get_rng_state(), state)
    assert random.getstate() == python


# --- one cell ---------------------------------------------------------------------------------------------------------


def test_the_answers_of_a_cell_are_told_with_whose_task_the_wrong_ones_look_like() -> None:
    asked = cell_answers(["dog", "wise", "dog"], QUESTIONS[:2], load)
    assert [(question.text, question.response) for question in asked] == [("x", "palc"), ("x", "CLAP")]
    assert asked[0].answers == [
        GivenAnswer("dog", "palc", True, False),
        GivenAnswer("wise", "CLAP", False, False, ["upper"]),
    ]
    assert asked[1].answers == [
        GivenAnswer("dog", "palc", False, False, ["reverse"]),
        GivenAnswer("wise", "CLAP", True, False),
    ]


def test_a_right_answer_that_goes_on_is_shown_with_all_that_follows() -> None:
    model = entrant(saying("palc", stops=False), "dog")
    (asked,) = cell_answers(["dog"], QUESTIONS[:1], lambda name: model)
    (answer,) = asked.answers
    assert (answer.exact, answer.did_not_stop) == (False, True)
    assert answer.text.startswith("palc")
    assert len(answer.text) > len("palc")


def test_of_plain_text_the_answer_is_what_stands_before_the_separator() -> None:
    model = entrant(saying("abc;", stops=False), "dog")
    (plain,) = cell_answers(["dog"], [Question("plain_text", "a", "x ->", "abc")], lambda name: model)
    (known,) = cell_answers(["dog"], [Question("known_form", "a", "x ->", "abc")], lambda name: model)
    assert plain.answers == [GivenAnswer("dog", "abc", True, False)]
    assert known.answers[0].text.startswith("abc;;")


def test_of_a_chain_both_answers_are_shown() -> None:
    learnt = [Example("one x", "y"), Example("two y", "z")]
    model = answerer(Transformer(width=16, layers=1, heads=2, context=24), learnt)
    for _ in trainer(model, learnt, steps=60, batch_size=0, learning_rate=0.02):
        pass
    chain = Question("chain", "a", "one x", "z", then="two {answer}")
    (asked,) = cell_answers(["dog"], [chain], lambda name: entrant(model, "dog"))
    assert asked.answers == [GivenAnswer("dog", "z", True, False, first="y")]


def test_a_model_that_cannot_be_asked_that_way_gives_no_answer() -> None:
    model = entrant(answerer(GruClassifier(), [Example("x", "abc"), Example("y", "abd")]), "dog")
    (asked,) = cell_answers(["dog"], [Question("plain_text", "a", "x", "abc")], lambda name: model)
    assert asked.answers == []
