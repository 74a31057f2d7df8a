from pathlib import Path

import pytest

from engine import dataset, scenario_file
from engine import edit_plans as plans
from engine.document import Document, ReadOnly
from engine.document_files import open_document, read_new, training_examples
from engine.document_saving import ChangedUnderneath, export
from engine.errors import InputError
from engine.examples import Example
from engine.formats import read
from engine.marks import New
from tests.engine.documents import MORE, SCENARIO, opened, rows, save, save_as, undo, unmarked, written


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return opened(tmp_path)


def reopened(document: Document) -> list[Example]:
    return rows(open_document(document.path))


def test_only_the_files_that_were_edited_are_written(document: Document) -> None:
    document.do(plans.change(document, {2: Example("Good evening", "greeting", "greet", "")}))

    assert save(document) == [document.path.parent / "more.jsonl"]
    assert document.path.read_text() == SCENARIO
    assert (document.path.parent / "more.jsonl").read_text() == MORE.replace("Good morning", "Good evening").replace(
        '": "', '":"'
    ).replace('", "', '","')


def test_saving_keeps_the_comments_of_the_scenario(document: Document) -> None:
    document.do(plans.change(document, {1: Example("Goodbye", "farewell", "greet", "")}))
    save(document)

    assert document.path.read_text() == SCENARIO.replace('"Bye"', '"Goodbye"')
    assert (document.dirty, document.edited) == (False, 0)


def test_what_is_saved_is_what_is_read_again(document: Document) -> None:
    document.do(
        plans.insert(document, 1, [Example("Hi", "greeting", "greet", "train"), Example("Servus", "both", "other", "")])
    )
    document.do(plans.delete(document, [0, 6]))
    save(document)

    assert rows(document) == reopened(document)


def test_undo_goes_back_beyond_a_saving(document: Document) -> None:
    original = rows(document)
    document.do(plans.delete(document, [0]))
    save(document)
    while undo(document):
        pass

    assert document.dirty
    assert unmarked(document) == original
    save(document)
    assert reopened(document) == original


def test_a_file_that_changed_underneath_is_not_overwritten_unless_asked(document: Document) -> None:
    more = document.path.parent / "more.jsonl"
    more.write_text(MORE + MORE)
    document.do(plans.change(document, {1: Example("Goodbye", "farewell"), 2: Example("Good evening", "greeting")}))

    with pytest.raises(ChangedUnderneath) as refusal:
        save(document)
    assert refusal.value.paths == [more]
    assert document.path.read_text() == SCENARIO
    assert document.dirty

    save(document, overwrite=True)
    assert reopened(document) == rows(document)


def test_a_file_that_is_gone_counts_as_changed(document: Document) -> None:
    document.path.unlink()
    document.do(plans.delete(document, [0]))

    with pytest.raises(ChangedUnderneath):
        save(document)


def test_saving_elsewhere_takes_the_data_along_and_leaves_the_old_files(document: Document, tmp_path: Path) -> None:
    document.do(
        plans.change(
            document,
            {1: Example("Goodbye", "farewell", "greet", ""), 2: Example("Good evening", "greeting", "greet", "")},
        )
    )
    target = tmp_path / "own" / "mine.toml"
    save_as(document, target)

    assert document.path == target
    assert reopened(document) == rows(document)
    assert "# Two greetings." in target.read_text()
    assert (tmp_path / "greetings.toml").read_text() == SCENARIO
    assert (tmp_path / "more.jsonl").read_text() == MORE


def test_saving_elsewhere_overwrites_nothing(document: Document, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "more.jsonl").write_text("somebody's")

    with pytest.raises(InputError, match="a file is there already"):
        save_as(document, tmp_path / "own" / "mine.toml")
    assert not (tmp_path / "own" / "mine.toml").exists()


def test_rows_of_a_file_with_skipped_rows_are_read_only(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_text(SCENARIO.replace('task = "greet"\n', 'task = "greet"\nwrong_rows = "skip"\n'))
    (tmp_path / "more.jsonl").write_text(MORE + "not a row\n")
    document = open_document(path)

    with pytest.raises(ReadOnly, match="cannot be read"):
        document.do(plans.delete(document, [2]))


def test_wrong_files_are_named_with_their_rows(tmp_path: Path) -> None:
    path = written(tmp_path)
    (tmp_path / "more.jsonl").write_text("nothing\n")

    with pytest.raises(InputError, match=r"more\.jsonl"):
        open_document(path)


def test_training_takes_what_the_scenario_gives_once_it_is_saved(document: Document) -> None:
    document.do(plans.insert(document, 0, [Example(f"Hi {number}", "greeting", "greet", "") for number in range(9)]))
    document.do(plans.delete(document, [11]))
    examples = training_examples(document.snapshot())
    save(document)

    scenario = scenario_file.load(document.path)
    assert examples == dataset.build(scenario, document.path.parent)


def test_large_files_are_read_and_written_by_another_process_alike(
    document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.apart.LARGE", 0)
    monkeypatch.setattr("engine.apart.MANY", 0)
    large = open_document(document.path)

    assert rows(large) == rows(document)
    assert large.counts() == document.counts()
    large.do(plans.delete(large, [2]))
    assert save(large) == [document.path.parent / "more.jsonl"]
    assert reopened(large) == rows(large)
    (document.path.parent / "more.jsonl").write_text("")
    with pytest.raises(InputError, match="no rows"):
        open_document(document.path)


@pytest.mark.parametrize("large", [False, True])
def test_the_examples_of_a_file_are_new_ones_with_what_the_part_gives(
    document: Document, tmp_path: Path, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.apart.LARGE", 0 if large else 1000)
    (tmp_path / "in.csv").write_text("instruction,response,task\nServus,both,other\nHi,greeting,\nwrong\n")
    new, wrong = read_new(tmp_path / "in.csv", document.parts[1])

    assert list(new) == [New("Servus", "both", "other", ""), New("Hi", "greeting", "greet", "")]
    assert wrong == 1
    with pytest.raises(InputError, match=r"none\.csv"):
        read_new(tmp_path / "none.csv", document.parts[1])


def test_some_examples_are_written_to_a_file_of_their_own(document: Document, tmp_path: Path) -> None:
    document.do(plans.delete(document, [1]))

    assert export(document.snapshot(), [4, 1, 0], tmp_path / "some.jsonl") == 2
    assert [row.instruction for row in read(tmp_path / "some.jsonl").examples] == ["So long", "Hello"]
