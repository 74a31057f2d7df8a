"""What a tuning starts from: the base, another tuning, nothing; and what of the base it reads again."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine import headless
from engine.architectures import Transformer
from engine.errors import InputError
from engine.example_sources import Row
from engine.runs import Run
from engine.scenario import Pretraining, Scenario, Tuning
from engine.tokenizer import END
from engine.training import checkpoint
from engine.workspace import Workspace
from tests.engine.headless_runs import final_weights, stop_after
from tests.engine.small import identical, weights

ROWS = [Row(instruction=f"please flip {word}", response=word[::-1], split="train") for word in ("cat", "dog", "eel")]
BASE = Scenario(
    title="Base",
    model=Transformer(width=16, layers=1, heads=2, context=72, positions="rotary"),
    pretraining=Pretraining(rules=["reverse"], steps=3, batch_size=4, row_tokens=12, threads=1),
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("start") / "workspace")


@pytest.fixture(scope="module")
def base(workspace: Workspace) -> Run:
    return headless.pretrain(BASE, "base", workspace=workspace)


def scenario(base: Run | None, **tunings: dict[str, Any]) -> Scenario:
    settings: dict[str, Any] = {"steps": 4, "threads": 1, "batch_size": 4, "learning_rate": 0.01}
    made = {name: Tuning(**(settings | tuning)) for name, tuning in tunings.items()}
    return Scenario(title="Tuned", examples=ROWS, base=base.id if base else "", tunings=made)


def train(workspace: Workspace, asked: Scenario, name: str, **settings: Any) -> Run:
    return headless.train(asked, "tuned", workspace.folder, name, workspace=workspace, **settings)


def weights_hash(run: Run) -> str:
    return checkpoint.read_manifest(run.checkpoints()[-1]).weights


# --- start ------------------------------------------------------------------------------------------------------------


def test_a_tuning_goes_on_from_the_newest_finished_run_of_another(workspace: Workspace, base: Run) -> None:
    asked = scenario(base, first={}, second={"start": "first"})
    with pytest.raises(InputError, match=r"tunings\.second\.start: no finished run of the tuning 'first'"):
        train(workspace, asked, "second")
    train(workspace, asked, "first")
    newest = train(workspace, asked, "first")
    train(workspace, asked, "first", should_stop=stop_after(2))
    train(workspace, asked, "first", seed=5)
    second = train(workspace, asked, "second")
    assert (second.info.parent, second.info.base) == (newest.id, weights_hash(newest))
    assert train(workspace, asked, "second", seed=5).info.parent != newest.id


def test_a_changed_scenario_does_not_go_on_from_runs_of_the_former_one(workspace: Workspace, base: Run) -> None:
    asked = scenario(base, first={"steps": 3}, second={"start": "first"})
    train(workspace, asked, "first")
    changed = msgspec.structs.replace(asked, title="Changed")
    with pytest.raises(InputError, match="no finished run"):
        train(workspace, changed, "second")


def test_a_tuning_goes_on_from_a_run_of_any_scenario(workspace: Workspace, base: Run) -> None:
    first = train(workspace, scenario(base, first={}), "first")
    second = train(workspace, scenario(None, second={"start": first.id}), "second")
    assert second.info.parent == first.id
    assert final_weights(second).keys() == final_weights(first).keys()


def test_stopped_before_its_first_checkpoint_it_starts_again_from_the_same_run(
    workspace: Workspace, base: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = scenario(base, first={}, second={"start": "first"})
    train(workspace, asked, "first")
    undisturbed = train(workspace, asked, "second")
    stopped = train(workspace, asked, "second", should_stop=stop_after(2))
    for path in stopped.checkpoints():
        path.rename(path.with_name("away"))
    train(workspace, asked, "first")  # a newer one, which it has nothing to do with
    headless.resume(stopped, workspace=workspace)
    assert identical(final_weights(stopped), final_weights(undisturbed))


# --- fresh ------------------------------------------------------------------------------------------------------------


def test_a_fresh_tuning_takes_shape_and_tokenizer_of_the_base_and_none_of_its_weights(
    workspace: Workspace, base: Run
) -> None:
    fresh = train(workspace, scenario(base, fresh={"fresh": True, "steps": 1, "learning_rate": 1e-9}), "fresh")
    assert (fresh.info.base, fresh.info.parent) == ("", "")
    own, others = headless.load_run(fresh), headless.load_run(base)
    assert own.spec == others.spec
    assert own.prompter.tokenizer.vocabulary == others.prompter.tokenizer.vocabulary
    far = (weights(own.model)["embedding.weight"] - weights(others.model)["embedding.weight"]).abs()
    assert (far > 1e-4).float().mean() > 0.9
    assert own.reading.tokens == ()


def test_a_fresh_tuning_can_be_resumed_with_and_without_a_checkpoint(workspace: Workspace, base: Run) -> None:
    asked = scenario(base, fresh={"fresh": True})
    undisturbed = train(workspace, asked, "fresh")
    for keep in (True, False):
        stopped = train(workspace, asked, "fresh", should_stop=stop_after(2))
        if not keep:
            stopped.checkpoints()[0].rename(stopped.folder / "away")
        headless.resume(stopped, workspace=workspace)
        assert identical(final_weights(stopped), final_weights(undisturbed))


# --- reading and replay -----------------------------------------------------------------------------------------------


def test_what_a_model_has_read_grows_with_each_tuning(workspace: Workspace, base: Run) -> None:
    asked = scenario(base, first={}, second={"start": "first"})
    first = train(workspace, asked, "first")
    second = train(workspace, asked, "second")
    before, after, later = (headless.load_run(run).reading for run in (base, first, second))
    please = headless.load_run(base).prompter.tokenizer.encode("please")[0]
    assert please not in before.tokens
    assert please in after.tokens
    assert END in before.tokens
    assert after.pretraining == later.pretraining == BASE.pretraining
    assert after == later


def test_new_words_stay_alike_through_a_tuning(workspace: Workspace, base: Run) -> None:
    model = headless.load_run(train(workspace, scenario(base, first={}), "first"))
    rows = [weights(model.model)["embedding.weight"][model.prompter.tokenizer.encode(word)[0]] for word in NEW]
    assert all((row == rows[0]).all() for row in rows)


NEW = ("today", "quickly", "kindly")


def test_replay_changes_what_is_learnt_and_can_be_resumed_bit_for_bit(workspace: Workspace, base: Run) -> None:
    asked = scenario(base, plain={}, replayed={"replay": 0.5, "replay_tokens": 10})
    undisturbed = train(workspace, asked, "replayed")
    assert not identical(final_weights(undisturbed), final_weights(train(workspace, asked, "plain")))
    stopped = train(workspace, asked, "replayed", should_stop=stop_after(2))
    headless.resume(stopped, workspace=workspace)
    assert identical(final_weights(stopped), final_weights(undisturbed))


def test_a_model_that_was_no_base_has_nothing_to_replay(workspace: Workspace, tmp_path: Path) -> None:
    rows = scenario(None, first={"model": BASE.model})
    first = train(workspace, rows, "first")
    with pytest.raises(InputError, match="no plain text that could be replayed"):
        train(workspace, scenario(first, second={"replay": 0.5}), "second")


# --- frozen and smoothed ----------------------------------------------------------------------------------------------


def test_frozen_parts_are_those_of_the_base(workspace: Workspace, base: Run) -> None:
    run = train(workspace, scenario(base, part={"frozen": ["norm", "layers.0.attention"]}), "part")
    before, after = final_weights(base), final_weights(run)
    same = {name for name in before if (before[name] == after[name]).all()}
    assert same == {name for name in before if name.startswith(("norm.", "layers.0.attention."))}


def test_with_labels_smoothed_a_model_is_less_sure(workspace: Workspace, base: Run) -> None:
    tuning = {"steps": 60, "learning_rate": 0.02, "optimizer": "adamw"}
    asked = scenario(base, sure=tuning, unsure=tuning | {"label_smoothing": 0.3})
    sure, unsure = (headless.load_run(train(workspace, asked, name)) for name in ("sure", "unsure"))
    told = [model.answer("please flip cat").tokens[0].probability for model in (sure, unsure)]
    assert told[0] > 0.9 > told[1]
