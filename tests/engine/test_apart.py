import os
from contextvars import copy_context
from pathlib import Path

import pytest

from engine.apart import apart
from engine.document_files import open_document
from engine.errors import EngineError, InputError
from engine.progress import hear, tell


def test_another_process_gives_what_the_function_gives() -> None:
    assert apart(os.getppid) == os.getpid()


def test_what_it_raises_is_raised_here(tmp_path: Path) -> None:
    with pytest.raises(InputError) as found:
        apart(open_document, tmp_path / "nowhere.toml")

    assert found.value.problems[0].file == str(tmp_path / "nowhere.toml")


def halfway(share: float) -> str:
    tell(share)
    return "done"


def test_how_far_it_is_is_told_here() -> None:
    told: list[float] = []

    def work() -> str:
        hear(told.append)
        return apart(halfway, 0.5)

    assert (copy_context().run(work), told) == ("done", [0.5])


def test_what_is_printed_there_does_not_get_between() -> None:
    apart(print, "hello")


def test_a_process_that_ends_too_early_is_said() -> None:
    with pytest.raises(EngineError, match="ended too early"):
        apart(os._exit, 1)
