from engine.example_sources import Task
from engine.examples import Example
from tui.known_answers import NOTHING, Known, KnownAnswers

KNOWN = KnownAnswers(
    [
        Example("Reverse hello", "olleh", "reverse"),
        Example("Reverse cat", "tac", "reverse"),
        Example("Reverse cat", "cat", "copy"),
        Example("Reverse\ncar", "rac", "reverse"),
        Example("Add 1 and 2", "3", "add"),
    ]
)


def test_the_answers_and_the_task_of_an_instruction_are_known() -> None:
    assert KNOWN.about("Add 1 and 2") == Known("add", ("3",))
    assert KNOWN.about("add 1 and 2") == NOTHING


def test_rows_that_contradict_each_other_are_all_known() -> None:
    assert KNOWN.about("Reverse cat").responses == ("tac", "cat")
    assert KNOWN.about("Reverse cat").task == "reverse"


def test_a_beginning_is_completed_to_the_first_instruction_that_has_it() -> None:
    assert KNOWN.completion("Rev") == "Reverse cat"
    assert KNOWN.completion("Reverse h") == "Reverse hello"
    assert KNOWN.completion("A") == "Add 1 and 2"


def test_nothing_is_completed_to_itself_to_several_lines_or_from_nothing() -> None:
    assert KNOWN.completion("Reverse hello") is None
    assert KNOWN.completion("Reverse\n") is None
    assert KNOWN.completion("") is None
    assert KNOWN.completion("zebra") is None


def test_what_no_example_has_is_known_by_rule_and_examples_come_first() -> None:
    tasks = {"add": Task(rule="add", templates=["Add {a} and {b}"])}
    known = KnownAnswers([Example("Add 1 and 1", "11", "typo")], tasks)
    assert known.about("Add 500 and 7") == Known("add", ("507",))
    assert known.about("Add 1 and 1") == Known("typo", ("11",))
