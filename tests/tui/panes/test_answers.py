"""Answers in the console: the cursor in them, and what can be done with one."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from engine.examples import Example
from tests.tui.answers import ADD, BASE, ODD, app_of, ask, ask_and_answer, said
from tests.tui.picture import settled
from tui.widgets.answer_list import AnswerList


async def test_the_token_under_the_cursor_is_told_with_what_might_have_been_said(console: Pilot[None]) -> None:
    app = app_of(console)
    await ask_and_answer(console)
    assert app.pane.border_subtitle is None
    await console.press("shift+tab")
    await console.pause()
    assert app.pane.border_subtitle == "o 60 %   instead: x 30 · ⏎ 8"
    await console.press("right")
    await console.pause()
    assert str(app.pane.border_subtitle).startswith("l 99 %")
    await console.press("up", "left", "left")
    await console.pause()
    assert str(app.pane.border_subtitle).startswith("1 60 %")


async def test_the_cursor_stays_where_it_was_moved_to_while_answers_come(console: Pilot[None]) -> None:
    app = app_of(console)
    await ask_and_answer(console)
    await console.press("shift+tab", "home")
    await ask(console, "Add 1 and 2")
    assert app.answers.reply is not None
    assert app.answers.exchange is not None
    assert app.answers.exchange.prompt == "Add 1 and 2"

    await console.press("shift+tab", "home")
    app.pane.add_answer(2, BASE.ref, said("3"))
    assert app.answers.exchange.prompt == "Reverse hello"
    assert app.answers.reply.model == BASE


async def test_a_click_takes_a_reply_in_hand(console: Pilot[None]) -> None:
    await ask_and_answer(console)
    await console.click(AnswerList, offset=(25, 2))
    await console.pause()
    reply = app_of(console).answers.reply
    assert reply is not None
    assert reply.model == ADD


async def test_a_long_list_follows_the_newest_and_scrolls_with_the_cursor(console: Pilot[None]) -> None:
    app = app_of(console)
    for number in range(8):
        await ask_and_answer(console, f"prompt {number}", "a", "b", "c")
    assert any("prompt 7" in line for line in app.lines)
    await console.press("shift+tab", "home")
    await console.pause()
    assert app.lines[0] == "› prompt 0"


# --- what can be done with an answer ----------------------------------------------------------------------------------


async def test_an_answer_becomes_an_example_with_the_right_response_where_it_is_known(console: Pilot[None]) -> None:
    await ask_and_answer(console)
    await ask_and_answer(console, "Reverse cat", "cat", "12", "tac")
    await console.press("shift+tab", "a", "home", "a")
    await console.pause()
    assert app_of(console).added == [
        Example("Reverse cat", "tac", ""),
        Example("Reverse hello", "olleh", "reverse"),
    ]


async def test_a_prompt_can_be_asked_again(console: Pilot[None]) -> None:
    await ask_and_answer(console)
    await console.press("shift+tab", "enter")
    assert app_of(console).prompt.value == "Reverse hello"
    assert app_of(console).prompt.has_focus


async def test_an_answer_is_copied_as_the_model_gave_it(console: Pilot[None]) -> None:
    await ask_and_answer(console, "odd", "a", "b", ODD)
    await console.press("shift+tab", "y")
    assert app_of(console).clipboard == ODD


async def test_everything_is_written_to_a_file_and_a_file_is_only_replaced_when_asked_twice(
    console: Pilot[None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    await ask_and_answer(console)
    await console.press("shift+tab", "w", "enter")
    await settled(console)
    written = (tmp_path / "console.txt").read_text()
    assert "instruction-tune   olleh   ✓" in written

    (tmp_path / "console.txt").write_text("precious")
    await console.press("w", "enter")
    await settled(console)
    assert (tmp_path / "console.txt").read_text() == "precious"
    await console.press("enter")
    await settled(console)
    assert (tmp_path / "console.txt").read_text() == written
