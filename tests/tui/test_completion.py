from collections.abc import Sequence
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from engine.workspace import Workspace
from tests.tui.conftest import Tunetui
from tests.tui.stories import new_run
from tui.cli import tunetui as group


def completions(words: Sequence[str], incomplete: str) -> list[str]:
    return [
        item.value
        for item in ShellComplete(group, {}, "tunetui", "_TUNETUI_COMPLETE").get_completions([*words], incomplete)
    ]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_asks_tunetui(tunetui: Tunetui, shell: str) -> None:
    outcome = tunetui("completion", shell)

    assert outcome.status == 0
    assert f"_TUNETUI_COMPLETE={shell}_complete" in outcome.out


def test_the_first_word_is_a_command_or_a_scenario() -> None:
    assert completions([], "ch") == ["check"]
    assert completions([], "arith") == ["arithmetic_reversal"]


def test_scenarios_are_completed_by_name() -> None:
    assert completions(["train"], "arith") == ["arithmetic_reversal"]


def test_runs_are_completed_by_id(tmp_path: Path) -> None:
    run = new_run(Workspace(tmp_path))
    place = ["--workspace", str(tmp_path)]

    assert completions(["ask", *place], "") == ["latest", run.id]
    assert completions(["train", *place, "--resume"], run.id[:3]) == [run.id]


def test_a_workspace_out_of_order_completes_nothing(tmp_path: Path) -> None:
    (tmp_path / "runs").touch()

    assert completions(["show", "--workspace", str(tmp_path)], "") == []
