"""Keys that come in a burst, as over a line that stutters."""

from pathlib import Path

from textual import events
from textual.widgets import Input, TextArea

from tests.tui.apps import app_on, document, hurry, lines, main_screen, pane, press, running
from tests.tui.picture import settled


async def test_a_form_filled_in_one_burst_is_an_example(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await hurry(pilot, "a", *"Hey", "tab", *"greeting", "ctrl+s", "end")

        assert any("Hey" in line and "greeting" in line for line in lines(pilot))
        assert pane(pilot).rows.place == len(document(pilot)) - 1


async def test_what_follows_a_question_and_its_answer_goes_where_the_answer_led(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await hurry(pilot, "colon", "3", "enter", "x", "slash", *"Bye", "enter", "e", "tab", *"bye ")

        assert list(pane(pilot).rows.chosen) == [2]
        form = pilot.app.screen
        assert form.query_one("#instruction", TextArea).text == "Bye"
        assert form.query_one("#response", TextArea).text.startswith("bye ")


async def test_a_pasted_text_stands_between_what_is_typed_before_and_after_it(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "3")
        for event in (events.Key("a", "a"), events.Paste(" and "), events.Key("b", "b")):
            pilot.app.post_message(event)
        await settled(pilot)

        assert main_screen(pilot).query_one("#prompt", Input).value == "a and b"


async def test_a_window_that_closes_gives_the_next_key_to_what_is_below(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await hurry(pilot, "comma", "escape", "f1", "escape", "a", "escape", "down", "down")

        assert pane(pilot).rows.place == 2
