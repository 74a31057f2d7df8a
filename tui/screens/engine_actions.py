"""The engine and its runs on the main screen: found, looked at, followed, shown.

Where there is no engine, what the runs' folders say is shown: who was killed says nothing, but his lock is gone.
"""

import asyncio
from contextlib import suppress
from functools import partial

import msgspec

from engine.errors import EngineError
from engine.requests import Connection, Engine, RunSummary
from engine.runs import TURNS
from engine.scenario import tunings_of
from engine.summary import Summaries
from tui.known_answers import KnownAnswers
from tui.panes.training import TrainingPane
from tui.screens.runs import RunsScreen
from tui.screens.saving_actions import SavingActions
from tui.settings import settings_of
from tui.state import RunView, apply_all
from tui.training_state import Training, in_front, view_of
from tui.widgets.run_list import RunList
from tui.widgets.run_progress import run_progress
from tui.widgets.throttle import Throttle
from tui.widgets.top_line import TopLine

LOOK_AGAIN = 4.0
"""Seconds between two looks at the list of runs: another app may have begun one, or the engine."""

KEEP = 1.0
"""Seconds after which the place one is at is written down, if it is another: that much a kill may cost."""

NARROW = 80
"""Columns, below which the first line says less of the run that goes on."""

LIVE = "live"
"""Group of the workers that go on as long as a run or an answer does."""


class EngineActions(SavingActions):
    """The part of the main screen that knows how it stands with the engine and the runs."""

    engine: Engine
    all_runs: list[RunSummary]
    """Of the workspace, newest first."""
    runs: list[RunSummary]
    """Of the open scenario, newest first."""
    views: dict[str, RunView]
    known: KnownAnswers
    memory = 0
    sentence = ""
    """What the engine's connection says."""

    def begin(self, engine: Engine) -> None:
        """Connect to the engine, and look at its runs from now on."""
        self.engine, self.all_runs, self.runs, self.views, self.known = engine, [], [], {}, KnownAnswers()
        self._summaries = Summaries(self.workspace)
        self._followed: set[str] = set()
        self.throttle = Throttle(self, 0.1, self.show_training)
        self._looks = 0
        self._trouble = ""
        engine.on_connection = self._connection_changed
        # Starting an engine takes a core for seconds: the first drawing goes before.
        self.call_after_refresh(self.in_background, self._connect, "connect")
        self.set_interval(LOOK_AGAIN, self.look_at_runs)
        self.set_interval(KEEP, self.keep_place_if_moved)

    @property
    def training(self) -> TrainingPane:
        """The training pane."""
        return self.query_one(TrainingPane)

    # --- the engine ---------------------------------------------------------------------------------------------------

    async def _connect(self) -> None:
        try:
            await self.engine.connect()
        except EngineError as error:
            self._connection_changed("gone", str(error))
        else:
            await self._look_at_runs()

    def reconnect(self) -> None:
        """Look for the engine again, or start it."""
        self.in_background(self._connect, "connect")

    def _connection_changed(self, connection: Connection, sentence: str) -> None:
        if not self.query(RunList):
            return
        former = self.sentence
        self.sentence = f"{sentence} ctrl+r tries now." if connection == "gone" and sentence else sentence
        self.connection_changed(self.sentence if connection == "gone" else "")
        for screen in self.app.screen_stack:
            screen.refresh_bindings()
        shows_it = self.app.screen is self or isinstance(self.app.screen, RunsScreen)
        if connection == "gone" and self.sentence not in ("", former) and not shows_it:
            self.say(self.sentence, "warning")
        self.show_training()
        self.look_at_runs()

    def connection_changed(self, gone: str) -> None:
        """For the console: that there is no engine and why, or nothing."""

    # --- its runs -----------------------------------------------------------------------------------------------------

    def look_at_runs(self) -> None:
        """See which runs there are, unless that is being done or the engine is about to come."""
        if not self._looks and self.engine.connection != "connecting":
            self.in_background(self._look_at_runs, "runs", alone=False)

    async def _look_at_runs(self) -> None:
        if self.document is None:
            return
        self._looks += 1
        try:
            await self._look(self.document.path.stem)
        except EngineError as error:
            if str(error) != self._trouble:
                self.say(str(error), "warning")
            self._trouble = str(error)
        else:
            self._trouble = ""
        finally:
            self._looks -= 1

    async def _look(self, name: str) -> None:
        """Ask the engine; where there is none, read the folders.

        Raises:
            EngineError: neither can be had.
        """
        connected = False
        with suppress(EngineError):  # why it cannot be had is said as long as it is so
            connected = await self.engine.connect_if_there()
        if connected:
            runs, status = await self.engine.runs(), await self.engine.status()
            in_line, self.memory = status.runs, status.memory
        else:
            runs, in_line, self.memory = await asyncio.to_thread(self._summaries.read), [], 0
        self.all_runs = runs = [without_engine(run) if run.id not in in_line else run for run in runs]
        self.runs = [run for run in runs if run.name == name or run.damaged]
        for run in in_front(self.runs).values() if connected else ():
            view = self.views.get(run.id)
            told = view is not None and view_of(run, view).state == run.state and run.state not in ("running", "paused")
            if run.id not in self._followed and not told:
                self._followed.add(run.id)
                self.in_background(partial(self._follow, run.id), LIVE, alone=False)
        self.show_training()
        self.show_models()

    async def _follow(self, run: str) -> None:
        """Take in a run's story, from its beginning to its end."""
        view = RunView()
        try:
            async for events in self.engine.events(run):
                self.views[run] = view = apply_all(view, events)
                self.throttle.seconds = 1 / settings_of(self.app).updates
                if any(isinstance(event, TURNS) for event in events):
                    self.throttle.now()
                    self.look_at_runs()
                else:
                    self.throttle.ask()
        except EngineError as error:
            self.say(str(error), "warning")
        await self._look_at_runs()
        self._followed.discard(run)  # after that look, or a story that ends at once would be told for ever

    def show_models(self) -> None:
        """For the console: there may be other models."""

    def document_changed(self) -> None:
        """Another scenario: its runs, from the beginning."""
        self.runs, self.views = [], {}
        self._followed.clear()
        self.workers.cancel_group(self, LIVE)
        self.show_training()
        self.look_at_runs()

    def show_training(self) -> None:
        """Bring training pane, first line and the screen of all runs up to date."""
        if not self.query(RunList):  # a word of the engine may come when the screen is on its way out
            return
        names = tuple(tunings_of(self.document.scenario)) if self.document else ()
        prompts = self.document.scenario.prompts if self.document else []
        self.training.show(
            Training(
                tunings=names,
                runs=tuple(self.runs),
                views=dict(self.views),
                known=self.known.to(prompts),
                memory=self.memory,
                in_hand=self.tuning,
                connection=self.engine.connection,
                engine=self.sentence,
            )
        )
        self.show_progress()
        for screen in self.app.screen_stack:
            if isinstance(screen, RunsScreen):
                screen.show(self.all_runs, self.views)
                screen.show_engine(self.engine.connection, self.sentence)

    def show_progress(self) -> None:
        """Say in the first line how far the run is that goes on."""
        seen = (view_of(run, self.views.get(run.id)) for run in self.runs if not run.damaged)
        live = next((view for view in seen if view.live), None)
        memory = self.memory if self.has_class("-wide") else 0  # where panes share the width, they have no room for it
        narrow = self.size.width < NARROW
        self.query_one(TopLine).right = run_progress(live, self.engine.connection, memory, narrow=narrow)


def without_engine(run: RunSummary) -> RunSummary:
    """A run that is not in the engine's line: what still waits there waits in vain, since its engine was killed."""
    return msgspec.structs.replace(run, state="interrupted") if run.state == "queued" else run
