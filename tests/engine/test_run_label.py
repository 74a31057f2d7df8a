from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.run_label import RunLabel, label_of, write_label
from engine.workspace import Workspace
from tests.tui.stories import new_run


def test_a_label_is_kept_and_the_run_stays_as_it_is(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    run = new_run(workspace)

    write_label(run, RunLabel(name="best so far", note="rate 0.01\nsecond line"))

    assert label_of(run) == RunLabel(name="best so far", note="rate 0.01\nsecond line")
    assert workspace.find(run.id).info == run.info


def test_a_run_without_a_label_or_with_a_damaged_one_has_an_empty_one(tmp_path: Path) -> None:
    run = new_run(Workspace(tmp_path))
    assert label_of(run) == RunLabel()

    (run.folder / "label.json").write_text("{")
    assert label_of(run) == RunLabel()


def test_a_run_that_was_removed_gets_no_label(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    run = new_run(workspace)
    workspace.remove(run)

    with pytest.raises(EngineError, match="no longer there"):
        write_label(run, RunLabel(name="x"))
