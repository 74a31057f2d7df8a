"""A document from disk, with the hashes of its files; and its examples as a run trains on them."""

import hashlib
from pathlib import Path

from engine import dataset, packed_rows, scenario_file
from engine.apart import apart_if_large
from engine.document import Document
from engine.document_parts import OnDisk, Part, Snapshot
from engine.edits import with_defaults
from engine.errors import InputError, Problem
from engine.example_sources import DataFile
from engine.examples import Example
from engine.formats import read
from engine.marks import Deleted, New, as_kind
from engine.packed_rows import Rows
from engine.progress import counted_off
from engine.scenario import Scenario


def open_document(path: Path) -> Document:
    """Read a scenario, its files and what its rules make.

    Raises:
        InputError: the scenario or a file is wrong: everything that is, with its line or row.
    """
    scenario = scenario_file.load(path)
    files = [path, *(path.parent / file.path for file in scenario.files)]
    size = sum(file.stat().st_size for file in files if file.is_file())
    return Document(apart_if_large(size, _read, path, scenario))


def _read(path: Path, scenario: Scenario) -> OnDisk:
    paths = [path, *(path.parent / file.path for file in scenario.files)]
    hashes = {each: hash_of(each) for each in paths}
    parts = [Part(Rows.of(dataset.scenario_rows(scenario)), path)]
    problems: list[Problem] = []
    for file in scenario.files:
        try:
            parts.append(_part(file, path.parent))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    made = dataset.made(scenario)
    return OnDisk(path, scenario, parts, Rows.of(made), hashes)


def training_examples(snapshot: Snapshot) -> list[Example]:
    """The examples as a run trains on them, edits included: what `engine.dataset.build` gives once they are saved."""
    rows = [as_kind(Example, row) for part in snapshot.parts for row in part if type(row) is not Deleted]
    dataset.settle_splits(rows, snapshot.scenario)
    return [*rows, *snapshot.made]


def read_new(path: Path, part: Part) -> tuple[Rows, int]:
    """The examples of a file as `New` ones of a part, and how many of its rows are wrong and left out.

    Raises:
        InputError: no row can be read.
    """
    size = path.stat().st_size if path.is_file() else 0
    return apart_if_large(size, _read_new, path, part.task, part.split)


def _read_new(path: Path, task: str, split: str) -> tuple[Rows, int]:
    result = read(path, wrong_rows="skip")
    examples = counted_off(result.examples, len(result.examples), half=1)
    rows = (as_kind(New, with_defaults(row, task, split)) for row in examples)
    return Rows(rows, packed=len(result.examples) > packed_rows.MANY), len(result.problems)


def _part(file: DataFile, folder: Path) -> Part:
    result = read(folder / file.path, wrong_rows=file.wrong_rows)
    names_task = any(example.task for example in result.examples)
    names_split = any(example.split for example in result.examples)
    reason = ""
    if result.problems:
        count = len(result.problems)
        reason = f"{count:,} rows of {file.path} cannot be read; saving would lose them. Mend them first."
    rows = dataset.with_defaults(file, result.examples)
    return Part(
        Rows(counted_off(rows, len(rows), half=1), packed=len(rows) > packed_rows.MANY),
        folder / file.path,
        reason,
        file.task,
        file.split or "",
        names_task,
        names_split,
        result.shape,
        result.format,
    )


def hash_of(path: Path) -> str:
    """SHA-256 of a file; empty where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
