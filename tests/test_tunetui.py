import sys
from pathlib import Path

import pytest

from tests.command_line import tunetui

MODULE = sys.executable, "-m", "tui"


@pytest.mark.parametrize("name", ["engine", "tui"])
def test_a_package_of_our_name_in_pythonpath_is_named_with_the_way_out(tmp_path: Path, name: str) -> None:
    shadow = tmp_path / "repository" / name
    shadow.mkdir(parents=True)
    (shadow / "__init__.py").write_text("raise ImportError('somebody else is at home here')")

    result = tunetui("--version", cwd=tmp_path, PYTHONPATH=str(shadow.parent))

    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        f"tunetui: another package named `{name}` comes first on Python's path: {shadow}; "
        "PYTHONPATH names that folder; start it as `env -u PYTHONPATH tunetui`."
    ]


def test_a_single_file_of_our_name_is_a_package_of_our_name(tmp_path: Path) -> None:
    (tmp_path / "engine.py").touch()

    result = tunetui("scenarios", cwd=tmp_path, PYTHONPATH=":")

    assert result.returncode == 1
    assert f"comes first on Python's path: {tmp_path / 'engine.py'}" in result.stderr


def test_started_as_a_module_inside_such_a_repository_it_advises_to_leave(tmp_path: Path) -> None:
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "__init__.py").touch()

    result = tunetui("--version", cwd=tmp_path, program=MODULE)

    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        f"tunetui: another package named `engine` comes first on Python's path: {tmp_path / 'engine'}; "
        "start it from another folder."
    ]


def test_a_folder_that_is_no_package_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "engine").mkdir()

    result = tunetui("--version", cwd=tmp_path, PYTHONPATH=str(tmp_path))

    assert (result.returncode, result.stderr) == (0, "")


def test_module_and_command_are_the_same_program(tmp_path: Path) -> None:
    assert tunetui("--version", cwd=tmp_path, program=MODULE).stdout == tunetui("--version", cwd=tmp_path).stdout
