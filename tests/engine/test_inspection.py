from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import edit_plans as plans
from engine.examples import Example
from engine.inspection import Problems, inspect
from tests.engine.documents import opened


def test_what_may_be_wrong_is_said_of_each_example_at_its_place(tmp_path: Path) -> None:
    document = opened(tmp_path)
    document.do(plans.delete(document, [0]))
    document.do(
        plans.change(
            document, {1: Example("Bye", "farewell", "greet", "train"), 2: Example("Bye", "greeting", "greet", "train")}
        )
    )
    document.do(plans.change(document, {3: Example("", "farewell", "greet", "train")}))

    problems = inspect(document.snapshot(), "").problems

    assert sorted(problems) == [2, 3]
    assert "another response" in problems[2]
    assert "empty" in problems[3]


def test_a_tuning_of_no_known_name_stands_for_the_first(tmp_path: Path) -> None:
    snapshot = opened(tmp_path).snapshot()

    assert inspect(snapshot, "nothing").reader is not None


def test_another_process_finds_the_same_among_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = opened(tmp_path)
    document.do(plans.change(document, {1: Example("Hello", "farewell", "greet", "train")}))
    here = inspect(document.snapshot(), "")
    monkeypatch.setattr("engine.apart.MANY", 0)
    there = inspect(document.snapshot(), "")

    assert there.problems == here.problems != {}
    assert there.reader is not None and here.reader is not None
    assert there.reader.prompter.length(document[0]) == here.reader.prompter.length(document[0])


@given(st.dictionaries(st.integers(0, 2000), st.text()))
def test_problems_are_found_by_their_places(found: dict[int, str]) -> None:
    problems = Problems(found)

    assert problems == found
    assert [place for place in range(2002) if place in problems] == sorted(found) == list(problems)
    assert len(problems) == len(found)
    assert problems.get(3000) is None
