from pathlib import Path

import pytest

from tests.tui.apps import app_on, running, said
from tui.own_keys import wrong_keys

PANE = {"examples.add": {"a"}, "examples.edit": {"e", "enter"}, "app.quit": {"q"}}
DIALOG = {"choice.cancel": {"escape"}}


def wrong(chosen: dict[str, str]) -> list[str]:
    return [str(problem) for problem in wrong_keys(chosen, [PANE, DIALOG])]


@pytest.mark.parametrize("key", ["n", "é", "?", "alt+n", "f5", "ctrl+n", "shift+up", "question_mark", "n, f5"])
def test_a_key_that_terminals_send_and_nobody_else_has_is_fine(key: str) -> None:
    assert wrong({"examples.add": key}) == []


def test_an_action_that_there_is_not_is_named_with_the_nearest_that_there_is() -> None:
    assert wrong({"examples.ad": "n"}) == ['"examples.ad": no such action (did you mean `examples.add`?)']


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("ctrl+enter", ""),
        ("Ctrl+N", "did you mean `ctrl+n`?"),
        ("ctrl+h", "it arrives as Backspace"),
        (",", "a comma is written as `comma`"),
    ],
)
def test_a_key_that_terminals_do_not_send_is_said(key: str, hint: str) -> None:
    (said,) = wrong({"examples.add": key})
    assert hint in said
    assert "expected one as" in said


def test_a_key_that_another_action_has_at_that_time_is_said_with_it() -> None:
    (said,) = wrong({"examples.add": "e"})
    assert said.startswith('"examples.add": `e` is also the key of "examples.edit"')


def test_two_actions_may_change_their_keys_and_others_are_not_there_at_that_time() -> None:
    assert wrong({"examples.add": "e", "examples.edit": "a", "app.quit": "escape"}) == []


def test_two_actions_that_come_with_one_key_may_share_another() -> None:
    shared = {"training.train": {"t"}, "run.train": {"t"}}
    assert list(wrong_keys({"training.train": "n", "run.train": "n"}, [shared])) == []


async def test_the_app_says_what_is_wrong_with_its_keys_and_all_others_work(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[keys]\n"examples.ad" = "n"\n"list.choose" = "o"\n')
    async with running(app_on(tmp_path)) as pilot:
        assert "settings.toml" in said(pilot)
        assert "did you mean `examples.add`?" in said(pilot)
        assert '"list.choose": `o` is also the key of "app.open"' in said(pilot)


async def test_keys_that_are_right_are_not_spoken_of(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[keys]\n"examples.add" = "n"\n"chart.kind" = "f9"\n"runs.note" = "N"\n')
    async with running(app_on(tmp_path)) as pilot:
        assert not list(pilot.app._notifications)
