"""Examples against the tunings that want to train on them: the data check, with the tokenizer and model of each."""

from collections.abc import Sequence

import msgspec

from engine import tokenizer
from engine.data_check import Finding, check
from engine.errors import InputError, Problem
from engine.examples import Example
from engine.prompt import longest, prompter_for
from engine.scenario import GruClassifier, GruTagger, Scenario, Tuning, model_of, tokenizer_of, tunings_of


class TuningFinding(msgspec.Struct, frozen=True):
    """A finding, and the tunings that it holds for."""

    finding: Finding
    tunings: list[str]


def check_tunings(scenario: Scenario, examples: Sequence[Example]) -> list[TuningFinding]:
    """What may be wrong with the examples, for each tuning of the scenario; what holds for several is said once.

    A base brings its own tokenizer and model. With one, nothing is said about length and unknown characters.

    Raises:
        InputError: a tuning has no example to train on.
    """
    found: list[TuningFinding] = []
    for names, tuning in _alike(scenario):
        training = [e for e in examples if e.split == "train" and (not tuning.tasks or e.task in tuning.tasks)]
        if not training:
            expected = "at least one in the split train"
            raise InputError(
                Problem(key=f"tunings.{name}.tasks", found="no example to train on", expected=expected)
                for name in names
            )
        for finding in _findings(scenario, tuning, training, examples):
            known = next((one for one in found if one.finding == finding), None)
            if known:
                known.tunings.extend(names)
            else:
                found.append(TuningFinding(finding, list(names)))
    return found


def _alike(scenario: Scenario) -> list[tuple[list[str], Tuning]]:
    """The tunings, those that read the same examples with the same tokenizer and model together."""
    groups: list[tuple[list[str], Tuning]] = []
    for name, tuning in tunings_of(scenario).items():
        for names, other in groups:
            if _reading(scenario, tuning) == _reading(scenario, other):
                names.append(name)
                break
        else:
            groups.append(([name], tuning))
    return groups


def _reading(scenario: Scenario, tuning: Tuning) -> tuple[object, ...]:
    return model_of(scenario, tuning), tokenizer_of(scenario, tuning), set(tuning.tasks)


def _findings(
    scenario: Scenario, tuning: Tuning, training: Sequence[Example], examples: Sequence[Example]
) -> list[Finding]:
    if scenario.base:
        return check(examples)
    model = model_of(scenario, tuning)
    tokens = tokenizer.build(tokenizer_of(scenario, tuning), training)
    prompter = prompter_for(model, tokens, scenario.prompt_template)
    return check(examples, prompter, longest(model), cuts=isinstance(model, GruTagger | GruClassifier))
