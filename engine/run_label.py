"""What a person calls a run and notes about it: `label.json` in the run's folder, absent where nothing was said."""

import msgspec

from engine import atomic
from engine.errors import EngineError
from engine.runs import Run
from engine.storage import reading_from


class RunLabel(msgspec.Struct, frozen=True, kw_only=True):
    """A name and a note. Neither changes the run or its id."""

    name: str = ""
    note: str = ""


def label_of(run: Run) -> RunLabel:
    """The label of a run; an empty one where there is none, or none that can be read.

    Raises:
        StorageError: the run's folder cannot be read.
    """
    with reading_from(run.folder):
        try:
            return msgspec.json.decode((run.folder / "label.json").read_bytes(), type=RunLabel)
        except (FileNotFoundError, ValueError):
            return RunLabel()


def label_stamp(run: Run) -> object:
    """Something that is another when the label has changed."""
    try:
        return (run.folder / "label.json").stat().st_mtime_ns
    except OSError:
        return None


def write_label(run: Run, label: RunLabel) -> None:
    """Write the label, whole or not at all.

    Raises:
        EngineError: the run is gone.
        StorageError: it cannot be written; what was there is unchanged.
    """
    if not run.folder.is_dir():
        raise EngineError(f"{run.id} is no longer there: it was removed.")
    atomic.write_bytes(run.folder / "label.json", msgspec.json.format(msgspec.json.encode(label)) + b"\n")
