"""The whole app on a small scenario, with an engine that replays recordings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from engine.document import Document
from engine.workspace import Workspace
from tests.engine.documents import written
from tests.tui.fake_engine import FakeEngine
from tests.tui.picture import settled
from tui.app import TunetuiApp
from tui.panes.dataset import DatasetPane
from tui.screens.main import MainScreen
from tui.widgets.example_list import ExampleList
from tui.widgets.key_line import KeyLine


def app_on(folder: Path, engine: FakeEngine | None = None, scenario: Path | None = None) -> TunetuiApp:
    """An app on the scenario of `tests.engine.documents`, with workspace and settings in the folder."""
    return TunetuiApp(
        scenario or (folder / "greetings.toml" if (folder / "greetings.toml").exists() else written(folder)),
        workspace=Workspace(folder / "workspace"),
        engine=engine or FakeEngine(scenario="greetings"),
        settings=folder / "settings.toml",
    )


@asynccontextmanager
async def running(app: TunetuiApp, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Pilot[None]]:
    """The app, open and still."""
    app.animation_level = "none"
    async with app.run_test(size=size, notifications=True) as pilot:
        await settled(pilot)
        yield pilot


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, and wait after each until all is still."""
    await settled(pilot)
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def hurry(pilot: Pilot[None], *keys: str) -> None:
    """Press keys faster than they are handled, then wait until all is still."""
    for key in keys:
        pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
    await settled(pilot)


async def fill(pilot: Pilot[None], **fields: str) -> None:
    """Write texts into fields of the screen, by their ids."""
    for name, text in fields.items():
        field = pilot.app.screen.query_one(f"#{name}")
        if isinstance(field, TextArea):
            field.text = text
        elif isinstance(field, Input):
            field.value = text
    await settled(pilot)


def document(pilot: Pilot[None]) -> Document:
    """The open document."""
    found = pane(pilot).document
    assert found is not None
    return found


def main_screen(pilot: Pilot[None]) -> MainScreen:
    """The screen that lies under all others."""
    assert isinstance(pilot.app, TunetuiApp)
    return pilot.app.main


def pane(pilot: Pilot[None]) -> DatasetPane:
    """The examples pane."""
    return main_screen(pilot).query_one(DatasetPane)


def lines(pilot: Pilot[None]) -> list[str]:
    """The lines of the list, as they stand on the screen, without blanks at their ends."""
    examples = main_screen(pilot).query_one(ExampleList)
    drawn = [examples.render_line(y).text.rstrip() for y in range(1, examples.size.height)]
    return [line for line in drawn if line]


def keys(pilot: Pilot[None]) -> str:
    """The last line of the screen."""
    return str(pilot.app.screen.query_one(KeyLine).render())


def said(pilot: Pilot[None]) -> str:
    """The newest message at the edge of the screen."""
    return [notification.message for notification in pilot.app._notifications][-1]


def first_border(pilot: Pilot[None]) -> str:
    """The line below the first, without the corner of its border."""
    return "".join(segment.text for segment in pilot.app.screen._compositor.render_strips()[1])[3:]
