from pathlib import Path

import pytest

from engine.storage import StorageError
from tests.tui.answers import ODD
from tui.prompt_history import MOST, PromptHistory


def test_prompts_are_kept_newest_last_each_once(tmp_path: Path) -> None:
    history = PromptHistory(tmp_path / "workspace")
    assert history.read() == []
    for prompt in ("one", ODD, "one"):
        history.add(prompt)
    assert PromptHistory(tmp_path / "workspace").read() == [ODD, "one"]


def test_two_apps_on_one_workspace_keep_the_prompts_of_both(tmp_path: Path) -> None:
    one, other = PromptHistory(tmp_path), PromptHistory(tmp_path)
    one.add("from one")
    assert other.add("from the other") == ["from one", "from the other"]


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    history = PromptHistory(tmp_path)
    history.path.write_text(str([f"{n}" for n in range(MOST)]).replace("'", '"'))
    assert history.add("newest")[:: MOST - 1] == ["1", "newest"]


@pytest.mark.parametrize("content", ["", "{", '{"a": 1}', "[1]"])
def test_a_damaged_file_is_an_empty_history_and_is_replaced(tmp_path: Path, content: str) -> None:
    history = PromptHistory(tmp_path)
    history.path.write_text(content)
    assert history.read() == []
    assert history.add("one") == ["one"]


def test_a_workspace_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "workspace").write_text("a file")
    with pytest.raises(StorageError):
        PromptHistory(tmp_path / "workspace").add("one")
