import subprocess
import sys
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from engine.architectures import Transformer
from engine.errors import EngineError
from engine.example_sources import Row
from engine.protocol import (
    Answer,
    AnyEvent,
    Evaluation,
    Failed,
    Finished,
    Interrupted,
    Paused,
    Resumed,
    Score,
    Scores,
    Started,
    Step,
    Stopped,
    Warning,
)
from engine.runs import FORMAT, Run, RunInfo, State, Versions, write_info
from engine.scenario import Scenario, Tuning
from tests.engine.lock_holder import held_by_another_process

STARTED = Started(
    tuning="t",
    scenario="Sums",
    steps=10,
    parameters=5,
    trainable=5,
    device="cpu",
    threads=1,
    precision="float32",
    examples={"train": {"add": 1}},
)
STEP = Step(step=1, loss=1.0, learning_rate=0.1, gradient_norm=1.0, tokens=8, seconds=0.1)
SCORES: Scores = {"validation": {"add": Score(exact_match=0.5, did_not_stop=0.0, loss=1.0, examples=10)}}
FINISHED = Finished(
    tuning="t", step=10, seconds=1, evaluation_seconds=1, tokens_per_second=8, reason="steps", scores=SCORES
)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A run as the workspace makes it."""
    folder = tmp_path / "q7m2-tuning"
    (folder / "checkpoints").mkdir(parents=True)
    scenario = Scenario(title="Sums", examples=[Row(instruction="Add 1 and 2", response="3")], tunings={"t": Tuning()})
    write_info(
        folder,
        RunInfo(
            name="sums", scenario=scenario, tuning="t", steps=10, seed=7, device="cpu", threads=1, precision="float32"
        ),
    )
    return Run.open(folder)


def tell(run: Run, *events: AnyEvent) -> None:
    with run.log() as log:
        for event in events:
            log.append(event)


# --- run.json ---------------------------------------------------------------------------------------------------------


def test_what_was_asked_comes_back(run: Run) -> None:
    assert (run.id, run.info.id) == ("q7m2-tuning", "q7m2-tuning")
    assert (run.info.name, run.info.tuning, run.info.seed) == ("sums", "t", 7)
    assert run.info.scenario.examples == [Row(instruction="Add 1 and 2", response="3")]
    assert run.info.versions == Versions.installed()


def test_every_default_of_the_scenario_is_written_out(run: Run) -> None:
    """So that another version's defaults do not change what the run was."""
    scenario = msgspec.json.decode((run.folder / "run.json").read_bytes())["scenario"]
    assert scenario["tunings"]["t"]["learning_rate"] == Tuning().learning_rate
    assert scenario["model"] == {"architecture": "transformer", **msgspec.structs.asdict(Transformer())}


def test_versions_do_not_import_torch() -> None:
    code = "import sys; from engine.runs import Versions; print(Versions.installed().torch, 'torch' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert out == [Versions.installed().torch, "False"]


def test_a_newer_format_is_refused_with_the_way_out(run: Run) -> None:
    path = run.folder / "run.json"
    path.write_bytes(msgspec.json.encode({"format": FORMAT + 1, "something": "new"}))
    with pytest.raises(EngineError, match=r"made by a newer tunetui.* Update tunetui"):
        Run.open(run.folder)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"format": 1}', b'{"format": "one"}', b"\xff\x00"])
def test_a_damaged_run_json_is_said(run: Run, text: bytes) -> None:
    (run.folder / "run.json").write_bytes(text)
    with pytest.raises(EngineError, match=r"run\.json is damaged: "):
        Run.open(run.folder)


def test_a_folder_without_run_json_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"has no run\.json"):
        Run.open(tmp_path)


def test_the_documentation_names_every_key_and_event() -> None:
    text = (Path(__file__).parents[2] / "docs" / "runs.md").read_text()
    words = [*RunInfo.__struct_fields__]
    for kind in get_args(AnyEvent):
        words += [kind.__struct_config__.tag, *kind.__struct_fields__]
    assert [word for word in words if f"`{word}`" not in text] == []


# --- state ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "idle", "locked"),
    [
        ([], "queued", "running"),
        ([STARTED, STEP], "interrupted", "running"),
        ([STARTED, STEP, Paused(step=1)], "interrupted", "paused"),
        ([STARTED, Paused(step=1), STEP, Warning(message="w")], "interrupted", "paused"),
        ([STARTED, Paused(step=1), Resumed(step=1)], "interrupted", "running"),
        ([STARTED, Interrupted(step=1, reason="SIGTERM")], "interrupted", "running"),
        ([STARTED, Stopped(step=1)], "stopped", "stopped"),
        ([STARTED, Failed(step=1, message="loss is not finite")], "failed", "failed"),
        ([STARTED, STEP, FINISHED, Warning(message="w")], "finished", "finished"),
        ([STARTED, FINISHED, STARTED], "interrupted", "running"),
    ],
)
def test_the_last_word_and_the_lock_tell_the_state(
    run: Run, events: list[AnyEvent], idle: State, locked: State
) -> None:
    tell(run, *events)
    assert run.state() == idle
    with run.lock():
        assert run.state() == locked


def test_a_run_that_starts_while_one_looks_is_not_interrupted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(run, STARTED)
    answers = iter([False, True])
    monkeypatch.setattr("engine.runs.is_held", lambda path: next(answers))
    assert run.state() == "running"


def test_a_run_that_ends_while_one_looks_is_not_interrupted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(run, STARTED)
    answers = iter([True, False])
    monkeypatch.setattr("engine.runs.is_held", lambda path: next(answers))
    assert run.state() == "running"


def test_a_killed_process_leaves_an_interrupted_run_that_can_be_taken_over(run: Run) -> None:
    tell(run, STARTED)
    with held_by_another_process(run.folder / "lock") as process:
        assert run.state() == "running"
        with pytest.raises(EngineError, match="q7m2-tuning is running in another process"), run.lock():
            pass
        process.kill()
        process.wait()
        assert run.state() == "interrupted"
        with run.lock():
            assert run.state() == "running"


def test_taking_a_run_clears_what_a_killed_save_left(run: Run) -> None:
    left = run.folder / "checkpoints" / ".tmp-0123456789abcdef"
    left.mkdir()
    (left / "weights").touch()
    (run.folder / ".tmp-0123456789abcdef").touch()
    with run.lock():
        assert not left.exists()
        assert sorted(path.name for path in run.folder.iterdir()) == ["checkpoints", "lock", "run.json"]


# --- scores, checkpoints, events --------------------------------------------------------------------------------------


def test_scores_are_those_of_the_last_evaluation(run: Run) -> None:
    assert run.scores() == {}
    answer = Answer(prompt="Add 1 and 2", response="4", tokens=[], stopped=True)
    tell(run, STARTED, Evaluation(step=1, scores={}, answers=[answer], seconds=0.1))
    assert run.scores() == {}
    tell(
        run, Evaluation(step=2, scores=SCORES, answers=[answer], seconds=0.1), STEP, Interrupted(step=3, reason="kill")
    )
    assert run.scores() == SCORES
    tell(run, msgspec.structs.replace(FINISHED, scores={"unseen": {}}))
    assert run.scores() == {"unseen": {}}


def test_checkpoints_come_in_the_order_of_their_steps_and_unfinished_ones_do_not_count(run: Run) -> None:
    assert run.checkpoints() == []
    for name in ("step-00000640", "step-123456789", "step-00000005", ".tmp-0123456789abcdef", "step-12", "notes"):
        (run.checkpoint_folder / name).mkdir()
    names = [path.name for path in run.checkpoints()]
    assert names == ["step-00000005", "step-00000640", "step-123456789"]


def test_events_are_read_behind_a_number(run: Run) -> None:
    tell(run, STARTED, STEP, FINISHED)
    assert [event.run for event in run.events()] == ["q7m2-tuning"] * 3
    assert [event.n for event in run.events(after=1)] == [2]
