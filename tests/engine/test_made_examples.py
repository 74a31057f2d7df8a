from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InputError
from engine.example_sources import Task
from engine.examples import Example
from engine.made_examples import Placed, make
from engine.tasks import RULES


def add(templates: tuple[str, ...] = ("{a}+{b}",), **keys: object) -> Task:
    return Task(rule="add", templates=list(templates), **({"train": 60, "validation": 40} | keys))  # type: ignore[arg-type]


def reverse(**keys: object) -> Task:
    return Task(rule="reverse", templates=["{word}"], **({"train": 60, "validation": 40} | keys))  # type: ignore[arg-type]


def split_of(examples: list[Example], split: str) -> list[Example]:
    return [example for example in examples if example.split == split]


@given(st.sampled_from(sorted(RULES)), st.integers(0, 2**32 - 1))
def test_answers_are_those_of_the_rule_and_arguments_are_never_repeated(name: str, seed: int) -> None:
    placeholders = {"word": "{word}", "numbers": "{a} {b}", "words": "{first} {second}"}
    task = Task(
        rule=name,
        templates=[placeholders[RULES[name].kind]],
        unseen_templates=["? " + placeholders[RULES[name].kind]],
        train=20,
        validation=5,
        unseen=5,
    )
    examples = make("a task", task, seed, placed={})
    assert [example.split for example in examples] == ["train"] * 20 + ["validation"] * 5 + ["unseen"] * 5
    arguments = [example.instruction.removeprefix("? ").split() for example in examples]
    assert len(set(map(tuple, arguments))) == 30
    for example, given_arguments in zip(examples, arguments, strict=True):
        values = [int(each) for each in given_arguments] if RULES[name].kind == "numbers" else given_arguments
        assert example.response == RULES[name].apply(*values)
        assert example.task == "a task"


def test_all_pairs_of_numbers_can_be_asked_for() -> None:
    examples = make("sums", add(numbers=(10, 19)), seed=0, placed={})
    assert {example.instruction for example in examples} == {f"{a}+{b}" for a in range(10, 20) for b in range(10, 20)}


def test_numbers_of_any_size_can_be_asked_for() -> None:
    examples = make("sums", add(numbers=(0, 10**30)), seed=0, placed={})
    assert max(len(example.instruction) for example in examples) > 50


def test_all_words_can_be_asked_for() -> None:
    # "i" and "a" are words of instructions, and never asked about.
    task = reverse(words=(1, 1), train=20, validation=4)
    assert {example.instruction for example in make("words", task, seed=0, placed={})} == set(
        "bcdefghjklmnopqrstuvwxyz"
    )


@pytest.mark.parametrize(
    ("task", "message"),
    [
        (add(numbers=(0, 9), train=90, validation=11), "validation: 11 examples, .* at most 10 .*widen `numbers`"),
        (add(numbers=(0, 9), train=101), "train: 101 examples, .* at most 100 "),
        (reverse(words=(1, 1), train=20, validation=5), "validation: 5 examples, .* at most 4 .*widen `words`"),
    ],
)
def test_more_examples_than_there_are_is_an_error_that_says_how_many_there_are(task: Task, message: str) -> None:
    with pytest.raises(InputError, match=rf"tasks\.sums\.{message}"):
        make("sums", task, seed=0, placed={})


def test_the_seed_and_the_name_decide_everything() -> None:
    task = add(("{a}+{b}", "{name} {a} {b}"))
    assert make("sums", task, seed=1, placed={}) == make("sums", task, seed=1, placed={})
    lists = [
        make("sums", task, seed=1, placed={}),
        make("sums", task, seed=2, placed={}),
        make("more", task, seed=1, placed={}),
    ]
    assert all(
        {example.instruction for example in one} != {example.instruction for example in other}
        for one, other in combinations(lists, 2)
    )


def test_another_wording_asks_about_the_same_arguments() -> None:
    one, other = (make("sums", add((template,)), seed=0, placed={}) for template in ("{a}+{b}", "{b} and {a}"))
    assert [example.response for example in one] == [example.response for example in other]


def test_templates_are_chosen_by_their_weights() -> None:
    task = add(("{a}+{b}", "{a} plus {b}"), template_weights=[1.0, 9.0], train=1000, validation=0)
    plus = sum("plus" in example.instruction for example in make("sums", task, seed=0, placed={}))
    assert 850 < plus < 950


def test_a_name_in_a_template_is_any_of_the_rule() -> None:
    examples = make("sums", add(("{name} {a} {b}",)), seed=0, placed={})
    assert {example.instruction.split()[0] for example in examples} == {"add", "sum", "plus"}


def test_unseen_wordings_are_used_for_the_split_unseen_alone() -> None:
    examples = make("sums", add(unseen_templates=["what is {a} plus {b}"], unseen=30), seed=0, placed={})
    assert len(split_of(examples, "unseen")) == 30
    assert all(("what" in example.instruction) == (example.split == "unseen") for example in examples)


def test_without_unseen_wordings_nothing_is_unseen() -> None:
    assert {example.split for example in make("sums", add(unseen=30), seed=0, placed={})} == {"train", "validation"}


def test_all_of_a_held_out_task_is_unseen() -> None:
    examples = make("sums", add(held_out=True, unseen=30), seed=0, placed={})
    assert [example.split for example in examples] == ["unseen"] * 30


def test_a_reversed_response_is_written_back_to_front() -> None:
    plain, reverse = (make("sums", add(response=how), seed=0, placed={}) for how in ("plain", "reversed"))
    assert [example.response for example in reverse] == [example.response[::-1] for example in plain]


def test_what_one_task_holds_out_is_held_out_by_all_tasks_of_the_rule() -> None:
    placed: Placed = {}
    plain = make("plain", add(numbers=(0, 9), train=60, validation=20), 0, placed)
    spoken = make("spoken", add(numbers=(0, 9), train=40, validation=10), 0, placed)
    splits = {example.instruction: example.split for example in plain}
    shared = [example for example in spoken if example.instruction in splits]
    assert len(shared) > 20
    assert all(example.split == splits[example.instruction] for example in shared)


def test_another_rule_may_be_asked_about_what_this_one_holds_out() -> None:
    placed: Placed = {}
    make("sums", add(numbers=(0, 1), train=0, validation=4), 0, placed)
    largest = Task(rule="max", templates=["{a} {b}"], numbers=(0, 1), train=4, validation=0)
    assert [example.split for example in make("largest", largest, 0, placed)] == ["train"] * 4
