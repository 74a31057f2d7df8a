"""Runs and their events, without anything that computes."""

from engine.examples import Example
from engine.protocol import Checkpoint, Evaluation, Event, Finished, Score, Scores, Started, Step, Warning
from engine.runs import Run, RunInfo
from engine.scenario import Scenario
from engine.workspace import Workspace

SCORES: Scores = {
    "train": {"add": Score(exact_match=1.0, did_not_stop=0.0, loss=0.0012, examples=8)},
    "validation": {"add": Score(exact_match=0.5, did_not_stop=0.25, loss=0.1234, examples=4)},
}


def new_run(workspace: Workspace, tuning: str = "both") -> Run:
    """A run that nothing has happened in."""
    info = RunInfo(
        name="sums",
        scenario=Scenario(title="Sums"),
        tuning=tuning,
        seed=7,
        device="cpu",
        threads=1,
        precision="float32",
        steps=2,
    )
    return workspace.create(info, [Example("Add 1 and 2", "3", "add")])


def story() -> list[Event]:
    """Two steps, an evaluation, a checkpoint, the end."""
    return [
        Started(
            tuning="both",
            scenario="Sums",
            steps=2,
            parameters=64_224,
            trainable=64_224,
            device="cpu",
            threads=1,
            precision="float32",
            examples={"train": {"add": 8}, "validation": {"add": 4}},
        ),
        Step(step=1, loss=3.5, learning_rate=0.001, gradient_norm=1.0, tokens=40, seconds=0.01),
        Step(step=2, loss=2.25, learning_rate=0.001, gradient_norm=1.0, tokens=40, seconds=0.01),
        Warning(message="the loss\x1b jumps", hint="lower the rate"),
        Evaluation(step=2, scores=SCORES, answers=[], seconds=0.1),
        Checkpoint(step=2, name="step-00000002", weights="ab" * 32),
        Finished(
            tuning="both",
            step=2,
            seconds=75.0,
            evaluation_seconds=0.1,
            tokens_per_second=4000.0,
            reason="goal",
            scores=SCORES,
        ),
    ]
