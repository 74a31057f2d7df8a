"""A document from disk, with the hashes of its files; and its examples as a run trains on them."""

import hashlib
from collections import Counter
from itertools import chain
from pathlib import Path

from engine import dataset, scenario_file
from engine.apart import apart
from engine.document import Document
from engine.document_parts import OnDisk, Part, Snapshot
from engine.edits import Deleted, copied
from engine.errors import InputError, Problem
from engine.example_sources import DataFile
from engine.examples import Example
from engine.formats import read
from engine.packed_rows import Rows
from engine.scenario import Scenario

LARGE = 2_000_000
"""Bytes of files from which on another process reads them."""


def open_document(path: Path) -> Document:
    """Read a scenario, its files and what its rules make.

    Raises:
        InputError: the scenario or a file is wrong: everything that is, with its line or row.
    """
    scenario = scenario_file.load(path)
    files = [path, *(path.parent / file.path for file in scenario.files)]
    size = sum(file.stat().st_size for file in files if file.is_file())
    return Document(apart(_read, path, scenario) if size > LARGE else _read(path, scenario))


def _read(path: Path, scenario: Scenario) -> OnDisk:
    paths = [path, *(path.parent / file.path for file in scenario.files)]
    hashes = {each: hash_of(each) for each in paths}
    parts = [Part(Rows(dataset.scenario_rows(scenario)), path)]
    problems: list[Problem] = []
    for file in scenario.files:
        try:
            parts.append(_part(file, path.parent))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    made = dataset.made(scenario)
    counts: Counter[tuple[str, str]] = Counter(
        (row.task, row.split) for row in chain(*(part.rows for part in parts), made)
    )
    return OnDisk(path, scenario, parts, Rows(made), hashes, counts)


def training_examples(snapshot: Snapshot) -> list[Example]:
    """The examples as a run trains on them, edits included: what `engine.dataset.build` gives once they are saved."""
    rows = [copied(row) for part in snapshot.parts for row in part if type(row) is not Deleted]
    dataset.settle_splits(rows, snapshot.scenario)
    return [*rows, *snapshot.made]


def _part(file: DataFile, folder: Path) -> Part:
    result = read(folder / file.path, wrong_rows=file.wrong_rows)
    names_task = any(example.task for example in result.examples)
    names_split = any(example.split for example in result.examples)
    reason = ""
    if result.problems:
        count = len(result.problems)
        reason = f"{count:,} rows of {file.path} cannot be read; saving would lose them. Mend them first."
    return Part(
        Rows(dataset.with_defaults(file, result.examples)),
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
