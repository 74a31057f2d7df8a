"""Opening a document on the main screen, what was left behind, and the place one was at."""

from pathlib import Path
from threading import Event

import pytest
from textual.widgets import Static

from engine import edit_plans as plans
from engine.document import Document
from engine.document_files import open_document
from engine.examples import Example
from engine.journal import Journal
from tests.engine.documents import SCENARIO, written
from tests.tui.apps import app_on, document, fill, first_border, lines, main_screen, pane, press, running, said
from tui.panes.dataset import DatasetPane
from tui.screens import document_actions
from tui.screens.choice import ChoiceScreen
from tui.widgets.top_line import TopLine


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


def left_by_an_app_that_died(folder: Path) -> Path:
    """The journal of three edits: an example changed, one deleted, one added."""
    edited = open_document(written(folder))
    journal = Journal(folder / "workspace" / "journals", edited)
    edited.on_edit = journal.add
    edited.do(plans.change(edited, {0: Example("Hi", "greeting", "greet", "")}))
    edited.do(plans.delete(edited, [1]))
    edited.do(plans.insert(edited, 0, [Example("Servus", "both", "greet", "")]))
    journal.close()
    (path,) = (folder / "workspace" / "journals").glob("*.jsonl")
    return path


async def test_of_a_damaged_journal_all_that_can_be_read_is_brought_back_and_the_file_is_kept(tmp_path: Path) -> None:
    path = left_by_an_app_that_died(tmp_path)
    lines = path.read_text().split("\n")
    lines[2] = lines[2][:20]
    path.write_text("\n".join(lines))
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "r")

        brought = [document(pilot)[place].instruction for place in range(len(document(pilot)))]
        assert {"Hi", "Servus"} <= set(brought)
        (kept,) = path.parent.glob("*.damaged")
        assert kept.name in said(pilot)
        assert kept.read_text() == "\n".join(lines)


async def test_a_journal_of_which_nothing_can_be_read_is_named(tmp_path: Path) -> None:
    path = left_by_an_app_that_died(tmp_path)
    path.write_bytes(b"\xff\n\x00\n")
    async with running(app_on(tmp_path)) as pilot:
        assert path.name in said(pilot)
        assert pilot.app.screen is main_screen(pilot)
    assert path.exists()


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
        assert "o opens another one" in text
        await press(pilot, "t", "a", "c", "w", "space")


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
