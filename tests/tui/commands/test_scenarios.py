import json
from pathlib import Path

import pytest

from engine import scenario_library
from tests.tui.conftest import Tunetui


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(scenario_library, "own_folder", lambda: tmp_path)
    return tmp_path


def test_built_in_scenarios_are_listed_with_their_tunings(tunetui: Tunetui) -> None:
    found = {one["name"]: one for one in json.loads(tunetui("scenarios", "--json").out)}

    assert found["arithmetic_reversal"]["own"] is False
    assert all(one["title"] and one["tunings"] and not one["problems"] for one in found.values())


def test_own_scenarios_are_listed_too(tunetui: Tunetui, own_folder: Path) -> None:
    (own_folder / "mine.toml").write_text('title = "Mine"\n[tasks.add]\nrule = "add"\ntemplates = ["{a} + {b}"]')

    assert tunetui("scenarios").out.splitlines()[-1].split() == ["mine", "own", "tuning", "Mine"]


def test_one_with_mistakes_does_not_hide_the_others(tunetui: Tunetui, own_folder: Path) -> None:
    (own_folder / "broken.toml").write_text("title =")

    outcome = tunetui("scenarios")

    assert outcome.status == 0
    assert "has mistakes: `tunetui check broken` lists them" in outcome.out
    assert "arithmetic_reversal" in outcome.out
