"""Edits of many examples: the screen goes on meanwhile, and nobody finds half of one."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from threading import Event

import pytest
from textual.content import Content

from engine import edit_plans as plans
from engine.document import Document
from engine.document_files import open_document
from engine.edits import Edit
from engine.journal import left_behind
from engine.marks import mark
from engine.progress import tell
from tests.tui.apps import app_on, document, main_screen, pane, press, running, said
from tui.screens.choice import ChoiceScreen


@pytest.fixture
def goes_on(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Every edit is one of many, and examples are deleted only when this is set."""
    event = Event()
    delete = plans.delete

    def slow(document: Document, places: Sequence[int]) -> Edit | None:
        edit = delete(document, places)
        event.wait(10)
        return edit

    monkeypatch.setattr("tui.panes.editing.AT_ONCE", -1)
    monkeypatch.setattr("tui.panes.example_actions.plans.delete", slow)
    return event


async def test_keys_are_answered_while_many_examples_are_edited(tmp_path: Path, goes_on: Event) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "x", "x")
        await pilot.press("d", "down", "down")

        assert pane(pilot).rows.place == 4
        while not str(pane(pilot).border_subtitle).startswith("changing the examples…"):
            await pilot.pause(0.02)
        assert not document(pilot).dirty
        goes_on.set()
        await press(pilot)
        assert [mark(document(pilot)[place]) for place in range(3)] == ["deleted", "deleted", ""]
        assert str(pane(pilot).border_subtitle).startswith("train+held out: greet 2+1")
        await press(pilot, "u")
        assert document(pilot).edited == 0


@pytest.mark.parametrize("key", ["e", "d", "u", "w", "q"])
async def test_nothing_else_is_done_to_them_meanwhile(tmp_path: Path, goes_on: Event, key: str) -> None:
    app = app_on(tmp_path)
    async with running(app) as pilot:
        await pilot.press("d", key)
        assert said(pilot) == "The examples are being changed: one moment."

        goes_on.set()
        await press(pilot)
        assert pilot.app.screen is main_screen(pilot)
        assert document(pilot).edited == 1
        await press(pilot, "q")
        assert isinstance(app.screen, ChoiceScreen)


async def test_no_other_scenario_is_opened_meanwhile(tmp_path: Path, goes_on: Event) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await pilot.press("d")
        main_screen(pilot).open(tmp_path / "other.toml")
        await pilot.pause()
        assert said(pilot) == "The examples are being changed: one moment."

        goes_on.set()
        await press(pilot)
        assert document(pilot).edited == 1


async def test_who_is_killed_meanwhile_finds_the_edits_before(tmp_path: Path, goes_on: Event) -> None:
    async with running(app_on(tmp_path)) as pilot:
        await press(pilot, "m", *"new", "enter")
        await pilot.press("d")
        on_disk = open_document(tmp_path / "greetings.toml")
        (journal,) = (tmp_path / "workspace" / "journals").glob("*.jsonl")
        crashed = tmp_path / "crashed" / journal.name
        crashed.parent.mkdir()
        crashed.write_bytes(journal.read_bytes())
        goes_on.set()
        await press(pilot)

    (found,) = left_behind(crashed.parent, on_disk.path)
    assert [edit.label for edit in found.edits] == ["give 1 example another task"]


async def test_that_some_cannot_be_edited_is_said(tmp_path: Path, goes_on: Event) -> None:
    goes_on.set()
    async with running(app_on(tmp_path)) as pilot:
        subtitle = pane(pilot).border_subtitle
        await press(pilot, "asterisk", "d")

        assert "The rule `add` makes this example" in said(pilot)
        assert pane(pilot).border_subtitle == subtitle
        assert not document(pilot).dirty


async def test_an_edit_that_changes_nothing_is_none(tmp_path: Path, goes_on: Event) -> None:
    async with running(app_on(tmp_path)) as pilot:
        subtitle = pane(pilot).border_subtitle
        await press(pilot, "m", "enter")

        assert pane(pilot).border_subtitle == subtitle
        assert not document(pilot).dirty


async def test_what_takes_long_is_said_with_how_far_it_is_and_then_no_more(tmp_path: Path) -> None:
    goes_on = Event()

    def work() -> str:
        tell(0.4)
        goes_on.wait(10)
        return "done"

    async with running(app_on(tmp_path)) as pilot:
        before = str(pane(pilot).border_subtitle)
        making = asyncio.ensure_future(pane(pilot).meanwhile("reading [a].csv", work))
        while str(pane(pilot).border_subtitle) == before:
            await pilot.pause(0.02)
        assert Content.from_markup(str(pane(pilot).border_subtitle)).plain == "reading [a].csv… 40%"
        goes_on.set()
        assert await making == "done"
        assert str(pane(pilot).border_subtitle) == before
