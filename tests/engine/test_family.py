from itertools import islice
from random import Random

import pytest
from msgspec.structs import replace

from engine.errors import InputError
from engine.example_sources import Family
from engine.examples import Example
from engine.family import arguments, examples_of, split_of
from engine.tasks import RULES
from engine.tasks.arguments import held_out

SMALL = Family(per_task=6, validation_per_task=3, unseen_seed=2026)


def of_split(split: str, family: Family = SMALL) -> list[Example]:
    return [example for example in examples_of(family, seed=1) if example.split == split]


def words_of(example: Example) -> set[str]:
    return set(example.instruction.split())


def test_every_rule_has_its_examples_but_those_for_the_report() -> None:
    split = split_of(SMALL)
    assert [e.task for e in of_split("train")] == [name for name in split.trained for _ in range(6)]
    assert [e.task for e in of_split("validation")] == [name for name in split.trained for _ in range(3)]
    assert [e.task for e in of_split("unseen")] == [name for name in split.development for _ in range(3)]
    assert len(split.development) == len(split.report) == 8


def test_the_specialists_rules_are_always_instructed() -> None:
    greedy = Family(unseen_development=20, unseen_report=len(RULES) - 22)
    assert split_of(greedy).trained == ("add", "reverse")


def test_an_instruction_names_its_rule_by_one_of_the_first_two_names() -> None:
    for example in examples_of(SMALL, seed=1):
        first, second, third = RULES[example.task].names
        assert {first, second} & words_of(example)
        assert third not in words_of(example)


def test_what_is_drawn_for_one_task_depends_on_the_seed_and_that_task_alone() -> None:
    fewer_unseen = replace(SMALL, unseen_report=0)

    def reversals(family: Family, seed: int) -> list[Example]:
        return [example for example in examples_of(family, seed) if example.task == "reverse"]

    assert reversals(SMALL, 1) == reversals(fewer_unseen, 1) != reversals(SMALL, 2)


@pytest.mark.parametrize("trained", [True, False])
@pytest.mark.parametrize("name", ["reverse", "add", "join"])
def test_arguments_are_on_their_side_of_what_is_held_out_and_never_twice(name: str, trained: bool) -> None:
    family = Family(held_out_one_in=3)
    drawn = list(islice(arguments(family, RULES[name], Random(1), trained=trained), 50))
    assert len(set(drawn)) == 50
    assert {held_out(argument, 3) for argument in drawn} == {not trained}


def test_arguments_end_when_there_are_no_more() -> None:
    sums = Family(numbers=(0, 4), held_out_one_in=2)
    sides = [set(arguments(sums, RULES["add"], Random(1), trained=trained)) for trained in (True, False)]
    assert len(sides[0]) + len(sides[1]) == 25
    assert not sides[0] & sides[1]


def test_more_examples_than_there_are_arguments_is_told() -> None:
    with pytest.raises(InputError) as caught:
        examples_of(replace(SMALL, numbers=(0, 3), per_task=100), seed=1)
    (problem,) = caught.value.problems
    assert problem.key == "family.per_task"
    assert problem.hint == "ask for fewer, or widen `numbers`"
