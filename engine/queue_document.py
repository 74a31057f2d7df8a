"""Runs on a document as it is at this moment, its unsaved edits included."""

from pathlib import Path

from engine.apart import apart_if_many
from engine.document_files import training_examples
from engine.document_parts import Snapshot
from engine.queueing import queue
from engine.tuning_order import in_order
from engine.workspace import Workspace


def queue_document(snapshot: Snapshot, path: Path, tunings: list[str], workspace: Path) -> list[str]:
    """Make a run of each tuning, and of those that they start from. Returns their ids in the order to train them.

    Args:
        snapshot: of the document.
        path: of its scenario.
        tunings: their names.
        workspace: its folder.

    Raises:
        InputError: there is no such tuning, an example cannot be made, or the base is not there.
        EngineError: the base is damaged, or the workspace cannot be written.
    """
    return apart_if_many(snapshot.size, _queue, snapshot, path, tunings, workspace)


def _queue(snapshot: Snapshot, path: Path, tunings: list[str], folder: Path) -> list[str]:
    workspace, scenario = Workspace(folder), snapshot.edited_scenario()
    examples = training_examples(snapshot)
    names = in_order(scenario, tunings, lambda name: workspace.finished(scenario, name) is not None)
    return [queue(scenario, path.stem, path.parent, name, workspace=workspace, examples=examples).id for name in names]
