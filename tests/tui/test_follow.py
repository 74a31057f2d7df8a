import json
import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from engine.protocol import Answer, Event, Interrupted, Step
from engine.runs import Run
from engine.workspace import Workspace
from tests.tui.stories import new_run, story
from tui.follow import Job, follow

ANSWERS = [Answer("Add 1 and 2", "3", [], stopped=True)]


def job(run: Run, events: Sequence[Event], after_step: Callable[[int], object] = lambda step: None) -> Job:
    """Tells these events, and stops as the engine does: after the step in which it was asked to."""

    def work(*, on_event: Callable[[Event], None], should_stop: Callable[[], str]) -> Run:
        for event in events:
            event.run = run.id
            on_event(event)
            if isinstance(event, Step):
                after_step(event.step)
                if reason := should_stop():
                    on_event(Interrupted(run=run.id, step=event.step, reason=reason))
                    break
        return run

    return work


def answers_of(run: Run) -> list[Answer]:
    return ANSWERS


def test_results_of_each_run_come_first_and_then_the_answers_of_all(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    both, alone = new_run(workspace, "both"), new_run(workspace, "alone")

    status = follow([job(both, story()), job(alone, story())], answers_of)

    assert status == 0
    out = capsys.readouterr().out
    assert out.startswith(
        f"both: the goal is met after 2 steps and 1 min 15 s, 4,000 tokens a second. Run {both.id}\n"
        "\n"
        "split       task  exact match"
    )
    assert f"Run {alone.id}" in out
    assert out.splitlines()[-2:] == ["prompt       both  alone", "Add 1 and 2  3     3"]


def test_as_json_standard_output_is_the_events_and_nothing_else(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    run = new_run(workspace)

    assert follow([job(run, story())], answers_of, as_json=True) == 0

    out, err = capsys.readouterr()
    lines = [json.loads(line) for line in out.splitlines()]
    kinds = ["started", "step", "step", "warning", "evaluation", "checkpoint", "finished"]
    assert [line["event"] for line in lines] == kinds
    assert {line["run"] for line in lines} == {run.id}
    assert lines[-1]["scores"]["validation"]["add"]["exact_match"] == 0.5
    assert err == ""


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_after_the_step_and_says_how_to_go_on(
    workspace: Workspace, capfd: pytest.CaptureFixture[str], number: signal.Signals, status: int
) -> None:
    first, second = new_run(workspace, "both"), new_run(workspace, "alone")
    jobs = [
        job(first, story(), after_step=lambda step: signal.raise_signal(number)),
        job(second, story()),
    ]

    assert follow(jobs, answers_of, workspace=Path("my runs")) == status

    out, err = capfd.readouterr()
    assert out == ""
    assert err.splitlines()[-1] == (
        f"Stopped after step 1 and saved. Go on with: tunetui train --resume {first.id} --workspace 'my runs'"
    )


def test_what_was_finished_before_the_signal_still_answers(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = new_run(workspace, "both"), new_run(workspace, "alone")
    stopped = job(second, story(), after_step=lambda step: signal.raise_signal(signal.SIGINT))

    assert follow([job(first, story()), stopped], answers_of) == 130
    assert capsys.readouterr().out.splitlines()[-2:] == ["prompt       both", "Add 1 and 2  3"]


def test_a_second_signal_ends_the_process_at_once(workspace: Workspace) -> None:
    def twice(step: int) -> None:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    former = signal.getsignal(signal.SIGINT)
    with pytest.raises(SystemExit) as exit:
        follow([job(new_run(workspace), story(), after_step=twice)], answers_of)

    assert exit.value.code == 130
    assert signal.getsignal(signal.SIGINT) is former


def test_a_run_whose_events_nobody_reads_any_more_is_stopped_and_saved(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        monkeypatch.setattr("sys.stdout", closed)
        status = follow([job(new_run(workspace), story())], answers_of, as_json=True)

    assert status == 128 + signal.SIGPIPE
    assert "Stopped after step 1 and saved." in capfd.readouterr().err
