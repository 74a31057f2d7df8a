from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import edit_plans as plans
from engine.document import Document, ReadOnly
from engine.examples import Example
from engine.marks import mark
from tests.engine.documents import EDITABLE, Steps, carry_out, opened, pretend_saved, redo, rows, steps, undo


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return opened(tmp_path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documents")


def test_examples_stand_in_the_order_of_the_scenario_its_files_and_its_rules(document: Document) -> None:
    assert [row.instruction for row in rows(document)[:EDITABLE]] == [
        "Hello",
        "Bye",
        "Good morning",
        "Take care",
        "So long",
    ]
    assert [row.task for row in rows(document)[EDITABLE:]] == ["add"] * 5


def test_a_change_marks_the_example_and_leaves_the_others(document: Document) -> None:
    document.do(plans.change(document, {1: Example("Goodbye", "farewell", "greet", "")}))

    assert [mark(row) for row in rows(document)[:3]] == ["", "changed", ""]
    assert (document.dirty, document.edited) == (True, 1)


def test_a_change_to_the_very_same_is_none(document: Document) -> None:
    document.do(plans.change(document, {1: Example("Bye", "farewell", "greet", "")}))

    assert not document.dirty
    assert not undo(document)


def test_undo_of_everything_is_as_if_nothing_had_been(document: Document) -> None:
    document.do(plans.delete(document, [0]))
    document.do(plans.insert(document, 2, [Example("Hi", "greeting")]))
    undo(document)
    undo(document)

    assert (document.dirty, document.edited) == (False, 0)


def test_new_examples_stay_new_when_they_are_changed(document: Document) -> None:
    place = 1
    document.do(plans.insert(document, place, [Example("Hi", "greeting")]))
    document.do(plans.change(document, {place: Example("Hi there", "greeting")}))

    assert mark(document[place]) == "new"


def test_a_deleted_example_stays_in_its_place_and_counts_no_more(document: Document) -> None:
    document.do(plans.delete(document, [2, 3]))

    assert mark(document[2]) == "deleted"
    assert sum(document.counts()[split].get("greet", 0) for split in ("train", "validation")) == 3
    document.do(plans.restore(document, [2]))
    assert document[2].instruction == "Good morning"


def test_examples_of_a_rule_cannot_be_edited_and_the_reason_is_said(document: Document) -> None:
    with pytest.raises(ReadOnly, match="rule `add` makes this example"):
        document.do(plans.delete(document, [0, EDITABLE]))

    assert not document.dirty


def test_examples_of_several_files_cannot_be_moved_together(document: Document) -> None:
    with pytest.raises(ReadOnly, match="several files"):
        document.do(plans.move(document, 1, 2, 1))


def test_an_example_moves_within_its_file_only(document: Document) -> None:
    assert not document.do(plans.move(document, 0, 0, -1))
    assert not document.do(plans.move(document, 1, 1, 1))
    assert document.do(plans.move(document, 0, 0, 1))
    assert [document[place].instruction for place in (0, 1)] == ["Bye", "Hello"]


def test_what_is_added_behind_the_last_example_goes_behind_the_last_editable_one(document: Document) -> None:
    document.do(plans.insert(document, len(document), [Example("Hi", "greeting")]))

    assert document[EDITABLE].instruction == "Hi"


def test_many_examples_are_changed_at_once_and_taken_back_at_once(document: Document) -> None:
    document.do(plans.insert(document, 0, [Example(str(number), "") for number in range(500)]))
    document.do(plans.duplicate(document, range(0, 500, 3)))
    assert [document[place].instruction for place in range(6)] == ["0", "0", "1", "2", "3", "3"]

    undo(document)

    assert [document[place].instruction for place in range(500)] == [str(number) for number in range(500)]


def test_a_row_without_a_task_gets_the_one_that_its_file_gives(document: Document) -> None:
    document.do(plans.change(document, {2: Example("Good evening", "greeting")}))

    assert document[2].task == "greet"


def test_half_of_the_rows_without_a_split_are_counted_as_held_out(document: Document) -> None:
    assert document.counts() == {"train": {"greet": 3, "add": 3}, "validation": {"greet": 2, "add": 2}}


@given(steps)
def test_undo_of_any_edits_is_the_original_and_redo_brings_them_back(folder: Path, done: Steps) -> None:
    document = opened(folder)
    original = rows(document)
    for step in done:
        carry_out(document, *step)
    edited, edited_count = rows(document), document.edited

    count = 0
    while undo(document):
        count += 1
    assert rows(document) == original
    assert (document.dirty, document.edited) == (False, 0)

    for _ in range(count):
        redo(document)
    assert (rows(document), document.edited) == (edited, edited_count)


@given(steps, steps, st.lists(st.sampled_from(["undo", "redo"]), max_size=6), st.booleans(), steps)
def test_what_has_no_mark_is_on_disk_whenever_it_was_saved(
    folder: Path, before: Steps, after: Steps, ways: list[str], saved_again: bool, at_last: Steps
) -> None:
    document = opened(folder)
    for step in before:
        carry_out(document, *step)
    pretend_saved(document)
    on_disk = rows(document)
    for step in after:
        carry_out(document, *step)
    for way in ways:
        carry_out(document, way, [0], Example("", ""))
    if saved_again:
        pretend_saved(document)
        on_disk = rows(document)
    for step in at_last:
        carry_out(document, *step)

    assert all(row in on_disk for row in rows(document) if not mark(row))
    assert document.edited == sum(bool(mark(row)) for row in rows(document))
    if not document.dirty:
        assert rows(document) == on_disk


@given(steps)
def test_counts_are_those_of_the_examples_after_any_edits(folder: Path, done: Steps) -> None:
    document = opened(folder)
    for step in done:
        carry_out(document, *step)

    counted: Counter[str] = Counter()
    for tasks in document.counts().values():
        counted.update(tasks)
    assert counted == Counter(row.task for row in rows(document) if mark(row) != "deleted")
