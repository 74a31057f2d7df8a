"""The main screen as a whole: places, opening and saving, leaving, what is offered back."""

from pathlib import Path
from threading import Event

import pytest
from textual.command import CommandList, CommandPalette
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from engine import edit_plans as plans
from engine.document import Document
from engine.document_files import open_document
from engine.document_parts import Written
from engine.document_saving import write_edits
from engine.examples import Example
from engine.journal import Journal, left_behind
from tests.engine.documents import MORE, SCENARIO, written
from tests.tui.apps import app_on, document, fill, hurry, keys, lines, main_screen, pane, press, running, said
from tui.panes.dataset import DatasetPane
from tui.screens import document_actions, saving_actions
from tui.screens.choice import Answer, ChoiceScreen
from tui.screens.example_form import ExampleForm
from tui.screens.line_prompt import LinePrompt
from tui.widgets.example_list import ExampleList
from tui.widgets.prompt_line import PromptLine
from tui.widgets.top_line import TopLine


async def test_the_keys_1_to_3_go_to_the_panes_on_any_terminal(tmp_path: Path) -> None:
    for size in [(120, 40), (80, 24)]:
        async with running(app_on(tmp_path), size) as pilot:
            await press(pilot, "2")
            assert pilot.app.screen.query_one("#training").has_focus_within
            await press(pilot, "3")
            assert isinstance(pilot.app.focused, PromptLine)
            await press(pilot, "escape")
            assert isinstance(pilot.app.focused, ExampleList)


async def test_a_small_terminal_shows_one_pane_at_a_time(tmp_path: Path) -> None:
    async with running(app_on(tmp_path), (80, 24)) as pilot:
        await press(pilot, "2")

        shown = [
            pilot.app.screen.query_one(f"#{name}").region.height > 0 for name in ("examples", "training", "console")
        ]
        assert shown == [False, True, False]


async def test_where_one_pane_fits_the_others_are_tabs_in_its_border(tmp_path: Path) -> None:
    async with running(app_on(tmp_path), (80, 24)) as pilot:
        assert first_border(pilot).startswith("1 Examples  2 Training  3 Console ──")
        await pilot.click(offset=(first_border(pilot).index("2") + 4, 1))
        await press(pilot)
        assert pilot.app.screen.query_one("#training").has_focus_within

    async with running(app_on(tmp_path), (120, 40)) as pilot:
        assert first_border(pilot).startswith("1 Examples ──")


def first_border(pilot: Pilot[None]) -> str:
    """The line below the first, without the corner of its border."""
    return "".join(segment.text for segment in pilot.app.screen._compositor.render_strips()[1])[3:]


async def test_a_tiny_terminal_says_what_it_needs_and_loses_nothing(tmp_path: Path) -> None:
    async with running(app_on(tmp_path), (50, 12)) as pilot:
        assert pilot.app.screen.query_one("#too-small").region.height > 0

        await pilot.resize_terminal(120, 40)
        await press(pilot)
        assert len(lines(pilot)) == 10


async def test_a_scenario_without_examples_is_open_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "skills.toml"
    path.write_text('title = "Skills"\npretraining = { steps = 1 }\n')
    async with running(app_on(tmp_path, scenario=path)) as pilot:
        assert pilot.app.screen.query_one(TopLine).title == "Skills"
        assert "tunetui pretrain" in str(pilot.app.screen.query_one("#no-examples", Static).render())

        await press(pilot, "a")
        await fill(pilot, instruction="Hi", response="there")
        await press(pilot, "ctrl+s")
        assert len(lines(pilot)) == 1


async def test_saving_writes_the_edits_and_clears_the_journal(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "d", "w")

        assert not document(pilot).dirty
        assert len(lines(pilot)) == 9
    assert len(open_document(tmp_path / "greetings.toml")) == 9
    assert left_behind(tmp_path / "workspace" / "journals", tmp_path / "greetings.toml") == []


async def test_where_a_file_changed_underneath_enter_alone_saves_under_another_name(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "d")
        path = tmp_path / "greetings.toml"
        path.write_text(SCENARIO + "# mine")
        await press(pilot, "w", "s", "enter")

        assert document(pilot).path == tmp_path / "greetings-2" / "greetings.toml"
        assert "Hello" not in document(pilot).path.read_text()
        assert path.read_text().endswith("# mine")


async def test_a_file_that_changed_underneath_is_asked_about(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        (tmp_path / "more.jsonl").write_text(MORE + MORE)
        await press(pilot, "down", "down", "d", "w")
        assert isinstance(pilot.app.screen, ChoiceScreen)
        assert (tmp_path / "more.jsonl").read_text() == MORE + MORE

        await press(pilot, "s")
        pilot.app.screen.query_one("Input").value = str(tmp_path / "own" / "mine.toml")  # type: ignore[attr-defined]
        await press(pilot, "enter")
        assert document(pilot).path == tmp_path / "own" / "mine.toml"
        assert not document(pilot).dirty


async def test_nothing_is_edited_while_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on = Event()

    def slow(document: Document, *, overwrite: bool) -> Written:
        goes_on.wait(10)
        return write_edits(document, overwrite=overwrite)

    monkeypatch.setattr(saving_actions, "write_edits", slow)
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "d")
        await pilot.press("w", "d")

        assert said(pilot) == "The examples are being saved: one moment."
        goes_on.set()
        await press(pilot)
        assert not document(pilot).dirty
        assert len(open_document(tmp_path / "greetings.toml")) == 9
        await press(pilot, "d")
        assert document(pilot).dirty


async def test_a_scenario_that_comes_with_tunetui_is_saved_as_a_copy(tmp_path: Path) -> None:
    async with running(app_on(tmp_path, scenario=Path("scenarios/greeting_farewell.toml").absolute())) as pilot:
        await press(pilot, "d", "w")

        prompt = pilot.app.screen
        assert isinstance(prompt, LinePrompt)
        assert prompt.query_one("Input").value.endswith("tunetui/scenarios/greeting_farewell.toml")  # type: ignore[attr-defined]


async def test_a_scenario_that_comes_with_tunetui_is_edited_as_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited: list[Path] = []

    def editor(app: object, path: Path) -> bool:
        edited.append(path)
        return True

    monkeypatch.setattr(saving_actions, "opened_in_editor", editor)
    built_in = Path("scenarios/greeting_farewell.toml").absolute()
    async with running(app_on(tmp_path, scenario=built_in)) as pilot:
        await press(pilot, "E")
        assert isinstance(pilot.app.screen, LinePrompt) and not edited

        pilot.app.screen.query_one(Input).value = str(tmp_path / "mine.toml")
        await press(pilot, "enter")
        assert edited == [tmp_path / "mine.toml"] == [document(pilot).path]


async def test_leaving_a_scenario_that_comes_with_tunetui_saves_a_copy_and_leaves(tmp_path: Path) -> None:
    built_in = Path("scenarios/greeting_farewell.toml").absolute()
    app = app_on(tmp_path, scenario=built_in)
    async with running(app) as pilot:
        await press(pilot, "d", "q", "s")
        pilot.app.screen.query_one(Input).value = str(tmp_path / "mine.toml")
        await press(pilot, "enter")
        assert (tmp_path / "mine.toml").exists()
        assert app.return_code == 0


async def test_what_comes_with_tunetui_is_not_edited_where_it_is_opened(tmp_path: Path) -> None:
    built_in = Path("scenarios/greeting_farewell.toml").absolute()
    async with running(app_on(tmp_path, scenario=built_in)) as pilot:
        await press(pilot, "o")
        assert "Edit file" not in keys(pilot)
        await press(pilot, "E")
        assert "stays as it is" in said(pilot)


async def test_recent_scenarios_of_one_name_are_told_apart(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        for folder in ("here", "there"):
            main_screen(pilot).open(written(tmp_path / folder))
            await press(pilot)
        await press(pilot, "o")
        listed = [str(option.prompt) for option in pilot.app.screen.query_one("#scenarios", OptionList).options]
        assert listed[1:3] == [" greetings  there", " greetings  here"]


async def test_leaving_without_edits_asks_nothing(tmp_path: Path) -> None:
    app = app_on(tmp_path)
    async with running(app) as pilot:
        await press(pilot, "d", "u", "q")

        assert app.return_code == 0
    assert not list((tmp_path / "workspace" / "journals").iterdir())


async def test_behind_what_is_offered_back_a_small_terminal_shows_one_pane(tmp_path: Path) -> None:
    async with running(app_on(tmp_path), (80, 24)) as pilot:
        await press(pilot, "d")

    async with running(app_on(tmp_path), (80, 24)) as pilot:
        assert isinstance(pilot.app.screen, ChoiceScreen)
        assert first_border(pilot).startswith("1 Examples  2 Training  3 Console ──")


async def test_what_several_apps_left_is_asked_about_in_turn_and_overwrites_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "workspace" / "journals"
    for text in ("Hi", "Howdy"):
        edited = open_document(written(tmp_path))
        journal = Journal(folder, edited)
        edited.on_edit = journal.add
        edited.do(plans.change(edited, {0: Example(text, "greeting", "greet", "")}))
        journal.close()
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "r", "r")

        brought = [document(pilot)[place].instruction for place in range(len(document(pilot)))]
        assert {"Hi", "Howdy"} <= set(brought)
        assert len(brought) == 11
        assert not isinstance(pilot.app.screen, ChoiceScreen)


@pytest.mark.parametrize(("key", "rows", "kept"), [("s", 9, 0), ("k", 10, 1), ("d", 10, 0)])
async def test_leaving_with_edits_asks_what_becomes_of_them(tmp_path: Path, key: str, rows: int, kept: int) -> None:
    app = app_on(tmp_path)
    async with running(app) as pilot:
        await press(pilot, "d", "q")
        assert isinstance(app.screen, ChoiceScreen)
        await press(pilot, key)

        assert app.return_code == 0
    assert len(open_document(tmp_path / "greetings.toml")) == rows
    assert len(left_behind(tmp_path / "workspace" / "journals", tmp_path / "greetings.toml")) == kept


async def test_edits_of_an_app_that_died_are_offered_and_restored(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "d", "a")
        await fill(pilot, instruction="Hi")
        await press(pilot, "ctrl+s")
        edited = [document(pilot)[place] for place in range(len(document(pilot)))]

    async with running(app_on(tmp_path)) as pilot:
        assert isinstance(pilot.app.screen, ChoiceScreen)
        await press(pilot, "r")

        assert [document(pilot)[place] for place in range(len(document(pilot)))] == edited
        assert document(pilot).dirty
        await press(pilot, "w")

    async with running(app_on(tmp_path)) as pilot:
        assert pilot.app.screen is main_screen(pilot)


async def test_the_next_start_comes_back_to_the_same_example(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "down", "down", "q")

    app = app_on(tmp_path)
    app.scenario = None
    async with running(app) as pilot:
        assert pane(pilot).rows.place == 2


async def test_a_scenario_with_a_mistake_says_so_and_how_to_go_on(tmp_path: Path) -> None:
    written(tmp_path).write_text(SCENARIO.replace("validation", "valdation"))
    async with running(app_on(tmp_path)) as pilot:
        text = str(pilot.app.screen.query_one(DatasetPane).query_one("#no-examples").render())

        assert "valdation" in text
        assert "o opens another scenario" in text
        await press(pilot, "t", "a", "c", "w", "space")


async def test_examples_are_taken_from_a_file_and_written_to_one(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("instruction,response,task\nServus,both,greet\nwrong\n")
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "i")
        pilot.app.screen.query_one("Input").value = str(tmp_path / "in.csv")  # type: ignore[attr-defined]
        await press(pilot, "enter")
        assert "1 example from in.csv" in said(pilot)

        await press(pilot, "ctrl+x")
        pilot.app.screen.query_one("Input").value = str(tmp_path / "out.jsonl")  # type: ignore[attr-defined]
        await press(pilot, "enter")
    assert "Servus" in (tmp_path / "out.jsonl").read_text()


async def test_an_answer_that_is_given_twice_counts_once(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "o", "p")
        pilot.app.push_screen(ChoiceScreen("Sure?", "", [Answer("y", "Yes", "")]))
        await press(pilot)
        await hurry(pilot, "y", "y")

        assert isinstance(pilot.app.screen, LinePrompt)


async def test_a_key_right_after_the_one_that_saves_edits_nothing(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "d", "down")
        await hurry(pilot, "w", "e")

        assert not isinstance(pilot.app.screen, ExampleForm)
        assert [row.instruction for row in open_document(tmp_path / "greetings.toml").parts[0].rows] == ["Bye"]


async def test_a_document_that_gives_way_to_another_is_not_edited_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = Event()

    def slow(path: Path) -> Document:
        goes_on.wait(10)
        return open_document(path)

    app = app_on(tmp_path)
    async with running(app) as pilot:
        monkeypatch.setattr(document_actions, "open_document", slow)
        app.main.open(tmp_path / "greetings.toml")
        pane(pilot).action_delete()
        await pilot.pause()
        assert said(pilot) == "The examples are being read: one moment."

        goes_on.set()
        await press(pilot, "d")
        assert document(pilot).dirty


async def test_the_palette_shows_the_ids_by_which_keys_are_changed(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[keys]\n"examples.add" = "n"\n')
    async with running(app_on(tmp_path)) as pilot:
        assert "n Add" in keys(pilot)
        await press(pilot, "ctrl+p")
        shown = [str(option.prompt) for option in pilot.app.screen.query_one(CommandList).options]
        assert any("Add an example before this one.  examples.add" in action for action in shown)
        await press(pilot, "escape", "n")
        assert isinstance(pilot.app.screen, ExampleForm)


async def test_a_page_key_right_after_the_one_that_opens_the_palette_does_nothing(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await hurry(pilot, "ctrl+p", "pageup", "pagedown")

        assert isinstance(pilot.app.screen, CommandPalette)


async def test_a_question_stands_in_the_middle(tmp_path: Path) -> None:
    async with running(app_on(tmp_path), (80, 24)) as pilot:
        for key in ("e", "b", "m", "f"):
            await press(pilot, key)
            window = pilot.app.screen.query(".dialog, #form").first().region
            assert abs((80 - window.right) - window.x) <= 1
            await press(pilot, "escape")
