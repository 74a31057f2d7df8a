"""A scenario is found by its path or by its name."""

from pathlib import Path

import pytest

from engine import scenario_library
from engine.errors import InputError
from engine.scenario_file import load
from engine.scenario_library import DEFAULT, built_in, find, own, own_folder


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home and a current folder without scenarios."""
    monkeypatch.setattr(scenario_library, "own_folder", lambda: tmp_path / "own")
    monkeypatch.chdir(tmp_path)


def test_the_built_in_scenarios_are_found_by_name_and_load() -> None:
    assert DEFAULT in built_in()
    for name, path in built_in().items():
        assert find(name) == path
        load(path)


def test_the_users_folder_is_theirs_alone(home: Path) -> None:
    assert own_folder().is_relative_to(home)
    assert own() == {}


def test_the_users_scenarios_are_found_by_name_and_come_first(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    for name in ("mine", "arithmetic_reversal"):
        (tmp_path / "own" / f"{name}.toml").touch()
        assert find(name) == own()[name] == tmp_path / "own" / f"{name}.toml"


@pytest.mark.parametrize("path", ["absent.toml", "folder/absent", "./arithmetic_reversal"])
def test_a_path_is_taken_as_it_is(path: str) -> None:
    assert str(find(path)) == str(Path(path))


def test_an_unknown_name_is_told_with_those_that_there_are() -> None:
    with pytest.raises(InputError) as caught:
        find("arithmetic-reversal")
    (problem,) = caught.value.problems
    assert problem.found == "there is no scenario 'arithmetic-reversal'"
    assert "notebook_instructions" in problem.expected
    assert problem.hint == "did you mean `arithmetic_reversal`?"


def test_a_file_of_that_name_in_the_current_folder_is_hinted_at(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").touch()
    with pytest.raises(InputError, match=r"did you mean \./mine\.toml\?"):
        find("mine")


@pytest.mark.parametrize("name", ["", "nul\0"])
def test_what_is_no_name_is_told(name: str) -> None:
    with pytest.raises(InputError):
        find(name)
