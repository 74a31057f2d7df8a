import hashlib
from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.example_store import ExampleStore
from engine.examples import Example
from engine.storage import StorageError

EXAMPLES = [
    Example("Add 2 and 3", "5", "add"),
    Example("Reverse Köln", "nlöK", "reverse", "unseen", {"source": "me", "tags": [1, None]}),
]


@pytest.fixture
def store(tmp_path: Path) -> ExampleStore:
    return ExampleStore(tmp_path)


def test_examples_come_back_as_they_were_and_in_order(store: ExampleStore) -> None:
    assert store.get(store.add(EXAMPLES)) == EXAMPLES
    assert store.get(store.add(EXAMPLES[::-1])) == EXAMPLES[::-1]
    assert store.get(store.add([])) == []


def test_the_examples_of_a_few_instructions_are_found_and_others_that_mention_them_are_not(store: ExampleStore) -> None:
    digest = store.add([*EXAMPLES, Example("Say it", "Add 2 and 3"), Example("Add 2 and 3", "six")])

    found = store.with_instructions(digest, ["Add 2 and 3", "Reverse Köln", "nothing"])
    assert [each.response for each in found] == ["5", "nlöK", "six"]

    store.folder.joinpath(f"{digest}.jsonl").write_text('"Add 2 and 3"\n')
    with pytest.raises(EngineError, match="is damaged"):
        store.with_instructions(digest, ["Add 2 and 3"])
    assert store.with_instructions(digest, []) == []  # nothing is looked at


def test_a_file_is_named_after_the_hash_of_its_content(store: ExampleStore) -> None:
    digest = store.add(EXAMPLES)
    (path,) = store.folder.iterdir()
    assert path.name == f"{digest}.jsonl"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest


def test_the_same_examples_are_kept_once(store: ExampleStore) -> None:
    digest = store.add(EXAMPLES)
    written = (store.folder / f"{digest}.jsonl").stat().st_ino
    assert store.add(EXAMPLES) == digest
    assert (store.folder / f"{digest}.jsonl").stat().st_ino == written
    assert store.hashes() == [digest]


def test_damage_is_found_when_reading_and_mended_when_adding(store: ExampleStore) -> None:
    digest = store.add(EXAMPLES)
    path = store.folder / f"{digest}.jsonl"
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(EngineError, match="is damaged"):
        store.get(digest)
    store.add(EXAMPLES)
    assert store.get(digest) == EXAMPLES


def test_what_is_removed_is_gone(store: ExampleStore) -> None:
    digest = store.add(EXAMPLES)
    store.remove(digest)
    store.remove(digest)
    assert store.hashes() == []
    with pytest.raises(StorageError, match="No such file"):
        store.get(digest)
