"""The notebook's two models, as the built-in scenarios have them: what they show, and why one of them fails."""

import math
from collections import Counter
from pathlib import Path

import pytest

from engine import headless, scenario_file
from engine.protocol import Finished, Step
from engine.runs import Run
from engine.scenario import Scenario
from engine.scenario_library import built_in
from engine.workspace import Workspace

FLOOR = 0.2921
"""Nats a letter."""


def built_in_scenario(name: str) -> tuple[Scenario, Path]:
    path = built_in()[name]
    return scenario_file.load(path), path.parent


def trained(folder: Path, name: str, tuning: str) -> Run:
    scenario, beside = built_in_scenario(name)
    scenario.tunings[tuning].threads = 1
    return headless.train(scenario, name, beside, tuning, workspace=Workspace(folder))


def losses(run: Run) -> list[float]:
    return [event.loss for event in run.events() if isinstance(event, Step)]


def answers(run: Run, prompts: list[str]) -> list[str]:
    return [answer.response for answer in headless.ask(run, prompts)]


# --- instructions -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tagger(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return trained(tmp_path_factory.mktemp("tagger"), "notebook_instructions", "notebook")


def coded(text: str) -> list[int]:
    """Ten of the notebook's 37 symbols: a-z are 1 to 26, 0-9 are 27 to 36, all else is 0."""
    code = [" abcdefghijklmnopqrstuvwxyz0123456789".find(letter) for letter in text.lower()]
    return [max(symbol, 0) for symbol in code + [0] * 10][:10]


def entropy(symbols: list[int]) -> float:
    """What is open about a symbol drawn from these, in nats, times their number."""
    return -sum(count * math.log(count / len(symbols)) for count in Counter(symbols).values())


def test_what_the_letters_read_so_far_leave_open_is_the_floor() -> None:
    scenario, _ = built_in_scenario("notebook_instructions")
    rows = [(coded(row.instruction), coded(row.response)) for row in scenario.examples]
    left_open = 0.0
    for step in range(10):
        heard: dict[tuple[int, ...], list[int]] = {}
        for read, said in rows:
            heard.setdefault(tuple(read[: step + 1]), []).append(said[step])
        left_open += sum(entropy(symbols) for symbols in heard.values())
    assert len(rows) == 6
    assert left_open / 60 == pytest.approx(FLOOR, abs=5e-5)
    assert str(FLOOR) in scenario.about


@pytest.mark.parametrize(
    ("epoch", "least", "most"),
    [
        (50, 0.3189, 0.3560),
        (100, 0.2964, 0.3001),
        (150, 0.2946, 0.2961),
        (200, 0.2938, 0.2945),
        (250, 0.2933, 0.2938),
        (300, 0.2930, 0.2934),
    ],
)
def test_the_taggers_loss_falls_to_the_floor_as_in_the_notebook(
    tagger: Run, epoch: int, least: float, most: float
) -> None:
    found = losses(tagger)
    assert len(found) == 300
    assert least - 5e-5 <= found[epoch - 1] <= most + 5e-5
    assert min(found) > FLOOR


def test_the_tagger_says_three_to_every_sum_and_one_word_to_every_reversal(tagger: Run) -> None:
    assert answers(tagger, ["Add 1 and 2", "Add 3 and 4", "Add 10 and 20", "Add 7 and 1"]) == ["3"] * 4
    (word,) = set(answers(tagger, ["Reverse cat", "Reverse dog", "Reverse hello", "Reverse sun"]))
    assert len(word) == 3


def test_the_tagger_is_scored_and_warned_about(tagger: Run) -> None:
    events = list(tagger.events())
    assert isinstance(events[-1], Finished)
    assert events[-1].scores["train"]["add"].exact_match == pytest.approx(1 / 3)
    assert any("cut to 10 symbols" in getattr(event, "message", "") for event in events)


@pytest.mark.parametrize("tuning", ["gru", "transformer"])
def test_models_that_read_the_whole_instruction_first_get_all_six_rows_right(tuning: str, tmp_path: Path) -> None:
    run = trained(tmp_path, "notebook_instructions", tuning)
    scenario, _ = built_in_scenario("notebook_instructions")
    assert answers(run, [row.instruction for row in scenario.examples]) == [row.response for row in scenario.examples]


# --- greetings --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return trained(tmp_path_factory.mktemp("classifier"), "greeting_farewell", "notebook")


def test_the_classifier_gets_its_eight_sentences_right(classifier: Run) -> None:
    scenario, _ = built_in_scenario("greeting_farewell")
    rows = [row for row in scenario.examples if row.task == "notebook"]
    assert len(rows) == 8
    assert answers(classifier, [row.instruction for row in rows]) == [row.response for row in rows]
    assert classifier.scores()["train"]["notebook"].exact_match == 1.0


@pytest.mark.parametrize(
    ("epoch", "least", "most"),
    [(10, 0.3948, 0.6389), (20, 0.0077, 0.2486), (30, 0.0004, 0.0054), (40, 0.0002, 0.0009), (50, 0.0001, 0.0005)],
)
def test_the_classifiers_loss_falls_as_in_the_notebook(classifier: Run, epoch: int, least: float, most: float) -> None:
    found = losses(classifier)
    assert len(found) == 50
    assert least - 5e-5 <= found[epoch - 1] <= most + 5e-5


def test_the_classifier_takes_a_friend_for_a_greeting_and_is_sure_of_it(classifier: Run) -> None:
    (answer,) = headless.ask(classifier, ["Hello friend"])
    assert answer.response == "greeting"
    assert answer.tokens[0].probability > 0.99
    assert "friend" in answer.note
