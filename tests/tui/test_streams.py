import subprocess
from pathlib import Path

import pytest

from tests.command_line import TUNETUI, tunetui


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_mistake(tmp_path: Path, closed: str) -> None:
    command = f'"{TUNETUI}" runs --workspace x {closed}'
    result = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (result.returncode, result.stderr) == (0, "")


def test_a_pipe_that_is_closed_early_ends_it_quietly(tmp_path: Path) -> None:
    command = f'"{TUNETUI}" schema | head -1'
    result = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True)

    assert (result.stdout, result.stderr) == ("{\n", "")


def test_a_terminal_that_cannot_show_a_character_gets_a_question_mark(tmp_path: Path) -> None:
    (tmp_path / "sums.toml").write_text('title = "你好"\n[tasks.add]\nrule = "add"\ntemplates = ["{a} + {b}"]')

    result = tunetui("check", "sums.toml", cwd=tmp_path, PYTHONIOENCODING="latin-1")

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("??: sums.toml\n")
