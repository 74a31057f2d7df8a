from pathlib import Path

import pytest
from textual.widgets import OptionList

from engine.marks import New, mark
from tests.engine.documents import EDITABLE, SCENARIO, written
from tests.tui.apps import app_on, document, fill, lines, main_screen, pane, press, running, said
from tui.app import TunetuiApp
from tui.screens.choice import ChoiceScreen
from tui.screens.example_form import ExampleForm
from tui.screens.line_prompt import LinePrompt
from tui.widgets.model_view import ModelView


def many(folder: Path) -> TunetuiApp:
    """The app on more examples than the list has lines."""
    folder.mkdir(exist_ok=True)
    rows = [f'    {{ instruction = "number-{n}", response = "{"long " * 20}" }},' for n in range(100)]
    path = folder / "many.toml"
    path.write_text("\n".join(['title = "Many"', "examples = [", *rows, "]"]))
    return app_on(folder, scenario=path)


async def test_examples_stand_in_columns(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        shown = lines(pilot)

    assert shown[0].split() == ["greet", "Hello", "greeting"]
    assert len(shown) == 10


async def test_before_the_examples_are_looked_through_no_reason_is_made_up(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        pane(pilot).show(document(pilot))
        await press(pilot)

        assert str(pane(pilot).query_one(ModelView).render()) == "It is being found out."


async def test_an_example_is_added_before_the_one_at_the_cursor(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "down", "a")
        await fill(pilot, instruction="Hi", response="greeting")
        await press(pilot, "ctrl+s")

        assert document(pilot)[1] == New("Hi", "greeting", "greet", "")
        assert lines(pilot)[1].split() == ["+", "greet", "Hi", "greeting"]
        assert pane(pilot).rows.place == 1


async def test_an_edited_example_keeps_its_place_and_is_marked(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "down", "enter")
        await fill(pilot, instruction="Good\nbye")
        await press(pilot, "ctrl+s")

        assert document(pilot)[1].instruction == "Good\nbye"
        assert lines(pilot)[1].split() == ["~", "greet", "Good␊bye", "farewell"]


async def test_a_form_that_was_typed_in_is_not_left_by_mistake(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "e")
        await fill(pilot, instruction="Hi")
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ChoiceScreen)

        await press(pilot, "b")
        assert isinstance(pilot.app.screen, ExampleForm)
        await press(pilot, "escape", "k")
        assert document(pilot)[0].instruction == "Hi"


async def test_a_form_that_was_not_typed_in_is_left_at_once(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "e", "escape")
        assert pilot.app.screen is main_screen(pilot)
        assert not document(pilot).dirty

        await press(pilot, "d", "e", "escape")
        assert pilot.app.screen is main_screen(pilot)
        assert mark(document(pilot)[0]) == "deleted"


async def test_an_example_of_a_rule_says_why_it_cannot_be_edited(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "end", "e")

        assert "The rule `add` makes this example" in said(pilot)
        await press(pilot, "d")
        assert not document(pilot).dirty


async def test_deleting_marks_and_deleting_again_takes_it_back(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "d")
        assert lines(pilot)[0].startswith(" −")

        await press(pilot, "d")
        assert lines(pilot)[0].startswith(" ~")
        await press(pilot, "u", "u")
        assert not document(pilot).dirty


async def test_what_is_selected_is_edited_together(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "x", "x", "m")
        pilot.app.screen.query_one("Input").value = "words"  # type: ignore[attr-defined]
        await press(pilot, "enter")

        assert [document(pilot)[place].task for place in range(3)] == ["words", "words", "greet"]
        await press(pilot, "u")
        assert [document(pilot)[place].task for place in range(3)] == ["greet"] * 3


async def test_nothing_is_selected_any_more_where_places_have_become_others(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "x", "D")
        assert len(document(pilot)) == 11
        assert list(pane(pilot).rows.chosen) == []


async def test_a_range_and_everything_can_be_selected(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "x", "down", "X")
        assert list(pane(pilot).rows.chosen) == [0, 1, 2]

        await press(pilot, "asterisk")
        assert len(pane(pilot).rows.chosen) == 10
        await press(pilot, "escape")
        assert not pane(pilot).rows.chosen


async def test_examples_move_within_their_file(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "J")

        assert [document(pilot)[place].instruction for place in (0, 1)] == ["Bye", "Hello"]
        assert pane(pilot).rows.place == 1


async def test_words_are_replaced_in_all_that_is_listed(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "b")
        await fill(pilot, old="farewell", new="goodbye")
        await press(pilot, "enter", "enter")

        assert [row.response for row in (document(pilot)[place] for place in range(EDITABLE))].count("goodbye") == 3
        assert "3 examples" in said(pilot)


@pytest.mark.parametrize(
    ("query", "found"),
    [("take", 1), ("task:add", 5), ("response", 0), ("FAREWELL take", 1), ("is:changed", 0), ('"good morning"', 1)],
)
async def test_only_what_fits_is_listed(tmp_path: Path, query: str, found: int) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "slash")
        await fill(pilot, find=query)
        assert len(lines(pilot)) == found

        await press(pilot, "enter", "escape")
        assert len(lines(pilot)) == 10


async def test_a_task_is_chosen_from_a_list(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "f", "2")

        assert {line.split()[0] for line in lines(pilot)} == {"add"}


async def test_each_task_of_the_list_says_how_many_examples_it_has(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "f")
        labels = [str(option.prompt) for option in pilot.app.screen.query_one(OptionList).options]

    assert any("task add (3 to train on, 2 held out)" in label for label in labels)


async def test_the_cursor_is_in_sight_again_when_all_examples_are_shown_again(tmp_path: Path) -> None:
    async with running(many(tmp_path)) as pilot:
        await press(pilot, "slash")
        await fill(pilot, find="number-90")
        await press(pilot, "enter", "escape")

        assert pane(pilot).rows.place == 90
        assert any("number-90" in line for line in lines(pilot))


async def test_what_is_cut_off_at_the_scroll_bar_leaves_an_ellipsis_before_it(tmp_path: Path) -> None:
    async with running(many(tmp_path)) as pilot:
        rows = pane(pilot).rows

        assert rows.show_vertical_scrollbar
        assert rows.render_line(1).text.endswith("…")
        assert rows.render_line(1).cell_length == rows.scrollable_content_region.width


async def test_an_edited_example_that_may_be_wrong_has_both_marks(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "D")
        assert lines(pilot)[1].startswith(" +!")


async def test_the_list_is_sorted_by_a_column_and_turned_round(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "s", "s", "home")
        first = lines(pilot)[0]
        await press(pilot, "S", "home")
        last = lines(pilot)[0]

    assert first.split()[1:3] == ["Add", first.split()[2]]
    assert "Take care" in last


async def test_the_cursor_stays_at_its_example_when_the_order_changes(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "down", "s", "s")

        assert pane(pilot).rows.place == 1


async def test_a_row_is_gone_to_by_its_number(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "colon", "9", "9", "enter")
        assert isinstance(pilot.app.screen, LinePrompt)  # there is no such row

        await press(pilot, "backspace", "enter")
        assert pane(pilot).rows.place == 8


async def test_the_tokens_of_the_example_at_the_cursor_are_shown(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "end")
        shown = str(pilot.app.screen.query_one(ModelView).render())

    assert "▸" in shown
    assert "⏎" in shown
    assert "count in the loss" in shown


async def test_a_dataset_s_text_is_neither_markup_nor_a_control_sequence(tmp_path: Path) -> None:
    odd = "[red]x[/] \\u001b[31m\\u0007 a\\tb 你好 e\\u0301 \\u202eabc 👩"
    path = written(tmp_path)
    path.write_text(SCENARIO.replace('"Hello"', f'"{odd}"').replace('"greet"', '"[b]greet"'))
    async with running(app_on(tmp_path)) as pilot:
        list_line = lines(pilot)[0]
        await press(pilot, "f", "escape", "e")
        svg = pilot.app.export_screenshot()
        await press(pilot, "escape", "d")

    assert "[b]greet" in list_line
    assert "[red]x[/] ␛[31m␇" in list_line
    assert "\x1b" not in svg
    assert "\x07" not in svg


async def test_the_dirty_mark_comes_and_goes(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        line = pilot.app.screen.query_one("#top-line")
        await press(pilot, "d")
        assert line.edited  # type: ignore[attr-defined]
        await press(pilot, "u")
        assert not line.edited  # type: ignore[attr-defined]


async def test_marks_and_task_are_apart(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "a")
        await fill(pilot, task="greet", instruction="Hi", response="greeting")
        await press(pilot, "ctrl+s", "home", "x")
        pane(pilot).rows.problems = {0}
        assert lines(pilot)[0].startswith("✓+! greet  Hi")


async def test_the_counts_of_tasks_take_the_width_that_there_is(tmp_path: Path) -> None:
    async with running(app_on(tmp_path), size=(60, 16)) as pilot:
        await pilot.resize_terminal(30, 16)
        await press(pilot)
        assert pane(pilot).border_subtitle == "2 tasks · 6 to train on · 4 held out"

        await pilot.resize_terminal(60, 16)
        await press(pilot)
        assert pane(pilot).border_subtitle == "train+held out: greet 3+2 · add 3+2"
