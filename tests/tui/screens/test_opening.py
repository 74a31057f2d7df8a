"""The first frame: what is pressed while it stands there."""

import asyncio
from pathlib import Path

import pytest
from textual.events import Key

from engine.document import Document
from engine.document_files import open_document
from engine.marks import mark
from tests.tui.apps import app_on, document, press, running
from tui.screens.opening import OpeningScreen


async def what_is_on_its_way() -> None:
    """Let the screen handle what it has got."""
    for _ in range(100):
        await asyncio.sleep(0)


async def test_keys_have_their_effect_when_the_scenario_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, loop = app_on(tmp_path), asyncio.get_running_loop()

    def slowly(path: Path) -> Document:
        app.post_message(Key("d", "d"))
        asyncio.run_coroutine_threadsafe(what_is_on_its_way(), loop).result()
        return open_document(path)

    monkeypatch.setattr("tui.screens.document_actions.open_document", slowly)
    monkeypatch.setattr(OpeningScreen, "on_mount", lambda screen: app.post_message(Key("j", "j")), raising=False)
    async with running(app) as pilot:
        await press(pilot)
        assert [mark(document(pilot)[place]) for place in (0, 1)] == ["", "deleted"]
