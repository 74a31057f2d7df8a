from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import edit_plans as plans
from engine.document import Document
from engine.examples import Example
from engine.marks import mark
from tests.engine.documents import EDITABLE, Steps, carry_out, opened, pretend_saved, redo, rows, steps, undo


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return opened(tmp_path)


@pytest.fixture(scope="module", params=["few", "packed"])
def folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "packed":  # as a million examples are
            patch.setattr("engine.packed_rows.MANY", 0)
            patch.setattr("engine.packed_rows.CHUNK", 2)
            patch.setattr("engine.edit_plans.CHUNK", 1)
        yield tmp_path_factory.mktemp("documents")


def test_examples_stand_in_the_order_of_the_scenario_its_files_and_its_rules(document: Document) -> None:
    assert [row.instruction for row in rows(document)[:EDITABLE]] == [
        "Hello",
        "Bye",
        "Good morning",
        "Take care",
        "So long",
    ]
    assert [row.task for row in rows(document)[EDITABLE:]] == ["add"] * 5


def test_undo_of_everything_is_as_if_nothing_had_been(document: Document) -> None:
    document.do(plans.delete(document, [0]))
    document.do(plans.insert(document, 2, [Example("Hi", "greeting")]))
    undo(document)
    undo(document)

    assert (document.dirty, document.edited) == (False, 0)


def test_a_deleted_example_stays_in_its_place_and_counts_no_more(document: Document) -> None:
    document.do(plans.delete(document, [2, 3]))

    assert mark(document[2]) == "deleted"
    assert sum(document.counts()[split].get("greet", 0) for split in ("train", "validation")) == 3
    document.do(plans.restore(document, [2]))
    assert document[2].instruction == "Good morning"


def test_tasks_keep_their_order_when_all_of_one_are_edited(document: Document) -> None:
    document.do(plans.set_task(document, [0], "other"))
    document.do(plans.delete(document, range(1, EDITABLE)))
    assert document.tasks() == ["add", "other"]

    document.do(plans.restore(document, [1]))
    assert document.tasks() == ["add", "greet", "other"]


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
