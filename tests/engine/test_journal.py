import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import edit_plans as plans
from engine.document import Document
from engine.document_files import open_document
from engine.examples import Example
from engine.journal import Journal, left_behind
from engine.storage import StorageError
from tests.engine.disks import FakeDisk
from tests.engine.documents import EDITABLE, MORE, Steps, carry_out, opened, restore, rows, steps, undo


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return opened(tmp_path / "scenario")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journals"


def journaled(document: Document, folder: Path) -> Journal:
    journal = Journal(folder, document, now=lambda: 1000.0)
    document.on_edit = journal.add
    return journal


def test_nothing_is_on_disk_before_the_first_edit(document: Document, folder: Path) -> None:
    journaled(document, folder)

    assert not folder.exists()
    assert left_behind(folder, document.path) == []


def test_the_edits_of_a_dead_app_are_offered_back(document: Document, folder: Path) -> None:
    journal = journaled(document, folder)
    document.do(plans.change(document, {1: Example("Goodbye", "farewell", "greet", "")}))
    journal.close()

    again = opened(document.path.parent)
    (found,) = left_behind(folder, again.path)
    assert found.fits(again)
    restore(found, again)

    assert rows(again) == rows(document)
    assert (again.dirty, again.edited) == (True, 1)
    found.remove()
    assert list(folder.iterdir()) == []


def test_every_edit_reaches_the_disk(document: Document, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr("os.fsync", lambda file: synced.append(os.fstat(file).st_size))
    journal = journaled(document, folder)
    document.do(plans.delete(document, [0]))
    document.do(plans.delete(document, [1]))
    journal.close()

    (path,) = folder.glob("*.jsonl")
    assert synced[-1] == path.stat().st_size


def test_an_edit_that_did_not_reach_the_disk_is_said_with_the_next(
    document: Document, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(file: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("os.fsync", refuse)
    journal = journaled(document, folder)
    document.do(plans.delete(document, [0]))
    journal.close()

    with pytest.raises(StorageError, match="Input/output error"):
        document.do(plans.delete(document, [1]))


@pytest.mark.parametrize("room", [0, 30, 300, 1000])
def test_what_a_full_disk_refused_is_written_as_soon_as_there_is_room(
    document: Document, folder: Path, fake_disk: FakeDisk, room: int
) -> None:
    journal = journaled(document, folder)
    said = 0
    fake_disk.room = room
    for place in range(EDITABLE):
        edit = plans.delete(document, [place])
        assert edit is not None
        try:
            journal.add(edit)
        except StorageError:
            said += 1
        document.carry_out(edit)
    assert said
    fake_disk.make_room()
    document.do(plans.restore(document, [0]))
    journal.close()

    again = opened(document.path.parent)
    (found,) = left_behind(folder, again.path)
    restore(found, again)
    assert rows(again) == rows(document)


def test_the_edits_of_a_living_app_are_its_own(document: Document, folder: Path) -> None:
    journal = journaled(document, folder)
    document.do(plans.delete(document, [0]))

    assert left_behind(folder, document.path) == []
    journal.close()
    assert len(left_behind(folder, document.path)) == 1


def test_two_apps_keep_a_journal_each(document: Document, folder: Path) -> None:
    other = opened(document.path.parent)
    journals = [journaled(document, folder), journaled(other, folder)]
    document.do(plans.delete(document, [0]))
    other.do(plans.delete(other, [1]))
    for journal in journals:
        journal.close()

    assert len(left_behind(folder, document.path)) == 2


def test_a_cleared_journal_leaves_nothing_and_begins_anew_with_the_next_edit(document: Document, folder: Path) -> None:
    journal = journaled(document, folder)
    document.do(plans.delete(document, [0]))
    journal.clear()
    assert list(folder.iterdir()) == []

    undo(document)
    journal.close()
    assert len(left_behind(folder, document.path)[0].edits) == 1


def test_a_last_line_that_is_cut_short_is_left_out(document: Document, folder: Path) -> None:
    journal = journaled(document, folder)
    document.do(plans.delete(document, [0]))
    document.do(plans.delete(document, [1]))
    journal.close()
    (path,) = folder.glob("*.jsonl")
    path.write_bytes(path.read_bytes()[:-20])

    assert len(left_behind(folder, document.path)[0].edits) == 1


@pytest.mark.parametrize("damage", [b"{", b"\xff\x00", b"[" * 100_000, b'{"label": 3}'])
@pytest.mark.parametrize(("line", "before", "behind"), [(0, 0, 3), (2, 1, 1), (3, 2, 0)])
def test_edits_before_and_behind_a_damage_are_told_apart(
    document: Document, folder: Path, line: int, before: int, behind: int, damage: bytes
) -> None:
    journal = journaled(document, folder)
    for text in ("Hi", "Hey", "Ho"):
        document.do(plans.insert(document, 0, [Example(text, "")]))
    journal.close()
    (path,) = folder.glob("*.jsonl")
    lines = path.read_bytes().split(b"\n")
    lines[line] = damage
    path.write_bytes(b"\n".join(lines))

    again = opened(document.path.parent)
    (found,) = left_behind(folder, again.path)
    assert found.damaged
    assert (len(found.edits), len(found.behind)) == (before, behind)
    assert found.fits(again) == (line > 0)
    aside = found.put_aside()
    assert aside.read_bytes().split(b"\n")[line] == damage
    assert left_behind(folder, again.path) == []


@given(st.integers(0, 2000))
def test_an_edit_of_many_that_was_being_written_is_left_out_whole(
    tmp_path_factory: pytest.TempPathFactory, length: int
) -> None:
    home = tmp_path_factory.mktemp("cut")
    document = opened(home)
    journal = journaled(document, home / "journals")
    document.do(plans.delete(document, [0]))
    (path,) = (home / "journals").glob("*.jsonl")
    before = path.stat().st_size
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.journal.PIECE", 0)
        patch.setattr("engine.journal.PACKED", 0)
        document.do(plans.insert(document, 0, [Example(str(number), "") for number in range(99)]))
        journal.close()
        path.write_bytes(path.read_bytes()[: before + length])
        (found,) = left_behind(home / "journals", document.path)

    whole = path.stat().st_size < before + length
    assert [edit.label for edit in found.edits] == ["delete 1 example", "add 99 examples"][: 1 + whole]
    if whole:
        again = opened(home)
        restore(found, again)
        assert rows(again) == rows(document)


def test_edits_do_not_fit_when_a_file_has_changed_and_their_texts_are_still_there(
    document: Document, folder: Path
) -> None:
    journal = journaled(document, folder)
    document.do(plans.insert(document, 0, [Example("Servus", "both")]))
    journal.close()
    (document.path.parent / "more.jsonl").write_text(MORE + MORE)
    again = open_document(document.path)
    (found,) = left_behind(folder, again.path)

    assert not found.fits(again)
    assert list(found.texts(found.edits)) == [Example("Servus", "both")]


@given(steps)
def test_a_journal_replayed_gives_the_same_document(tmp_path_factory: pytest.TempPathFactory, done: Steps) -> None:
    home = tmp_path_factory.mktemp("journaled")
    document = opened(home)
    journal = journaled(document, home / "journals")
    for step in done:
        carry_out(document, *step)
    journal.close()

    again = opened(home)
    for found in left_behind(home / "journals", again.path):
        restore(found, again)

    assert rows(again) == rows(document)
    assert list(map(type, rows(again))) == list(map(type, rows(document)))
