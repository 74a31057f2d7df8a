import json
from pathlib import Path

import pytest

from engine import __version__
from tests.tui.conftest import Tunetui
from tui.cli import COMMANDS, load_command


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(tunetui: Tunetui, command: str) -> None:
    outcome = tunetui(command, "--help")

    assert outcome.status == 0
    assert outcome.out.startswith(f"Usage: tunetui {command}")
    assert command in tunetui("--help").out
    assert len(load_command(command).get_short_help_str(100)) > 20


def test_help_and_version_succeed(tunetui: Tunetui) -> None:
    assert tunetui("-h").status == 0
    assert tunetui("--version") == (0, f"tunetui {__version__}\n", "")


@pytest.mark.parametrize(
    "arguments",
    [["--colour"], ["train"], ["train", "--steps", "0", "x"], ["ask", "latest"], ["ask", "x", "y", "--top-p", "nan"]],
)
def test_wrong_usage_is_status_2_and_shows_how_it_is_used(tunetui: Tunetui, arguments: list[str]) -> None:
    outcome = tunetui(*arguments)

    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith("Usage: tunetui")


def test_a_mistyped_command_is_not_taken_for_a_scenario(tunetui: Tunetui) -> None:
    outcome = tunetui("trian", "arithmetic_reversal")

    assert outcome.status == 2
    assert "there is no command 'trian'; did you mean 'train'?" in outcome.err


def test_a_word_that_is_no_command_is_a_scenario(tunetui: Tunetui) -> None:
    outcome = tunetui("arithmetic")

    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith("SCENARIO: there is no scenario 'arithmetic'")


def test_a_mistake_of_ours_never_shows_a_traceback(tunetui: Tunetui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.workspace.Workspace.runs", lambda self: 1 / 0)

    outcome = tunetui("runs")

    assert (outcome.status, outcome.out) == (1, "")
    assert len(outcome.err.splitlines()) == 1


def test_the_workspace_may_be_named_before_the_command_or_in_the_environment(
    tunetui: Tunetui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUNETUI_WORKSPACE", str(tmp_path / "c"))

    assert str(tmp_path / "a") in tunetui("--workspace", tmp_path / "b", "runs", "--workspace", tmp_path / "a").out
    assert str(tmp_path / "b") in tunetui("--workspace", tmp_path / "b", "runs").out
    assert str(tmp_path / "c") in tunetui("runs").out


def test_a_workspace_that_is_a_file_is_wrong_usage(tunetui: Tunetui, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert tunetui("runs", "--workspace", tmp_path / "file").status == 2


def test_the_schema_is_json_schema(tunetui: Tunetui) -> None:
    schema = json.loads(tunetui("schema").out)

    assert schema["$schema"].startswith("https://json-schema.org/")


def test_the_app_needs_a_terminal_and_says_what_does_not(tunetui: Tunetui) -> None:
    outcome = tunetui("greeting_farewell")

    assert outcome.status == 2
    assert "without one: tunetui train greeting_farewell" in outcome.err
