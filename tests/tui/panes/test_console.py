from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import SelectionList

from engine.examples import Example
from engine.protocol import Token
from tests.tui.answers import ADD, BASE, BOTH, MODELS, ODD, ConsoleApp, said
from tests.tui.picture import settled
from tui.answer_settings import AnswerSettings
from tui.exchange import AskableModel
from tui.plain_text import plain_text
from tui.prompt_history import PromptHistory
from tui.widgets.answer_list import AnswerList
from tui.widgets.key_line import KeyLine


@pytest.fixture
async def console() -> AsyncIterator[Pilot[None]]:
    app = ConsoleApp()
    async with app.run_test(size=(120, 20)) as pilot:
        await settled(pilot)
        yield pilot


def app_of(pilot: Pilot[None]) -> ConsoleApp:
    assert isinstance(pilot.app, ConsoleApp)
    return pilot.app


async def ask(pilot: Pilot[None], prompt: str) -> None:
    app_of(pilot).prompt.put(prompt)
    app_of(pilot).prompt.focus()
    await pilot.press("enter")
    await pilot.pause()


async def ask_and_answer(pilot: Pilot[None], prompt: str = "Reverse hello", *texts: str) -> None:
    await ask(pilot, prompt)
    app = app_of(pilot)
    for model, text in zip(MODELS, texts or ("hello", "11", "olleh"), strict=True):
        app.pane.add_answer(app.asked[-1].number, model.ref, said(text, 0.6))
    await pilot.pause()


# --- asking -----------------------------------------------------------------------------------------------------------


async def test_enter_asks_the_chosen_models_with_the_settings(console: Pilot[None]) -> None:
    await ask(console, "Add 1 and 2")
    (asked,) = app_of(console).asked
    assert (asked.prompt, asked.models, asked.settings) == (
        "Add 1 and 2",
        tuple(model.ref for model in MODELS),
        AnswerSettings(),
    )
    assert app_of(console).prompt.value == ""


async def test_an_empty_prompt_asks_nothing(console: Pilot[None]) -> None:
    await ask(console, "  ")
    assert app_of(console).asked == []


async def test_answers_stand_side_by_side_and_are_marked_right_or_wrong(console: Pilot[None]) -> None:
    await ask_and_answer(console)
    assert app_of(console).lines[:4] == [
        "› Reverse hello   right: olleh",
        "  base               hello  ✗",
        "  fine-tune-add      11     ✗",
        "▌ instruction-tune   olleh  ✓  sure: o 60 · l 99 · l 99 · e 99 · h 99 · ⏎ 99 %",
    ]


async def test_tokens_are_shown_as_they_come(console: Pilot[None]) -> None:
    app = app_of(console)
    await ask(console, "Reverse hello")
    assert app.lines[1] == "  base               ·"
    app.pane.add_token(1, BASE.ref, Token("o", 0.9))
    assert app.lines[1] == "  base               o"


async def test_many_tokens_are_drawn_together(console: Pilot[None]) -> None:
    app = app_of(console)
    await ask(console, "Reverse hello")
    drawn = []
    for _ in range(50):
        app.pane.add_token(1, BASE.ref, Token("o", 0.9))
        drawn.append(app.lines[1])
    assert set(drawn) == {"  base               o"}
    app.pane.add_answer(1, BASE.ref, said("o" * 50))
    assert app.lines[1].startswith(f"  base               {'o' * 50}")


async def test_an_answer_that_goes_on_and_one_that_fails_say_so(console: Pilot[None]) -> None:
    app = app_of(console)
    await ask(console, "Add 1 and 2")
    app.pane.add_answer(1, BASE.ref, said("3 3", stops=False))
    app.pane.add_answer(1, ADD.ref, None, "This run has no checkpoint yet.")
    assert app.lines[1:3] == [
        "  base               3 3… ✗ right, but did not stop",
        "  fine-tune-add      ✗ This run has no checkpoint yet.",
    ]


async def test_escape_cancels_what_is_coming_and_keeps_what_came(console: Pilot[None]) -> None:
    app = app_of(console)
    await ask(console, "Reverse hello")
    app.pane.add_answer(1, BASE.ref, said("olleh"))
    await console.press("escape")
    await console.pause()
    assert app.cancelled == [1]
    assert app.lines[1:3] == ["  base               olleh  ✓", "  fine-tune-add      cancelled"]

    app.pane.add_token(1, ADD.ref, Token("1", 0.9))
    app.pane.end(1)
    await console.press("escape")
    assert app.cancelled == [1]


async def test_without_a_model_a_prompt_stays_and_the_reason_is_told(console: Pilot[None]) -> None:
    app = app_of(console)
    app.pane.set_models([])
    await ask(console, "Reverse hello")
    assert app.prompt.value == "Reverse hello"
    (note,) = app._notifications
    assert note.message == "There is no model to ask yet. Train one, or choose a base."
    assert app.asked == []


async def test_an_engine_that_is_gone_is_said_and_asked_all_the_same(console: Pilot[None]) -> None:
    app = app_of(console)
    app.pane.set_connection("The engine has ended.")
    assert "The engine has ended." in str(app.pane.border_title)

    await ask(console, "Reverse hello")

    assert [message.prompt for message in app.asked] == ["Reverse hello"]


async def test_when_the_engine_goes_open_answers_fail_with_the_reason(console: Pilot[None]) -> None:
    await ask(console, "Reverse hello")
    app_of(console).pane.set_connection("The engine is gone.")
    assert app_of(console).lines[1] == "  base               ✗ The engine is gone."


# --- prompts ----------------------------------------------------------------------------------------------------------


async def test_up_and_down_walk_through_former_prompts_and_keep_what_was_typed(console: Pilot[None]) -> None:
    for prompt in ("one", "two", "one"):
        await ask(console, prompt)
    prompt_line = app_of(console).prompt
    await console.press("x")
    seen = []
    for key in ("up", "up", "up", "down", "down", "down"):
        await console.press(key)
        seen.append(prompt_line.value)
    assert seen == ["one", "two", "two", "one", "x", "x"]


async def test_prompts_are_remembered_in_the_workspace(tmp_path: Path) -> None:
    for number in range(2):
        app = ConsoleApp(PromptHistory(tmp_path))
        async with app.run_test() as pilot:
            await settled(pilot)
            await ask(pilot, f"prompt {number}")
            await settled(pilot)
    assert PromptHistory(tmp_path).read() == ["prompt 0", "prompt 1"]
    app = ConsoleApp(PromptHistory(tmp_path))
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("up", "up")
        assert app.prompt.value == "prompt 0"


async def test_a_workspace_that_cannot_be_written_is_told_and_prompts_can_still_be_recalled(tmp_path: Path) -> None:
    (tmp_path / "workspace").write_text("a file")
    app = ConsoleApp(PromptHistory(tmp_path / "workspace"))
    async with app.run_test() as pilot:
        await ask(pilot, "one")
        await settled(pilot)
        assert [note.severity for note in app._notifications] == ["warning"]
        await pilot.press("up")
        assert app.prompt.value == "one"


async def test_the_right_arrow_completes_from_the_dataset(console: Pilot[None]) -> None:
    await console.press("R", "e")
    await settled(console)
    await console.press("right")
    assert app_of(console).prompt.value == "Reverse hello"


async def test_what_is_pasted_stays_whole_and_is_asked_as_it_is(console: Pilot[None]) -> None:
    from textual.events import Paste

    app = app_of(console)
    app.prompt.post_message(Paste("two\r\nlines \x1b[31m\n"))
    await console.pause()
    assert app.prompt.render_line(0).text.startswith(plain_text("two\nlines \x1b[31m"))
    await console.press("enter")
    await console.pause()
    assert app.asked[0].prompt == "two\nlines \x1b[31m"


# --- the cursor -------------------------------------------------------------------------------------------------------


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


# --- models and settings ----------------------------------------------------------------------------------------------


async def test_without_a_model_the_console_says_how_to_get_one(console: Pilot[None]) -> None:
    app = app_of(console)
    app.pane.set_models([])
    await console.press("f2")
    await console.pause()
    assert str(app.screen.query_one(KeyLine).render()).split() == ["esc", "Back"]
    await console.press("escape")
    assert "t beside the examples trains one" in "\n".join(
        app.pane.query_one(AnswerList).render_line(y).text for y in range(3)
    )


async def test_the_models_to_ask_are_ticked(console: Pilot[None]) -> None:
    app = app_of(console)
    await console.press("f2")
    await console.pause()
    await console.press("space", "j", "space", "enter")
    await console.pause()
    assert app.chosen == [(BOTH.ref,)]
    await ask(console, "x")
    assert app.asked[0].models == (BOTH.ref,)
    assert "]instruction-tune[" in str(app.pane.border_title)


async def test_ticking_no_model_and_escape_change_nothing(console: Pilot[None]) -> None:
    await console.press("f2")
    await console.pause()
    console.app.screen.query_one(SelectionList).deselect_all()
    await console.press("enter")
    await console.press("f2", "space", "escape")
    await console.pause()
    assert app_of(console).chosen == []


async def test_without_models_the_choice_says_what_to_do(console: Pilot[None]) -> None:
    app_of(console).pane.set_models([])
    await console.press("f2", "j", "k", "enter")
    await console.pause()
    assert app_of(console).chosen == []


async def test_a_new_model_is_not_asked_before_it_is_chosen_unless_there_was_none(console: Pilot[None]) -> None:
    pane = app_of(console).pane
    pane.set_models([*MODELS, AskableModel("new", "new")])
    await ask(console, "x")
    pane.set_models([AskableModel("other", "other"), AskableModel("new", "new")])
    await ask(console, "y")
    assert [asked.models for asked in app_of(console).asked] == [tuple(model.ref for model in MODELS), ("new",)]


async def test_settings_change_how_models_are_asked(console: Pilot[None]) -> None:
    await console.press("f3")
    await console.pause()
    await console.press(*"0.8", "tab", *"5", "enter")
    await console.pause()
    await ask(console, "x")
    assert app_of(console).asked[0].settings == AnswerSettings(temperature=0.8, top_k=5)
    assert "temperature 0.8 · top-k 5 · seed 0" in str(app_of(console).pane.border_title)


# --- texts ------------------------------------------------------------------------------------------------------------


async def test_no_text_acts_as_markup_or_moves_the_cursor(console: Pilot[None]) -> None:
    app = app_of(console)
    app.pane.set_models([AskableModel("x", ODD), AskableModel("y", "[/]")], ["x", "y"])
    await ask(console, ODD)
    app.pane.add_answer(1, "x", said(ODD))
    app.pane.add_answer(1, "y", None, ODD)
    await console.press("shift+tab", "up", "y", "f2", "escape", "f3", "escape", "w", "escape")
    await console.pause()
    shown = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
    assert plain_text(ODD) in shown
    assert not set("\x1b\x07\r\t\u202e") & set(shown)
