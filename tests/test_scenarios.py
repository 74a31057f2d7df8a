"""The built-in scenarios, as they ship."""

import msgspec
import pytest

from engine import dataset, scenario_library
from engine.pretraining import questions
from engine.scenario_file import load
from engine.training.prepare_pretraining import prepare_pretraining
from engine.tuning_check import check_tunings

BUILT_IN = scenario_library.built_in()
BASES = [name for name, path in BUILT_IN.items() if load(path).pretraining]


@pytest.mark.parametrize("name", sorted(set(BUILT_IN) - set(BASES)))
def test_a_built_in_scenario_can_be_trained_as_it_is(name: str) -> None:
    scenario = load(BUILT_IN[name])
    examples = dataset.build(scenario, BUILT_IN[name].parent)
    findings = check_tunings(scenario, examples)
    assert not [finding for finding in findings if finding.finding.severity == "error"]
    assert scenario.about
    assert scenario.prompts


@pytest.mark.parametrize("name", BASES)
def test_a_built_in_base_can_be_made_as_it_is(name: str) -> None:
    scenario = load(BUILT_IN[name])
    job = prepare_pretraining(scenario, questions(scenario), threads=1)
    assert job.trainer.train_step().tokens > 0
    assert scenario.about
    assert scenario.prompts


@pytest.mark.parametrize("seed", range(12))
def test_the_default_scenario_has_its_examples_whatever_the_seed(seed: int) -> None:
    scenario = msgspec.structs.replace(load(BUILT_IN["arithmetic_reversal"]), seed=seed)
    assert dataset.counts(dataset.build(scenario, BUILT_IN["arithmetic_reversal"].parent)) == {
        "train": {"add": 8000, "add-digits": 60, "reverse": 8000},
        "validation": {"add": 2000, "reverse": 2000},
    }
