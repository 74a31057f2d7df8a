"""A document to disk: saved only over files that are what they were when they were read, copied, or in part.

Nothing here changes the document, so that it can be done in a thread: `Document.saved` is told of it afterwards.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from engine import atomic, scenario_file
from engine.apart import apart_if_many
from engine.document import Document
from engine.document_files import hash_of, open_document
from engine.document_parts import Part, Snapshot, Written
from engine.edits import Edit, Splice, difference
from engine.errors import InputError, Problem
from engine.examples import Example, counted
from engine.formats import shape_named, write
from engine.marks import Deleted, as_kind
from engine.packed_rows import Rows
from engine.progress import counted_off
from engine.storage import reading_from, writing_to


class ChangedUnderneath(Exception):
    """Files have changed since the document was opened; saving would undo what somebody else did."""

    def __init__(self, paths: list[Path]) -> None:
        self.paths = paths
        super().__init__(", ".join(map(str, paths)))


def write_edits(document: Document, *, overwrite: bool = False) -> Written:
    """Write the files whose examples were edited, each whole or as it was before.

    Args:
        document: to be told of it by `Document.saved`.
        overwrite: also files that changed on disk since they were read.

    Raises:
        ChangedUnderneath: a file is not what it was when it was read, or is gone; nothing was written.
        InputError: an example cannot be held by the file's format.
        StorageError: a folder cannot be written, or its disk is full.
    """
    touched = sorted(document.touched)
    paths = [document.parts[part].path for part in touched]
    changed = [path for path in dict.fromkeys(paths) if hash_of(path) != document.hashes.get(path)]
    if changed and not overwrite:
        raise ChangedUnderneath(changed)
    # The scenario last: it names the files.
    for part in reversed(touched):
        _write(document, part, document.parts[part].path)
    hashes = document.hashes | {path: hash_of(path) for path in paths}
    places = [part.path for part in document.parts]
    return Written(paths, document.scenario, places, hashes, *afterwards(document))


def write_copy(document: Document, path: Path) -> Written:
    """Write scenario and data files to another place, where nothing is yet.

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
    with writing_to(path.parent):
        there = [target for target in targets.values() if target.exists()]
    if there:
        expected = "a place where no such file is"
        raise InputError(Problem(file=str(each), found="a file is there already", expected=expected) for each in there)
    for part in reversed(targets):
        target = targets[part]
        with reading_from(document.path.parent):
            text = document.parts[part].path.read_bytes()
        with writing_to(target.parent):
            target.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(target, text)
        if part == 0:
            scenario_file.save(target, msgspec.structs.replace(document.snapshot().edited_scenario(), files=files))
        elif part in document.touched:
            _write(document, part, target)
    places = [targets.get(number, part.path) for number, part in enumerate(document.parts)]
    scenario = msgspec.structs.replace(document.scenario, files=files)
    hashes = {place: hash_of(place) for place in places}
    return Written(list(targets.values()), scenario, places, hashes, *afterwards(document))


def export(snapshot: Snapshot, places: Sequence[int], path: Path) -> int:
    """Write some of a document's examples, in this order, to a file of their own; deleted ones are left out.

    The file's name says format and shape. Returns how many were written.

    Raises:
        InputError: the ending says no format, or an example cannot be held by it or the shape.
        StorageError: the folder cannot be written, or its disk is full.
    """
    return apart_if_many(snapshot.size, _export, snapshot, places, path)


def _export(snapshot: Snapshot, places: Sequence[int], path: Path) -> int:
    rows = list(snapshot.rows())
    kept = [rows[place] for place in places if type(rows[place]) is not Deleted]
    write(path, counted_off(kept, len(kept)), shape=shape_named(path))
    return len(kept)


def copy_scenario(source: Path, target: Path) -> None:
    """Copy a scenario and the data files beside it to where nothing is yet, as they are.

    Raises:
        InputError: the scenario is wrong, or one of the files is there already.
        StorageError: a folder cannot be written, or its disk is full.
    """
    write_copy(open_document(source), target)


def _write(document: Document, part: int, path: Path) -> None:
    if part == 0:
        scenario_file.save(path, document.snapshot().edited_scenario())
        return
    what = document.parts[part]
    apart_if_many(len(what.rows), _write_part, what, path)


def _write_part(part: Part, path: Path) -> None:
    write(path, _as_in_file(part), format=part.format, shape=part.shape)


def _as_in_file(part: Part) -> Iterable[Example]:
    """The rows without what the file left to the scenario."""
    for row in counted_off(part.kept(), len(part.rows)):
        task = "" if row.task == part.task and not part.names_task else row.task
        split = "" if row.split == part.split and not part.names_split else row.split
        yield msgspec.structs.replace(row, task=task, split=split)


def afterwards(document: Document) -> tuple[dict[int, Rows], Edit | None]:
    """What the parts that were edited hold when all is on disk, and the edit by which deleted examples go."""
    unmarked, removals, count = {}, [], 0
    for number in sorted(document.touched):
        plain = []
        for at, piece in document.parts[number].rows.pieces():
            marks = {mark for mark, _, _ in piece.tally()}
            if marks == {""}:
                continue
            rows = [row if type(row) is Deleted else as_kind(Example, row) for row in piece]
            plain.append(Splice(number, at, len(rows), Rows(rows, packed=piece.packed)))
            if "deleted" in marks:
                kept = [row for row in rows if type(row) is not Deleted]
                count += len(rows) - len(kept)
                removals.append(difference(number, at, rows, kept, packed=piece.packed))
        unmarked[number], _ = document.parts[number].rows.spliced(plain)
    return unmarked, Edit(f"remove {counted(count)}", removals) if removals else None
