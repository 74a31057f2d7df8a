import pytest

from engine.protocol import Failed, Step, encode
from engine.requests import RunSummary
from engine.run_label import RunLabel, write_label
from engine.runs import Run
from engine.summary import Summaries
from engine.workspace import Workspace
from tests.tui.stories import SCORES, new_run, story


def told(run: Run, count: int) -> Run:
    with run.lock(), run.log() as log:
        for event in story()[:count]:
            log.append(event)
    return run


def listed(run: Run, *in_line: str) -> RunSummary:
    (found,) = Summaries(Workspace(run.folder.parents[1])).read(in_line)
    return found


def test_a_run_that_has_not_begun_is_queued(workspace: Workspace) -> None:
    found = listed(new_run(workspace))
    assert (found.state, found.step, found.steps, found.seconds, found.scores) == ("queued", 0, 2, 0.0, {})
    assert (found.name, found.title, found.tuning) == ("sums", "Sums", "both")


def test_a_finished_run_has_its_seconds_and_scores(workspace: Workspace) -> None:
    found = listed(told(new_run(workspace), 7))
    assert (found.state, found.step, found.seconds, found.scores) == ("finished", 2, 75.0, SCORES)


def test_a_run_says_at_which_step_it_was_saved(workspace: Workspace) -> None:
    run = told(new_run(workspace), 5)
    assert listed(run).saved == 0
    with run.log() as log:
        log.append(story()[5])
    assert listed(run).saved == 2


def test_an_interrupted_run_that_waits_in_line_is_queued(workspace: Workspace) -> None:
    run = told(new_run(workspace), 3)
    assert (listed(run).state, listed(run).step) == ("interrupted", 2)
    assert listed(run, run.id).state == "queued"


def test_a_failed_run_says_why(workspace: Workspace) -> None:
    run = told(new_run(workspace), 1)
    with run.log() as log:
        log.append(Failed(step=1, message="the loss is not a number"))
    assert listed(run).error == "the loss is not a number"


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
        patch.setattr("engine.summary.last_of_each", lambda *_: pytest.fail("it was read"))
        assert summaries.read() == before
    told(run, 3)
    assert summaries.read()[0].step == 2


def test_of_a_story_that_has_grown_only_what_is_new_is_read(workspace: Workspace) -> None:
    run = told(new_run(workspace), 5)
    summaries = Summaries(workspace)
    (before,) = summaries.read()
    former = run.events_file.read_bytes()
    run.events_file.write_bytes(b" " * (len(former) - 1) + b"\n")
    with run.events_file.open("ab") as log:
        log.write(
            encode(Step(step=9, loss=1.0, learning_rate=0.1, gradient_norm=1.0, tokens=1, seconds=0.1, time=1e12))
        )

    (now,) = summaries.read()

    assert (now.step, now.scores, now.state) == (9, SCORES, "interrupted")
    assert now.seconds > before.seconds


def test_what_a_person_calls_a_run_is_told_as_soon_as_it_changes(workspace: Workspace) -> None:
    run = told(new_run(workspace), 7)
    summaries = Summaries(workspace)
    assert summaries.read()[0].label == RunLabel()

    write_label(run, RunLabel(name="best", note="so far"))

    assert summaries.read()[0].label == RunLabel(name="best", note="so far")
