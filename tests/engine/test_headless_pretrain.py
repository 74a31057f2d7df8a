import json
from typing import Any

import pytest

from engine import headless
from engine.architectures import Transformer
from engine.errors import InputError
from engine.example_sources import Row
from engine.protocol import Evaluation, Finished, Started, Step
from engine.runs import Run
from engine.scenario import LossWeights, Pretraining, Scenario, Tuning
from engine.workspace import Workspace
from tests.engine.headless_runs import final_weights, stop_after
from tests.engine.small import identical


def scenario(**pretraining: Any) -> Scenario:
    """A base that reads about two rules."""
    settings: dict[str, Any] = {
        "rules": ["first", "last"],
        "steps": 6,
        "batch_size": 4,
        "row_tokens": 16,
        "evaluate_every": 3,
        "evaluate_examples": 2,
        "checkpoint_every": 4,
        "threads": 1,
    }
    return Scenario(
        title="Tiny base",
        model=Transformer(width=16, layers=2, heads=2, feed_forward=24, context=72, positions="rotary"),
        pretraining=Pretraining(**(settings | pretraining)),
        prompts=["the initial of cat is"],
    )


def pretrain(workspace: Workspace, asked: Scenario | None = None, **settings: Any) -> Run:
    return headless.pretrain(asked or scenario(), "tiny", workspace=workspace, **settings)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return pretrain(Workspace(tmp_path_factory.mktemp("undisturbed") / "workspace"))


def test_a_base_is_a_run_like_any_other(undisturbed: Run) -> None:
    events = list(undisturbed.events())
    assert [type(event) for event in (events[0], events[-1])] == [Started, Finished]
    assert sum(isinstance(event, Step) for event in events) == 6
    assert (undisturbed.info.tuning, undisturbed.info.steps, undisturbed.id[5:]) == ("pretraining", 6, "pretraining")
    assert undisturbed.state() == "finished"
    assert events[0].examples == {"validation": {"first": 50, "last": 50}}  # type: ignore[union-attr]


def test_it_is_tested_on_arguments_that_it_never_read(undisturbed: Run) -> None:
    (evaluation,) = (event for event in undisturbed.events() if isinstance(event, Evaluation))
    assert {task: score.examples for task, score in evaluation.scores["validation"].items()} == {"first": 2, "last": 2}
    assert [answer.prompt for answer in evaluation.answers] == ["the initial of cat is"]
    workspace = Workspace(undisturbed.folder.parent.parent)
    assert headless.evaluate(undisturbed, workspace=workspace) == undisturbed.scores()


def test_the_same_again_gives_the_same_weights_and_another_seed_others(undisturbed: Run, workspace: Workspace) -> None:
    assert identical(final_weights(pretrain(workspace)), final_weights(undisturbed))
    assert not identical(final_weights(pretrain(workspace, scenario(seed=1))), final_weights(undisturbed))


@pytest.mark.parametrize("key", ["lists", "weights", "rules", "learning_rate"])
def test_what_is_asked_for_changes_what_is_learnt(key: str, undisturbed: Run, workspace: Workspace) -> None:
    other = {"lists": 0.9, "weights": LossWeights(argument=1.0), "rules": ["first", "copy"], "learning_rate": 0.1}
    assert not identical(final_weights(pretrain(workspace, scenario(**{key: other[key]}))), final_weights(undisturbed))


@pytest.mark.parametrize("step", [1, 4, 5])
def test_stopped_and_resumed_it_is_as_if_undisturbed(step: int, undisturbed: Run, workspace: Workspace) -> None:
    run = pretrain(workspace, should_stop=stop_after(step))
    assert run.state() == "interrupted"
    headless.resume(Run.open(run.folder), workspace=workspace)
    assert identical(final_weights(run), final_weights(undisturbed))
    assert run.scores() == undisturbed.scores()


def test_the_steps_asked_for_come_first(workspace: Workspace) -> None:
    assert pretrain(workspace, steps=2).info.steps == 2


def test_a_base_goes_on_with_text_and_a_tuning_makes_it_answer(undisturbed: Run) -> None:
    workspace = Workspace(undisturbed.folder.parent.parent)
    manifest = json.loads((undisturbed.checkpoints()[-1] / "checkpoint.json").read_text())
    assert manifest["plain_text"]
    rows = [Row(instruction=f"first of {word}", response=word[0], split="train") for word in ("cat", "dog", "eel")]
    tuned = headless.train(
        Scenario(title="Tuned", base=undisturbed.id, examples=rows, tunings={"it": Tuning(steps=1, threads=1)}),
        "tuned",
        workspace.folder,
        "it",
        workspace=workspace,
    )
    assert tuned.info.parent == undisturbed.id
    assert not json.loads((tuned.checkpoints()[-1] / "checkpoint.json").read_text())["plain_text"]
    workspace.remove(tuned)


def test_a_scenario_without_pretraining_makes_no_base(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="pretraining: missing"):
        pretrain(workspace, Scenario(title="None"))
    assert workspace.runs() == []


def test_a_context_without_room_for_the_questions_makes_no_run(workspace: Workspace) -> None:
    asked = scenario()
    asked.model = Transformer(width=16, layers=1, heads=2, context=16)
    with pytest.raises(InputError, match="need more than 16 tokens"):
        pretrain(workspace, asked)
    assert workspace.runs() == []


@pytest.mark.slow
def test_a_tiny_base_learns_to_complete_text_about_words_it_never_read(workspace: Workspace) -> None:
    rates = {"learning_rate": 0.01, "muon_learning_rate": 0.02, "warmup_steps": 10}
    asked = scenario(rules=["first"], steps=150, batch_size=32, row_tokens=32, evaluate_every=0, **rates)
    asked.model = Transformer(width=32, layers=2, heads=2, context=72, positions="rotary")
    scores = pretrain(workspace, asked).scores()["validation"]["first"]
    assert scores.exact_match > 0.8
