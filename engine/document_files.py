"""A document from disk and back: opened with the hashes of its files, saved only over files that are still those."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from engine import atomic, dataset, scenario_file
from engine.document import Document
from engine.document_parts import Part, Snapshot
from engine.edits import Deleted
from engine.errors import InputError, Problem
from engine.examples import Example
from engine.formats import read, write
from engine.scenario import DataFile
from engine.storage import reading_from


class ChangedUnderneath(Exception):
    """Files have changed since the document was opened; saving would undo what somebody else did."""

    def __init__(self, paths: list[Path]) -> None:
        self.paths = paths
        super().__init__(", ".join(map(str, paths)))


def open_document(path: Path) -> Document:
    """Read a scenario, its files and what its rules make.

    Raises:
        InputError: the scenario or a file is wrong: everything that is, with its line or row.
    """
    scenario = scenario_file.load(path)
    paths = [path, *(path.parent / file.path for file in scenario.files)]
    hashes = {each: _hash(each) for each in paths}
    parts = [Part(dataset.scenario_rows(scenario), path)]
    problems: list[Problem] = []
    for file in scenario.files:
        try:
            parts.append(_part(file, path.parent))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return Document(path, scenario, parts, dataset.made(scenario), hashes)


def training_examples(snapshot: Snapshot) -> list[Example]:
    """The examples as a run trains on them, edits included: what `engine.dataset.build` gives once they are saved."""
    rows = [
        Example(row.instruction, row.response, row.task, row.split, row.extra)
        for part in snapshot.parts
        for row in part
        if type(row) is not Deleted
    ]
    dataset.settle_splits(rows, snapshot.scenario)
    return [*rows, *snapshot.made]


def save(document: Document, *, overwrite: bool = False) -> list[Path]:
    """Write the files whose examples were edited, each whole or as it was before. Returns them.

    Args:
        document: it has no unsaved edits afterwards.
        overwrite: also files that changed on disk since they were read.

    Raises:
        ChangedUnderneath: a file is not what it was when it was read, or is gone; nothing was written.
        InputError: an example cannot be held by the file's format.
        StorageError: a folder cannot be written, or its disk is full.
    """
    parts = sorted(document.touched)
    paths = [document.parts[part].path for part in parts]
    changed = [path for path in dict.fromkeys(paths) if _hash(path) != document.hashes.get(path)]
    if changed and not overwrite:
        raise ChangedUnderneath(changed)
    # The scenario last: it names the files.
    for part in reversed(parts):
        _write(document, part, document.parts[part].path)
    document.saved(document.hashes | {path: _hash(path) for path in paths})
    return paths


def save_as(document: Document, path: Path) -> list[Path]:
    """Write scenario and data files to another place, where nothing is yet, and go on with those.

    A data file lies beside the new scenario as it lay beside the old one; one that lay elsewhere stays there and is
    named by its full path.

    Raises:
        InputError: one of the files is there already, or cannot hold an example.
        StorageError: a folder cannot be written, or its disk is full.
    """
    files, targets = [], {0: path}
    for part, file in enumerate(document.scenario.files, 1):
        inside = not os.path.isabs(file.path) and ".." not in Path(file.path).parts
        if inside:
            targets[part] = path.parent / file.path
            files.append(file)
        else:
            full = str((document.path.parent / file.path).resolve())
            files.append(msgspec.structs.replace(file, path=full))
    if there := [target for target in targets.values() if target.exists()]:
        expected = "a place where no such file is"
        raise InputError(Problem(file=str(each), found="a file is there already", expected=expected) for each in there)
    for part in reversed(targets):
        target = targets[part]
        with reading_from(document.path.parent):
            text = document.parts[part].path.read_bytes()
        target.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(target, text)
        if part == 0:
            scenario_file.save(target, msgspec.structs.replace(document.snapshot().edited_scenario(), files=files))
        elif part in document.touched:
            _write(document, part, target)
    for part, target in targets.items():
        document.parts[part].path = target
    document.path, document.scenario = path, msgspec.structs.replace(document.scenario, files=files)
    document.saved({part.path: _hash(part.path) for part in document.parts})
    return list(targets.values())


def copy_scenario(source: Path, target: Path) -> None:
    """Copy a scenario and the data files beside it to where nothing is yet, as they are.

    Raises:
        InputError: the scenario is wrong, or one of the files is there already.
        StorageError: a folder cannot be written, or its disk is full.
    """
    save_as(open_document(source), target)


def _part(file: DataFile, folder: Path) -> Part:
    result = read(folder / file.path, wrong_rows=file.wrong_rows)
    names_task = any(example.task for example in result.examples)
    names_split = any(example.split for example in result.examples)
    reason = ""
    if result.problems:
        count = len(result.problems)
        reason = f"{count:,} rows of {file.path} cannot be read; saving would lose them. Mend them first."
    return Part(
        dataset.with_defaults(file, result.examples),
        folder / file.path,
        reason,
        file.task,
        file.split or "",
        names_task,
        names_split,
        result.shape,
        result.format,
    )


def _write(document: Document, part: int, path: Path) -> None:
    if part == 0:
        scenario_file.save(path, document.snapshot().edited_scenario())
        return
    what = document.parts[part]
    write(path, _as_in_file(what, document.kept(part)), format=what.format, shape=what.shape)


def _as_in_file(part: Part, rows: Iterable[Example]) -> Iterable[Example]:
    """The rows without what the file left to the scenario."""
    for row in rows:
        task = "" if row.task == part.task and not part.names_task else row.task
        split = "" if row.split == part.split and not part.names_split else row.split
        yield msgspec.structs.replace(row, task=task, split=split)


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
