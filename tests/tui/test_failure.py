import errno
import tempfile
from pathlib import Path

import pytest

from engine.errors import EngineError, InputError, Problem
from tui.failure import report, write_traceback


def test_every_problem_of_the_input_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    problems = [
        Problem(file="a.toml", line=3, key="seed", found="-1", expected="0 or more"),
        Problem(found="no\ntasks"),
    ]

    assert report(InputError(problems)) == 2
    assert capsys.readouterr().err == "a.toml:3: seed: -1; expected 0 or more\nno␊tasks\n"


def test_a_failure_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(EngineError("The disk is full.")) == 1
    assert capsys.readouterr().err == "tunetui: The disk is full.\n"


def test_what_the_system_refuses_is_one_sentence_with_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(OSError(errno.EACCES, "Permission denied", "/somewhere")) == 1
    assert capsys.readouterr().err == "tunetui: /somewhere: Permission denied\n"


def test_a_mistake_of_ours_is_one_sentence_that_names_a_file_with_the_traceback(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    try:
        dict[str, int]()["gone"]
    except KeyError as error:
        assert report(error) == 1

    (line,) = capsys.readouterr().err.splitlines()
    path = Path(line.rpartition(" ")[2])
    assert "KeyError: 'gone'" in path.read_text()
    assert home in path.parents


def test_where_the_log_folder_cannot_be_written_the_temporary_one_takes_the_traceback(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr("tui.failure.crash_folder", lambda: tmp_path / "file" / "log")
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))

    path = write_traceback(ValueError("x"))

    assert path is not None and path.parent == tmp_path


def test_where_nothing_can_be_written_the_mistake_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr("tui.failure.crash_folder", lambda: tmp_path / "file" / "log")
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path / "file"))

    assert report(ValueError("a\x1b")) == 1
    assert capsys.readouterr().err == "tunetui: a mistake in tunetui itself ended it. ValueError('a\\x1b')\n"
