from pathlib import Path

import pytest

from engine.protocol import Failed
from engine.runs import Run
from engine.summary import Summaries, summary
from engine.workspace import Workspace
from tests.tui.stories import SCORES, new_run, story


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


def told(run: Run, count: int) -> Run:
    with run.lock(), run.log() as log:
        for event in story()[:count]:
            log.append(event)
    return run


def test_a_run_that_has_not_begun_is_queued(workspace: Workspace) -> None:
    found = summary(new_run(workspace))
    assert (found.state, found.step, found.steps, found.seconds, found.scores) == ("queued", 0, 2, 0.0, {})
    assert (found.name, found.title, found.tuning) == ("sums", "Sums", "both")


def test_a_finished_run_has_its_seconds_and_scores(workspace: Workspace) -> None:
    found = summary(told(new_run(workspace), 7))
    assert (found.state, found.step, found.seconds, found.scores) == ("finished", 2, 75.0, SCORES)


def test_an_interrupted_run_that_waits_in_line_is_queued(workspace: Workspace) -> None:
    run = told(new_run(workspace), 3)
    assert (summary(run).state, summary(run).step) == ("interrupted", 2)
    assert summary(run, in_line=True).state == "queued"


def test_a_failed_run_says_why(workspace: Workspace) -> None:
    run = told(new_run(workspace), 1)
    with run.log() as log:
        log.append(Failed(step=1, message="the loss is not a number"))
    assert summary(run).error == "the loss is not a number"


def test_a_list_has_the_newest_first_and_then_what_is_damaged(workspace: Workspace) -> None:
    runs = [new_run(workspace) for _ in range(3)]
    (runs[1].folder / "run.json").write_text("{")
    found = Summaries(workspace).read()
    assert [each.id for each in found] == [runs[2].id, runs[0].id, runs[1].id]
    assert "is damaged" in found[2].damaged


def test_a_story_that_has_not_grown_is_not_read_again(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    run = told(new_run(workspace), 2)
    summaries = Summaries(workspace)
    before = summaries.read()
    with monkeypatch.context() as patch:
        patch.setattr("engine.summary.last", lambda *_: pytest.fail("it was read"))
        assert summaries.read() == before
    told(run, 3)
    assert summaries.read()[0].step == 2
