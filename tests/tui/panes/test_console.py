"""The console asks models and shows what they say."""

import pytest
from textual.pilot import Pilot
from textual.widgets import SelectionList

from engine.protocol import Token
from tests.tui.answers import ADD, BASE, BOTH, MODELS, ODD, app_of, ask, ask_and_answer, said
from tui.answer_settings import AnswerSettings
from tui.exchange import AskableModel
from tui.plain_text import plain_text
from tui.widgets.answer_list import AnswerList


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


async def test_many_tokens_are_drawn_together(console: Pilot[None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.widgets.throttle.monotonic", lambda: 1.0)  # all in one slot
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


# --- models and settings ----------------------------------------------------------------------------------------------


async def test_without_a_model_the_console_says_how_to_get_one(console: Pilot[None]) -> None:
    app = app_of(console)
    app.pane.set_models([])
    await console.press("f2")
    await console.pause()
    assert str(app.screen.query_one(".dialog").border_subtitle) == "Esc goes back"
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
