"""Saving, leaving, and examples from and to files, on the main screen."""

from pathlib import Path
from threading import Event

import pytest
from textual.widgets import Input, Static

from engine.document import Document
from engine.document_files import open_document
from engine.document_parts import Written
from engine.document_saving import write_edits
from engine.formats import read
from engine.journal import left_behind
from tests.engine.documents import MORE, SCENARIO
from tests.tui.apps import app_on, document, hurry, lines, press, running, said
from tui.screens import saving_actions
from tui.screens.choice import Answer, ChoiceScreen
from tui.screens.example_form import ExampleForm
from tui.screens.line_prompt import LinePrompt


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


async def test_leaving_without_edits_asks_nothing(tmp_path: Path) -> None:
    app = app_on(tmp_path)
    async with running(app) as pilot:
        await press(pilot, "d", "u", "q")

        assert app.return_code == 0
    assert not list((tmp_path / "workspace" / "journals").iterdir())


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


async def test_the_name_of_a_written_file_says_the_shape_of_its_rows(tmp_path: Path) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "ctrl+x")
        name = pilot.app.screen.query_one(Input)
        name.value = str(tmp_path / "out.sharegpt.csv")
        await press(pilot, "enter")
        assert "a table cannot hold sharegpt" in str(pilot.app.screen.query_one(".dialog-wrong", Static).render())

        name.value = str(tmp_path / "out.sharegpt.jsonl")
        await press(pilot, "enter")
        assert "in the shape sharegpt" in said(pilot)
    assert read(tmp_path / "out.sharegpt.jsonl").shape == "sharegpt"


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
