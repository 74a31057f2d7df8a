"""Examples against the tunings that want to train on them: the data check, with the tokenizer and model of each."""

from collections.abc import Sequence

import msgspec

from engine import tokenizer
from engine.architectures import GruClassifier, GruTagger
from engine.data_check import Finding, check
from engine.errors import InputError, Problem
from engine.examples import Example
from engine.prompt import longest, prompter_for
from engine.scenario import Scenario, Tuning, model_of, tokenizer_of, trains_on, tunings_of


class TuningFinding(msgspec.Struct, frozen=True):
    """A finding, and the tunings that it holds for."""

    finding: Finding
    tunings: list[str]


def check_tunings(scenario: Scenario, examples: Sequence[Example]) -> list[TuningFinding]:
    """What may be wrong with the examples: for all tunings, then for those whose model or tokenizer they do not suit.

    A base brings its own tokenizer and model. With one, nothing is said about length and unknown characters.

    Raises:
        InputError: tunings have no example to train on.
    """
    tunings = tunings_of(scenario)
    if idle := [name for name, tuning in tunings.items() if not _training(tuning, examples)]:
        expected = "at least one in the split train"
        raise InputError(
            Problem(key=f"tunings.{name}.tasks", found="no example to train on", expected=expected) for name in idle
        )
    found = [TuningFinding(finding, list(tunings)) for finding in check(examples)]
    if scenario.base:
        return found
    for names, tuning in _alike(scenario):
        found += [TuningFinding(finding, names) for finding in _unsuited(scenario, tuning, examples)]
    return found


def _training(tuning: Tuning, examples: Sequence[Example]) -> list[Example]:
    return [example for example in examples if example.split == "train" and trains_on(tuning, example.task)]


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


def _unsuited(scenario: Scenario, tuning: Tuning, examples: Sequence[Example]) -> list[Finding]:
    """Findings about length and unknown characters. A model that cuts is not asked about tasks that are not its own."""
    model = model_of(scenario, tuning)
    tokens = tokenizer.build(tokenizer_of(scenario, tuning), _training(tuning, examples))
    prompter = prompter_for(model, tokens, scenario.prompt_template)
    cuts = isinstance(model, GruTagger | GruClassifier)
    rows = [i for i, e in enumerate(examples) if not cuts or trains_on(tuning, e.task)]
    found = check([examples[i] for i in rows], prompter, longest(model), cuts=cuts)
    return [
        msgspec.structs.replace(
            finding, first=[msgspec.structs.replace(case, row=rows[case.row - 1] + 1) for case in finding.first]
        )
        for finding in found
        if finding.kind in ("unknown", "too-long")
    ]
