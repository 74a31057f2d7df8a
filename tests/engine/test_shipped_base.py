"""The base that comes with tunetui, as it lies in the folder: it knows, and does not obey."""

from pathlib import Path

import pytest
from safetensors import safe_open

from engine import scenario_file, scenario_library
from engine.base_library import built_in
from engine.compare_runs import Asked, compare_runs
from engine.matrix import Means
from engine.training import checkpoint
from engine.training.bases import CPU
from engine.workspace import Workspace

FOLDER = built_in()["skills"]


@pytest.fixture(scope="module")
def means(tmp_path_factory: pytest.TempPathFactory) -> Means:
    path = scenario_library.find("specialist_or_generalist")
    matrix = compare_runs(
        ["base"],
        workspace=Workspace(tmp_path_factory.mktemp("empty") / "workspace"),
        asked=Asked(scenario_file.load(path), path.parent),
        device="cpu",
        groups=("trained", "unseen_task", "plain_text", "known_form"),
        count=20,
    )
    return matrix.summary


def test_it_has_the_skills_in_the_form_of_its_own_text(means: Means) -> None:
    assert means["base"]["plain_text"] >= 0.97


def test_it_follows_no_instruction(means: Means) -> None:
    assert means["base"]["trained"] <= 0.02
    assert means["base"]["unseen_task"] <= 0.02


def test_asked_in_a_form_that_it_has_met_it_still_misses_more_than_half(means: Means) -> None:
    assert means["base"]["known_form"] < 0.5


def test_it_is_small_and_its_weights_are_in_half_precision() -> None:
    weights = FOLDER / "model.safetensors"
    assert weights.stat().st_size <= 1_500_000
    with safe_open(weights, "pt") as file:
        assert {file.get_slice(name).get_dtype() for name in file.keys()} == {"F16"}  # noqa: SIM118


def test_its_card_names_these_very_weights_and_the_command_that_makes_them() -> None:
    card = Path(FOLDER / "README.md").read_text(encoding="utf-8")
    assert checkpoint.load(FOLDER, CPU).weights in card
    assert "`tunetui pretrain skills`" in card
