"""The app with the real engine: only this shows that the two understand each other."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from textual.message import Message
from textual.pilot import Pilot

from engine.client import Client
from engine.workspace import Workspace
from tests.engine.serving.conftest import end_engine
from tui.app import TunetuiApp
from tui.exchange import Exchange
from tui.state import RunView
from tui.widgets.last_answer import LastAnswer
from tui.widgets.run_list import RunList
from tui.widgets.top_line import TopLine

SCENARIO = """
title = "Letters"
prompts = ["a next", "b next", "c next"]
examples = [
    { instruction = "a next", response = "b" },
    { instruction = "b next", response = "c" },
    { instruction = "c next", response = "d" },
]
model = { architecture = "transformer", width = 16, layers = 1, heads = 2, context = 16 }
tokenizer = { kind = "characters" }

[tunings.letters]
steps = STEPS
batch_size = 4
learning_rate = 0.005
warmup_steps = 2
evaluate_every = 10
checkpoint_every = 25
threads = 1
"""


class Watched:
    """The app, and whatever changes in it."""

    def __init__(self, folder: Path, steps: int) -> None:
        path = folder / "letters.toml"
        path.write_text(SCENARIO.replace("STEPS", str(steps)))
        workspace = Workspace(folder / "workspace")
        self.engine = Client(workspace)
        self.app = TunetuiApp(path, workspace=workspace, engine=self.engine, settings=folder / "settings.toml")
        self.pilot: Pilot[None]
        self._changed = asyncio.Event()

    def hear(self, message: Message) -> None:
        self._changed.set()

    async def until(self, is_so: Callable[[], object]) -> None:
        """Wait for something to be shown."""
        while not is_so():
            self._changed.clear()
            await self._changed.wait()

    @property
    def run(self) -> RunView:
        """The run that the training pane shows."""
        row = self.app.main.query_one(RunList).current
        return row.view if row else RunView()

    @property
    def answer(self) -> Exchange | None:
        """What was asked last in the console."""
        return self.app.main.query_one(LastAnswer).exchange

    @property
    def first_line(self) -> str:
        return self.app.main.query_one(TopLine).right.plain


@asynccontextmanager
async def opened(folder: Path, *, steps: int) -> AsyncIterator[Watched]:
    """The app on a scenario that is learnt in a hundred steps, its engine ready."""
    watched = Watched(folder, steps)
    try:
        async with watched.app.run_test(size=(120, 40), message_hook=watched.hear) as pilot:
            watched.pilot = pilot
            await watched.until(lambda: watched.app._main and watched.app.main.query(RunList))
            await watched.until(lambda: watched.first_line == "engine ready" and watched.app.main.document)
            yield watched
            await watched.engine.close()
    finally:
        await end_engine(watched.app.workspace)


async def test_a_model_is_trained_and_its_answers_get_right(tmp_path: Path) -> None:
    async with opened(tmp_path, steps=150) as watched:
        await watched.pilot.press("t")
        await watched.until(lambda: watched.run.state == "finished")
        answers = [[answer.response for answer in found.answers] for found in watched.run.evaluations if found.answers]
        assert answers[0] != ["b", "c", "d"]
        assert answers[-1] == ["b", "c", "d"]

        await watched.pilot.press("3", *"a", "space", *"next", "enter")
        await watched.until(lambda: watched.answer and watched.answer.is_over)
        assert watched.answer and watched.answer.replies[-1].text == "b"


async def test_a_run_whose_engine_is_killed_goes_on_with_one_key(tmp_path: Path) -> None:
    async with opened(tmp_path, steps=1_000_000) as watched:
        await watched.pilot.press("t")
        await watched.until(lambda: watched.run.saved)
        os.kill((await watched.engine.status()).pid, signal.SIGKILL)
        await watched.until(lambda: watched.run.state == "interrupted")
        assert watched.first_line == "✗ no engine"
        before = watched.run

        await watched.pilot.press("space")
        await watched.until(lambda: watched.run.state == "running" and watched.run.step > before.step)
        assert watched.first_line.startswith("▶")
