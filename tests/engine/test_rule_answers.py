import pytest

from engine.example_sources import Task
from engine.made_examples import make
from engine.rule_answers import RuleAnswers

TASKS = {
    "add": Task(
        rule="add", templates=["Add {a} and {b}", "{a} + {b} = ?"], unseen_templates=["Would you add {a} to {b}?"]
    ),
    "shout": Task(rule="upper", templates=["{name} {word}", "Say {Word} or {WORD}"], words=(3, 8)),
    "swap": Task(rule="swap", templates=["Swap {first} and {second}"]),
    "rows": Task(),
}
ANSWERS = RuleAnswers(TASKS)


@pytest.mark.parametrize(
    ("instruction", "found"),
    [
        ("Add 500 and 7", {"add": "507"}),
        ("3 + 4 = ?", {"add": "7"}),
        ("Would you add 1 to 2?", {"add": "3"}),
        ("upper zebra", {"shout": "ZEBRA"}),
        ("Swap cat and dog", {"swap": "dog cat"}),
        ("Add 500 and seven", {}),
        ("Add 500 and 7 now", {}),
        ("add 500 and 7", {}),
        ("upper ab", {}),
        ("upper zébra", {}),
        ("", {}),
    ],
)
def test_what_a_wording_fits_is_answered_by_its_rule(instruction: str, found: dict[str, str]) -> None:
    assert ANSWERS.to(instruction) == found


def test_numbers_and_responses_are_written_as_the_task_wants_them() -> None:
    tasks = {"add": Task(rule="add", templates=["{a}+{b}"], digits=4, response="reversed")}
    assert RuleAnswers(tasks).to("0012+0034") == {"add": "6400"}


def test_an_instruction_that_fits_several_tasks_has_the_answer_of_each() -> None:
    tasks = {"double": Task(rule="double", templates=["Do {word}"]), "copy": Task(rule="copy", templates=["Do {word}"])}
    assert set(RuleAnswers(tasks).to("Do cat")) == {"double", "copy"}


@pytest.mark.parametrize("name", ["add", "shout", "swap"])
def test_every_example_that_is_made_is_answered_as_it_was_made(name: str) -> None:
    for example in make(name, TASKS[name], seed=1, placed={})[:200]:
        assert ANSWERS.to(example.instruction)[name] == example.response
