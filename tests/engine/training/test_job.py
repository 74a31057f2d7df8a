import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.architectures import GruTagger, Model, Transformer
from engine.examples import Example
from engine.protocol import Checkpoint, Evaluation, Failed, Finished, Score, Scores, Started, Step, Warning
from engine.scenario import Scenario, Tuning
from engine.training import checkpoint
from engine.training.job import Job
from engine.training.prepare import prepare
from tests.engine.small import CHARACTERS, EXAMPLES, identical, weights, with_memory_for

TINY = Transformer(width=16, layers=1, heads=2, context=24)
VALIDATION = [Example("2+2", "4", "add", "validation"), Example("flip aa", "aa", "flip", "validation")]
UNSEEN = [Example("turn ab", "ba", "flip", "unseen")]

HOLD: dict[str, Any] = {
    "schedule": "hold",
    "decay_at": 0.95,
    "learning_rate": 1.0,
    "warmup_steps": 0,
    "decay_steps": 4,
    "final_rate": 0.2,
}


def job(
    examples: Sequence[Example] = EXAMPLES, *, model: Model = TINY, prompts: Sequence[str] = (), **tuning: Any
) -> Job:
    """Six steps unless told otherwise, an evaluation after every second and a checkpoint after every third."""
    settings: dict[str, Any] = {"steps": 6, "threads": 1, "evaluate_every": 2, "checkpoint_every": 3} | tuning
    scenario = Scenario(
        title="Small",
        model=model,
        tokenizer=CHARACTERS if model is TINY else None,
        tunings={"it": Tuning(**settings)},
        prompts=list(prompts),
    )
    return prepare(scenario, "it", examples)


@pytest.fixture
def scores(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[float]]:
    """Exact match of each evaluation to come, by task, in place of real ones; the last one stays."""
    planned: dict[str, list[float]] = {}

    def evaluate(answerer: object, examples: Sequence[Example]) -> Scores:
        found: Scores = {}
        for example in examples:
            found.setdefault(example.split, {})[example.task] = Score(planned[example.task][0], 0.0, 1.0, 1)
        for exact in planned.values():
            if len(exact) > 1:
                del exact[0]
        return found

    monkeypatch.setattr("engine.training.job.evaluate", evaluate)
    return planned


def told(events: Sequence[object]) -> list[str]:
    """Each event as a word, with its step if it has one."""
    return [f"{type(event).__name__} {getattr(event, 'step', '')}".strip() for event in events]


# --- what is told -----------------------------------------------------------------------------------------------------


def test_events_come_in_their_order(tmp_path: Path) -> None:
    assert told(list(job().events(tmp_path))) == [
        "Started 0",
        "Step 1",
        "Step 2",
        "Evaluation 2",
        "Step 3",
        "Checkpoint 3",
        "Step 4",
        "Evaluation 4",
        "Step 5",
        "Step 6",
        "Checkpoint 6",
        "Finished 6",
    ]


def test_without_a_cadence_there_is_one_checkpoint_and_one_evaluation_at_the_end(tmp_path: Path) -> None:
    events = list(job(steps=2, evaluate_every=0, checkpoint_every=0).events(tmp_path))
    assert told(events) == ["Started 0", "Step 1", "Step 2", "Checkpoint 2", "Finished 2"]


def test_it_starts_with_what_will_be_done(tmp_path: Path) -> None:
    work = job([*EXAMPLES, *VALIDATION])
    started = next(work.events(tmp_path))
    assert isinstance(started, Started)
    total = sum(weight.numel() for weight in work.answerer.model.parameters())
    assert (started.tuning, started.scenario, started.step, started.steps) == ("it", "Small", 0, 6)
    assert (started.parameters, started.trainable) == (total, total)
    assert (started.device, started.threads, started.precision) == ("cpu", 1, "float32")
    assert started.examples == {"train": {"add": 9, "flip": 4}, "validation": {"add": 1, "flip": 1}}


def test_warnings_come_before_the_first_step(tmp_path: Path) -> None:
    events = list(job([Example("a long instruction", "b")], model=GruTagger(), steps=1).events(tmp_path))
    assert told(events)[:3] == ["Started 0", "Warning", "Step 1"]
    assert isinstance(events[1], Warning)
    assert "cut to 10 symbols" in events[1].message


def test_it_finishes_with_what_was_used_and_the_scores_on_all_held_out_examples(tmp_path: Path) -> None:
    events = list(job([*EXAMPLES, *VALIDATION * 3, *UNSEEN * 2], evaluate_examples=1).events(tmp_path))
    steps = [event for event in events if isinstance(event, Step)]
    evaluations = [event for event in events if isinstance(event, Evaluation)]
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert (finished.tuning, finished.step, finished.reason) == ("it", 6, "steps")
    assert finished.seconds == pytest.approx(sum(step.seconds for step in steps))
    assert finished.tokens_per_second == pytest.approx(sum(step.tokens for step in steps) / finished.seconds)
    assert finished.evaluation_seconds > sum(evaluation.seconds for evaluation in evaluations)
    assert sizes(finished.scores) == {
        ("train", "add"): 9,
        ("train", "flip"): 4,
        ("validation", "add"): 3,
        ("validation", "flip"): 3,
        ("unseen", "flip"): 2,
    }


def test_the_finished_model_answers_the_prompts(tmp_path: Path) -> None:
    work = job(steps=2, prompts=["1+2"])
    finished = list(work.events(tmp_path))[-1]
    assert isinstance(finished, Finished)
    assert finished.answers == [work.answerer.answer("1+2")]


def test_of_its_training_examples_a_tuning_looks_at_so_many_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.training.job.FINAL_TRAINING_EXAMPLES", 3)
    finished = list(job(steps=1, tasks=["add"]).events(tmp_path))[-1]
    assert isinstance(finished, Finished)
    assert sizes(finished.scores) == {("train", "add"): 3}


# --- evaluations ------------------------------------------------------------------------------------------------------


def sizes(scores: Scores) -> dict[tuple[str, str], int]:
    return {(split, task): score.examples for split, tasks in scores.items() for task, score in tasks.items()}


def test_an_evaluation_takes_a_sample_of_what_is_held_out() -> None:
    evaluation = job([*EXAMPLES, *VALIDATION * 3, *UNSEEN], evaluate_examples=2).evaluate()
    assert sizes(evaluation.scores) == {("validation", "add"): 2, ("validation", "flip"): 2, ("unseen", "flip"): 1}


def test_a_task_without_validation_examples_is_looked_at_on_its_training_examples() -> None:
    evaluation = job([*EXAMPLES, VALIDATION[0]], evaluate_examples=3).evaluate()
    assert sizes(evaluation.scores) == {("train", "flip"): 3, ("validation", "add"): 1}


def test_every_evaluation_takes_the_same_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[Example]] = []

    def look(answerer: object, examples: list[Example]) -> Scores:
        seen.append(examples)
        return {}

    monkeypatch.setattr("engine.training.job.evaluate", look)
    work = job(evaluate_examples=2)
    work.evaluate()
    work.trainer.train_step()
    work.evaluate()
    assert seen[0] == seen[1]
    assert len(seen[0]) == 4


def test_an_evaluation_answers_the_prompts_by_the_weights_of_its_moment() -> None:
    work = job(prompts=["1+2", "flip é"])
    work.trainer.train_step()
    evaluation = work.evaluate()
    assert evaluation.step == 1
    assert evaluation.answers == [work.answerer.answer("1+2"), work.answerer.answer("flip é")]


def test_looking_often_gives_the_same_weights_as_never(tmp_path: Path) -> None:
    often, never = job(evaluate_every=1, prompts=["1+2"]), job(evaluate_every=0, checkpoint_every=0)
    for work in (often, never):
        list(work.events(tmp_path))
    assert identical(weights(often.answerer.model), weights(never.answerer.model))


# --- goal and decay ---------------------------------------------------------------------------------------------------


def test_it_stops_at_the_goal_and_saves(scores: dict[str, list[float]], tmp_path: Path) -> None:
    scores |= {"add": [0.2, 0.9], "flip": [0.2, 0.8]}
    events = list(job(goal=0.8, schedule="constant", steps=60, checkpoint_every=0).events(tmp_path))
    assert told(events)[-4:] == ["Step 4", "Evaluation 4", "Checkpoint 4", "Finished 4"]
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == "goal"


def test_a_checkpoint_at_the_goal_is_written_once(scores: dict[str, list[float]], tmp_path: Path) -> None:
    scores |= {"add": [1.0], "flip": [1.0]}
    events = list(job(goal=0.8, schedule="constant", checkpoint_every=2).events(tmp_path))
    assert told(events)[-4:] == ["Step 2", "Evaluation 2", "Checkpoint 2", "Finished 2"]


def test_every_trained_task_must_reach_the_goal(scores: dict[str, list[float]], tmp_path: Path) -> None:
    scores |= {"add": [1.0], "flip": [0.79]}
    assert told(list(job(goal=0.8, schedule="constant").events(tmp_path)))[-1] == "Finished 6"
    assert told(list(job(goal=0.8, schedule="constant", tasks=["add"]).events(tmp_path)))[-1] == "Finished 2"


def test_unseen_examples_do_not_count_for_the_goal(scores: dict[str, list[float]], tmp_path: Path) -> None:
    scores |= {"add": [1.0], "flip": [1.0], "other": [0.0]}
    examples = [*EXAMPLES, *VALIDATION, Example("what", "x", "other", "unseen")]
    assert told(list(job(examples, goal=1.0, schedule="constant").events(tmp_path)))[-1] == "Finished 2"


def test_while_the_rate_is_held_the_goal_starts_the_decay_and_ends_the_run_after_it(
    scores: dict[str, list[float]], tmp_path: Path
) -> None:
    scores |= {"add": [1.0], "flip": [1.0]}
    assert told(list(job(steps=60, goal=1.0, **HOLD).events(tmp_path)))[-1] == "Finished 6"


def rates(events: Sequence[object]) -> list[float]:
    return [round(event.learning_rate, 6) for event in events if isinstance(event, Step)]


def test_the_rate_is_held_until_the_validation_score_says_that_it_may_fall(
    scores: dict[str, list[float]], tmp_path: Path
) -> None:
    scores |= {"add": [0.2, 0.2, 0.95, 0.1], "flip": [1.0, 0.2, 0.95, 1.0]}
    events = list(job(steps=12, **HOLD).events(tmp_path))
    assert rates(events) == [1.0] * 7 + [0.8, 0.6, 0.4, 0.2, 0.2]


def test_without_that_score_the_rate_falls_at_the_end(scores: dict[str, list[float]], tmp_path: Path) -> None:
    scores |= {"add": [0.2], "flip": [1.0]}
    events = list(job(steps=8, **HOLD).events(tmp_path))
    assert rates(events) == [1.0] * 5 + [0.8, 0.6, 0.4]


# --- checkpoints ------------------------------------------------------------------------------------------------------


def test_a_checkpoint_holds_the_weights_and_the_progress_of_its_step(tmp_path: Path) -> None:
    work = job()
    for event in work.events(tmp_path):
        if isinstance(event, Checkpoint):
            loaded = checkpoint.load(tmp_path / event.name, torch.device("cpu"))
            assert event.name == f"step-{event.step:08d}"
            assert event.weights == loaded.weights
            assert identical(weights(loaded.answerer.model), weights(work.answerer.model))
            assert loaded.manifest.step == event.step
            assert loaded.manifest.progress == work.progress
            assert loaded.manifest.progress.evaluated_step == {3: 2, 6: 4}[event.step]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-00000003", "step-00000006"]


# --- what goes wrong --------------------------------------------------------------------------------------------------


def test_a_loss_that_is_no_number_ends_the_events(tmp_path: Path) -> None:
    work = job([*VALIDATION, *EXAMPLES], tasks=["flip"], batch_size=0)
    events = work.events(tmp_path)
    assert told([next(events), next(events)]) == ["Started 0", "Step 1"]
    with torch.no_grad():
        work.answerer.model.get_parameter("norm.weight")[0] = float("nan")
    failed, *more = events
    assert isinstance(failed, Failed)
    assert failed.step == 2
    assert failed.message.startswith("the loss of step 2 is not a finite number, so it stopped before any weight")
    assert "in its batch of 4 are example " in failed.message
    assert set(re.findall(r"example (\d+) \('(\S+ \S+)'\)", failed.message)) < {
        (str(number + 12), f"flip {word}") for number, word in enumerate(("ab", "abc", "bcde", "dadcb"))
    }
    assert failed.message.endswith(" and 1 more")
    assert more == []


def test_short_memory_is_told_once_and_the_run_goes_on(tmp_path: Path) -> None:
    work = job(steps=3, evaluate_every=0, checkpoint_every=0, batch_size=0)
    with_memory_for(4, work.answerer.model)
    events = list(work.events(tmp_path))
    assert told(events)[:5] == ["Started 0", "Warning", "Step 1", "Step 2", "Step 3"]
    assert isinstance(events[1], Warning)
    assert "from step 1 on, each step reads its batch in parts of 4 rows" in events[1].message
    assert told(events)[-1] == "Finished 3"


def test_without_memory_for_one_example_the_run_fails_and_says_what_to_do(tmp_path: Path) -> None:
    work = job()
    with_memory_for(0, work.answerer.model)
    _started, failed = work.events(tmp_path)
    assert isinstance(failed, Failed)
    assert "no memory for even one example" in failed.message
    assert failed.hint == "use a smaller model, a shorter context or another device"
