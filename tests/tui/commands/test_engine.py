"""Runs in the background: `train --detach`, `watch`, `pause`, `resume`, `stop`, `engine status` and `engine stop`."""

import json
import os
import signal
import subprocess
from pathlib import Path

from engine.workspace import Workspace
from tests.command_line import TUNETUI
from tests.tui.conftest import Tunetui
from tests.tui.stories import new_run, story


def detached(tunetui: Tunetui, place: Path, tuning: str) -> str:
    """The id of a new run that the engine was given."""
    outcome = tunetui("train", place / "sums.toml", "--tuning", tuning, "--detach", "--json")
    assert outcome.status == 0, outcome.err
    (line,) = outcome.out.splitlines()
    return str(json.loads(line)["run"])


def watching(place: Path, run: str, *options: str) -> subprocess.Popen[str]:
    """A process that follows a run, its events on standard output."""
    command = [TUNETUI, "watch", run, "--json", *options]
    return subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for_step(place: Path, run: str) -> None:
    with watching(place, run) as process:
        assert process.stdout is not None
        next(line for line in process.stdout if '"event":"step"' in line)
        process.kill()


def test_before_the_first_run_there_is_no_engine(tunetui: Tunetui, tmp_path: Path) -> None:
    status = json.loads(tunetui("--workspace", tmp_path, "engine", "status", "--json").out)
    assert (status["pid"], status["socket"], status["since"], status["runs"]) == (None, None, None, [])
    assert json.loads(tunetui("engine", "stop", "--workspace", tmp_path, "--json").out) == {"pid": None, "runs": []}
    assert list(tmp_path.iterdir()) == []


def test_a_detached_run_is_followed_to_its_scores(tunetui: Tunetui, place: Path) -> None:
    run = detached(tunetui, place, "small")

    outcome = tunetui("watch", run)

    assert outcome.status == 0
    assert outcome.out.startswith("small: all steps are done after 3 steps and ")
    assert "validation  add" in outcome.out
    events = [json.loads(line) for line in tunetui("watch", run, "--json").out.splitlines()]
    assert [event["n"] for event in events] == list(range(len(events)))
    assert events[-1]["event"] == "finished"


def test_a_run_is_paused_resumed_stopped_and_each_time_says_its_state(tunetui: Tunetui, place: Path) -> None:
    run = detached(tunetui, place, "endless")
    wait_for_step(place, run)
    status = json.loads(tunetui("engine", "status", "--json").out)
    assert (status["runs"], status["pid"] > 0) == ([run], True)
    assert run in tunetui("engine", "status").out

    assert json.loads(tunetui("pause", run, "--json").out) == {"run": run, "state": "paused"}
    assert json.loads(tunetui("resume", run, "--json").out) == {"run": run, "state": "running"}
    assert tunetui("stop", run).out == f"{run} is stopped.\n"

    outcome = tunetui("watch", run)
    assert (outcome.status, outcome.out) == (0, "")
    assert "was stopped after step" in outcome.err


def test_ending_the_engine_saves_its_run_which_resume_goes_on_with(tunetui: Tunetui, place: Path) -> None:
    run = detached(tunetui, place, "endless")
    wait_for_step(place, run)

    pid = json.loads(tunetui("engine", "status", "--json").out)["pid"]
    waiting = detached(tunetui, place, "small")
    assert tunetui("pause", waiting).out == (
        f"{waiting} has left the line. `tunetui resume {waiting}` puts it in line again.\n"
    )
    tunetui("resume", waiting)
    ended, *unfinished = tunetui("engine", "stop").out.splitlines()
    assert ended == f"The engine, process {pid}, has ended."
    assert unfinished == [f"Not finished: {each}. Go on with: tunetui resume {each}" for each in (run, waiting)]

    outcome = tunetui("watch", run)
    assert outcome.status == 1
    assert f"saved. Go on with: tunetui train --resume {run}" in outcome.err
    assert "no engine now" in tunetui("pause", run).err
    began = len(tunetui("watch", run, "--json").out.splitlines())

    assert json.loads(tunetui("resume", run, "--json").out)["state"] in ("queued", "running")
    with watching(place, run) as process:
        assert process.stdout is not None
        events = (json.loads(line) for line in process.stdout)
        again = next(event for event in events if event["n"] >= began)
        assert (again["event"], again["step"] > 0) == ("started", True)
        process.kill()
    assert tunetui("stop", run).status == 0


def test_a_run_is_asked_while_it_trains_and_has_no_checkpoint_yet(tunetui: Tunetui, place: Path) -> None:
    run = detached(tunetui, place, "endless")
    wait_for_step(place, run)

    outcome = tunetui("ask", run, "Add 1 and 2", "Add 2 and 2", "--json", "--length", "2")
    assert [json.loads(line)["prompt"] for line in outcome.out.splitlines()] == ["Add 1 and 2", "Add 2 and 2"]

    assert "has no checkpoint yet" in tunetui("ask", run, "Add 1 and 2", "--device", "cpu").err
    tunetui("stop", run)


def test_without_an_engine_a_run_that_waits_is_stopped_for_good(tunetui: Tunetui, tmp_path: Path) -> None:
    run = new_run(Workspace(tmp_path))

    outcome = tunetui("stop", run.id, "--workspace", tmp_path, "--json")

    assert json.loads(outcome.out) == {"run": run.id, "state": "stopped"}
    assert not (tmp_path / "engine").exists()


def test_a_run_of_the_foreground_is_followed_by_its_log(tmp_path: Path) -> None:
    run = new_run(Workspace(tmp_path))
    first, *others = story()
    with run.lock(), run.log() as log:
        log.append(first)
        process = watching(tmp_path, run.id, "--workspace", str(tmp_path))
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["event"] == "started"
        for event in others:
            log.append(event)
    out, _ = process.communicate()
    assert len(out.splitlines()) == len(others)
    assert process.returncode == 0


def test_who_follows_a_run_that_has_not_begun_is_told_whether_it_is_in_line(tunetui: Tunetui, place: Path) -> None:
    first, second = (detached(tunetui, place, "endless") for _ in range(2))
    assert first_words(place, second) == f"{second} has not begun. It is in line.\n"
    tunetui("engine", "stop")
    assert first_words(place, second) == (
        f"{second} has not begun. It is not in line: `tunetui resume {second}` begins it.\n"
    )
    for run in (first, second):
        tunetui("stop", run)


def first_words(place: Path, run: str) -> str:
    """What somebody who follows a run reads first."""
    with subprocess.Popen([TUNETUI, "watch", run], cwd=place, stderr=subprocess.PIPE, text=True) as watch:
        assert watch.stderr is not None
        words = watch.stderr.readline()
        watch.kill()
    return words


def test_leaving_a_run_that_one_watches_leaves_it_alone(tmp_path: Path) -> None:
    run = new_run(Workspace(tmp_path))
    with run.lock(), run.log() as log:
        log.append(story()[0])
        process = watching(tmp_path, run.id, "--workspace", str(tmp_path))
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
        assert "Traceback" not in err
        assert run.state() == "running"
    assert process.returncode == 130


def test_a_run_outlives_the_terminal_that_it_was_started_from(tunetui: Tunetui, place: Path) -> None:
    terminal, inside = os.openpty()
    start = f"import os; os.login_tty({inside}); os.execvp('sh', ['sh', '-c', os.environ['COMMANDS']])"
    commands = f"{TUNETUI} train sums.toml --tuning endless --detach; {TUNETUI} watch latest"
    with subprocess.Popen(
        ["python3", "-c", start], cwd=place, pass_fds=[inside], env=os.environ | {"COMMANDS": commands}
    ) as shell:
        os.close(inside)
        seen = b""
        while b"at most 1,000,000 steps" not in seen:
            seen += os.read(terminal, 4096)
        os.close(terminal)
    assert shell.returncode != 0
    run = Workspace(place / "runs").runs()[0].id
    assert json.loads(tunetui("engine", "status", "--json").out)["runs"] == [run]
    wait_for_step(place, run)
    assert tunetui("stop", run).status == 0


def test_detaching_is_for_new_runs_of_a_scenario(tunetui: Tunetui) -> None:
    assert tunetui("train", "--detach").status == 2
    assert "tunetui resume RUN" in tunetui("train", "--resume", "latest", "--detach").err
