from pathlib import Path

import pytest

from engine import edit_plans as plans
from engine.document import Document, ReadOnly
from engine.examples import Example
from engine.marks import mark
from tests.engine.documents import EDITABLE, opened, rows, undo


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return opened(tmp_path)


def test_a_change_marks_the_example_and_leaves_the_others(document: Document) -> None:
    document.do(plans.change(document, {1: Example("Goodbye", "farewell", "greet", "")}))

    assert [mark(row) for row in rows(document)[:3]] == ["", "changed", ""]
    assert (document.dirty, document.edited) == (True, 1)


def test_a_change_to_the_very_same_is_none(document: Document) -> None:
    document.do(plans.change(document, {1: Example("Bye", "farewell", "greet", "")}))

    assert not document.dirty
    assert not undo(document)


def test_new_examples_stay_new_when_they_are_changed(document: Document) -> None:
    place = 1
    document.do(plans.insert(document, place, [Example("Hi", "greeting")]))
    document.do(plans.change(document, {place: Example("Hi there", "greeting")}))

    assert mark(document[place]) == "new"


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


def test_words_are_replaced_where_they_stand_and_may_be_edited(document: Document) -> None:
    document.do(plans.replace(document, range(len(document)), "d", "D"))

    assert [row.instruction for row in rows(document)[:3]] == ["Hello", "Bye", "GooD morning"]
    assert [mark(row) for row in rows(document)] == ["", "", "changed"] + [""] * 7
    assert plans.replace(document, range(len(document)), "nowhere", "") is None


def test_of_the_packed_examples_only_chunks_with_chosen_ones_give_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.packed_rows.MANY", 0)
    document = opened(tmp_path)
    monkeypatch.setattr("engine.edit_plans.CHUNK", 1)
    edit = plans.delete(document, [2, 4])

    assert edit is not None
    (splice,) = edit.splices
    assert (splice.part, splice.at, splice.old, splice.new.packed) == (1, 0, 3, True)
    assert document.do(edit)
    assert [mark(row) for row in rows(document)[2:EDITABLE]] == ["deleted", "", "deleted"]


def test_an_edit_of_few_reaches_no_further_than_their_chunks() -> None:
    assert plans.reach(2, [3, 4]) == plans.reach(1, [3])
    assert plans.reach(2, [3, 400_000]) == 2 * plans.reach(1, [3])
    assert plans.reach(1_000_000, range(1_000_000)) > plans.AT_ONCE
