"""Plain data becomes structs, and every mistake in it is told."""

from typing import Annotated, Literal

import msgspec
import pytest
from msgspec import Meta

from engine.struct_reader import Mistake, read, shown


class Leaf(msgspec.Struct, tag_field="kind", tag="leaf", forbid_unknown_fields=True):
    size: Annotated[int, Meta(ge=1, le=9)] = 3


class Fruit(msgspec.Struct, tag_field="kind", tag="fruit", forbid_unknown_fields=True):
    taste: Literal["sweet", "sour"] = "sweet"


class Tree(msgspec.Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1)]
    age: int = 0
    tall: bool = False
    share: Annotated[float, Meta(gt=0, lt=1)] = 0.5
    span: tuple[int, int] = (0, 1)
    part: Leaf | Fruit | None = None
    tags: list[Annotated[str, Meta(min_length=1)]] | dict[str, float] = []
    branches: dict[str, Leaf] = {}


def mistakes(**keys: object) -> list[Mistake]:
    return read({"name": "oak", **keys}, Tree)[1]


def test_right_data_become_the_struct_without_mistakes() -> None:
    data = {"name": "oak", "share": 0.1, "span": [2, 3], "part": {"kind": "fruit"}, "tags": {"a": 1}}
    assert read(data, Tree) == (Tree("oak", share=0.1, span=(2, 3), part=Fruit(), tags={"a": 1.0}), [])


def test_a_table_without_its_tag_is_of_the_first_kind() -> None:
    assert read({"name": "oak", "part": {"size": 5}}, Tree) == (Tree("oak", part=Leaf(5)), [])


def test_all_mistakes_are_told_and_what_is_wrong_keeps_its_default() -> None:
    tree, found = read(
        {"name": "oak", "age": "old", "tall": 1, "tags": ["a", ""], "branches": {"x": {"size": 0}}}, Tree
    )

    assert tree == Tree("oak", tags=["a"], branches={"x": Leaf()})
    assert [mistake.path for mistake in found] == [("age",), ("tall",), ("tags", 1), ("branches", "x", "size")]


@pytest.mark.parametrize(
    ("key", "value", "found", "expected"),
    [
        ("name", "", "''", "text that is not empty"),
        ("age", True, "true", "a whole number"),
        ("age", 1.0, "1.0", "a whole number"),
        ("age", 2**64, "a number of more than 18 digits", "a whole number"),
        ("tall", 0, "0", "true or false"),
        ("share", 0, "0", "a number above 0 and below 1"),
        ("share", float("nan"), "nan", "a number above 0 and below 1"),
        ("share", True, "true", "a number above 0 and below 1"),
        ("span", [1, 2, 3], "a list of 3", "a list of 2, each value a whole number"),
        ("part", [], "a list of 0", "a table"),
        ("tags", "a", "'a'", "a list, each value text that is not empty or a table"),
        ("branches", 5, "5", "a table"),
    ],
)
def test_a_mistake_says_what_was_found_and_what_was_expected(
    key: str, value: object, found: str, expected: str
) -> None:
    assert mistakes(**{key: value}) == [Mistake((key,), found, expected)]


def test_of_a_list_with_a_wrong_element_the_element_is_told() -> None:
    assert mistakes(span=[1, "x"]) == [Mistake(("span", 1), "'x'", "a whole number")]


def test_a_missing_key_is_told() -> None:
    assert read({}, Tree)[1] == [Mistake(("name",), "missing", "text that is not empty")]


def test_an_unknown_key_is_told_with_the_one_that_was_meant() -> None:
    (mistake,) = read({"nam": "oak"}, Tree)[1]  # and not once more as missing
    assert (mistake.path, mistake.hint) == (("nam",), "did you mean `name`?")
    (mistake,) = mistakes(xyz=1)
    assert mistake.expected == "one of name, age, tall, share, span, part, tags, branches"


def test_a_key_of_the_top_in_a_table_is_told_where_it_belongs() -> None:
    (mistake,) = mistakes(part={"age": 5})
    assert mistake.hint == "`age` belongs at the top of the file, above the first [table]"


def test_an_unknown_word_is_told_with_the_one_that_was_meant() -> None:
    assert mistakes(part={"kind": "fruit", "taste": "swet"})[0].hint == "did you mean `sweet`?"
    assert mistakes(part={"kind": "fruits"}) == [
        Mistake(("part", "kind"), "'fruits'", 'one of "leaf", "fruit"', "did you mean `fruit`?")
    ]


def test_a_mistake_follows_from_another_at_the_same_place_or_around_it() -> None:
    width = Mistake(("model", "width"), "", about=(("model", "heads"),))
    assert width.follows_from(Mistake(("model",), ""))
    assert width.follows_from(Mistake(("model", "heads"), ""))
    assert width.follows_from(Mistake(("model", "head"), "", about=(("model", "heads"),)))
    assert not width.follows_from(Mistake(("model", "layers"), ""))


def test_values_are_shown_short_and_without_control_characters() -> None:
    assert shown("a\x1b[2J\n") == r"'a\x1b[2J\n'"
    assert len(shown("x" * 10_000)) < 80
    assert shown(16**5000) == "a number of more than 18 digits"
