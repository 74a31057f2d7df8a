import re

import pytest

from engine.example_sources import Family
from engine.examples import Example
from engine.family import split_of
from engine.groups import ANSWER, ARROW, COMPOSITIONS, Question, answers_of_other_tasks, questions
from engine.matrix import GROUPS
from engine.scenario import Scenario
from engine.tasks import RULES
from engine.tasks.arguments import held_out
from engine.tasks.plain_text import DELIMITERS
from engine.tasks.templates import DEVELOPMENT, REPORT

FAMILY = Family(unseen_seed=2026)
SPLIT = split_of(FAMILY)
SCENARIO = Scenario(title="A family", family=FAMILY)
REPORTED = questions(SCENARIO, [], count=4)
DEVELOPED = questions(SCENARIO, [], count=4, development=True)


def of_group(group: str, asked: list[Question] = REPORTED) -> list[Question]:
    return [question for question in asked if question.group == group]


def tasks(group: str, asked: list[Question] = REPORTED) -> set[str]:
    return {question.task for question in of_group(group, asked)}


def is_worded(question: Question, templates: tuple[str, ...]) -> bool:
    patterns = (re.escape(t).replace(r"\{n\}", r"\S+").replace(r"\{x\}", r"\w+( and \w+)?") for t in templates)
    return any(re.fullmatch(pattern, question.text) for pattern in patterns)


def test_every_group_asks_so_many_questions_of_each_task() -> None:
    assert {question.group for question in REPORTED} == set(GROUPS)
    counts: dict[tuple[str, str, str], int] = {}
    for question in REPORTED:
        key = (question.group, question.task, question.wording)
        counts[key] = counts.get(key, 0) + 1
    assert set(counts.values()) == {4}


def test_the_same_seed_asks_the_same_and_another_seed_other_things() -> None:
    assert questions(SCENARIO, [], count=4) == REPORTED
    assert not set(questions(SCENARIO, [], count=4, seed=1)) & set(REPORTED)


def test_the_scenarios_own_seed_has_no_part_in_it() -> None:
    assert questions(Scenario(title="x", seed=9, family=FAMILY), [], count=4) == REPORTED


def test_answers_are_those_of_the_rule_to_held_out_arguments() -> None:
    for question in REPORTED:
        if question.argument:
            assert question.response == RULES[question.task].apply(*question.argument)
            assert held_out(question.argument)


def test_groups_of_instructions_are_about_the_tasks_that_are_instructed() -> None:
    for group in ("trained", "new_wording", "new_name"):
        assert tasks(group) == set(SPLIT.trained)
    assert tasks("longer") == {name for name in SPLIT.trained if RULES[name].kind == "word"}


def test_choices_and_reports_have_unseen_tasks_and_wordings_of_their_own() -> None:
    assert tasks("unseen_task") == set(SPLIT.report)
    assert tasks("unseen_task", DEVELOPED) == set(SPLIT.development)
    for asked, wordings in ((REPORTED, REPORT), (DEVELOPED, DEVELOPMENT)):
        for question in of_group("new_wording", asked):
            templates = wordings.name_first if question.wording == "name first" else wordings.argument_first
            assert is_worded(question, templates)


def test_plain_text_and_the_known_form_are_about_no_task_kept_for_the_other_purpose() -> None:
    for group in ("plain_text", "known_form"):
        assert tasks(group) == {*SPLIT.trained, *SPLIT.report}
        assert tasks(group, DEVELOPED) == {*SPLIT.trained, *SPLIT.development}


def test_a_new_name_is_one_that_no_instruction_had() -> None:
    for question in of_group("new_name"):
        assert RULES[question.task].names[2] in question.text.split()


def test_longer_words_have_one_letter_more() -> None:
    assert {len(str(question.argument[0])) for question in of_group("longer") if question.argument} == {7}


def test_plain_text_breaks_off_after_a_delimiter_and_the_known_form_after_an_arrow() -> None:
    assert all(question.text.endswith(DELIMITERS) for question in of_group("plain_text"))
    assert all(question.text.endswith(f" {ARROW}") for question in of_group("known_form"))
    assert {question.group for question in REPORTED if question.is_plain} == {"plain_text", "known_form"}


def test_both_tasks_of_a_composition_matter() -> None:
    asked = of_group("composition")
    assert len(tasks("composition")) == COMPOSITIONS
    for question in asked:
        first, second = (RULES[name] for name in question.task.split(" then "))
        word = next(word for word in question.text.split() if second.apply(first.apply(word)) == question.response)
        assert question.response not in (word, first.apply(word), second.apply(word))


def test_a_chain_asks_the_same_in_two_calls() -> None:
    assert [(q.task, q.response) for q in of_group("chain")] == [(q.task, q.response) for q in of_group("composition")]
    for question in of_group("chain"):
        assert ANSWER in question.then
        assert ANSWER not in question.text


def test_the_answers_of_other_tasks_are_those_to_the_same_argument() -> None:
    question = Question("trained", "upper", "upper cat", "CAT", argument=("cat",))
    others = answers_of_other_tasks(question)
    assert (others["reverse"], others["copy"]) == ("tac", "cat")
    assert not {"upper", "add", "join"} & set(others)


@pytest.mark.parametrize("task", ["upper", "a task without a rule"])
def test_without_an_argument_nothing_is_known_of_other_tasks(task: str) -> None:
    assert answers_of_other_tasks(Question("trained", task, "upper cat", "CAT")) == {}


def test_without_a_family_the_held_out_rows_are_asked() -> None:
    rows = [
        Example("1 up", "2", "up"),
        *(Example(f"{n} up", f"{n + 1}", "up", "validation") for n in range(9)),
        Example("one up", "two", "up", "unseen"),
        Example("1 down", "0", "down", "unseen"),
    ]
    asked = questions(Scenario(title="x"), rows, count=4)
    assert [question.group for question in asked] == ["new_wording", *["trained"] * 4, "unseen_task"]
    assert {question.text for question in asked} < {row.instruction for row in rows[1:]}
    assert {question.task for question in asked} == {"up", "down"}
