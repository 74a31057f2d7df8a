"""Training and asking on the main screen: messages of the panes become requests, events become what is shown."""

import asyncio
from collections.abc import Awaitable
from functools import partial

import msgspec
from textual.binding import Binding

from engine.errors import EngineError, InputError
from engine.queue_document import queue_document
from engine.requests import Connection, Engine, RunSummary
from engine.scenario import tunings_of
from tui.known_answers import KnownAnswers
from tui.panes.training import TrainingPane
from tui.screens.runs import RunsScreen
from tui.screens.saving_actions import SavingActions
from tui.state import RunView, apply_all
from tui.training_state import Training, view_of
from tui.widgets.run_list import RunList
from tui.widgets.run_progress import run_progress
from tui.widgets.top_line import TopLine

LOOK_AGAIN = 4.0
"""Seconds between two looks at the list of runs: another app may have begun one."""

LIVE = "live"
"""Group of the workers that go on as long as a run or an answer does."""


class EngineActions(SavingActions):
    """The part of the main screen that talks to the engine."""

    BINDINGS = [
        Binding("t", "pane('train')", "Train", id="run.train", tooltip="Train the chosen tuning, with your edits."),
        Binding("space", "pane('hold')", "Pause", id="run.hold", tooltip="Pause the run, or let it go on."),
        Binding("T", "pane('all')", "Train all", id="run.all", show=False, tooltip="Train every tuning."),
        Binding("ctrl+r", "reconnect", "Reconnect", id="engine.reconnect", show=False,
                tooltip="Look for the engine again, or start it."),
    ]  # fmt: skip

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
    chosen_models: tuple[str, ...] = ()
    """Names of the models that the console asks; empty: all."""

    def begin(self, engine: Engine) -> None:
        """Connect to the engine, and look at its runs from now on."""
        self.engine, self.all_runs, self.runs, self.views, self.known = engine, [], [], {}, KnownAnswers()
        self._followed: set[str] = set()
        engine.on_connection = self._connection_changed
        self.in_background(self._connect, "connect")
        self.set_interval(LOOK_AGAIN, self.look_at_runs)

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

    def action_reconnect(self) -> None:
        """Look for the engine again."""
        self.in_background(self._connect, "connect")

    def _connection_changed(self, connection: Connection, sentence: str) -> None:
        self.sentence = sentence
        if not self.query(RunList):
            return
        if connection == "gone" and sentence:
            self.sentence = f"{sentence} ctrl+r tries again; runs can be resumed."
        self.connection_changed(self.sentence if connection == "gone" else "")
        self.show_training()

    def connection_changed(self, gone: str) -> None:
        """For the console: why nothing can be asked, or nothing."""

    def show_models(self) -> None:
        """For the console: there may be other models."""

    def look_at_runs(self) -> None:
        """See which runs there are, unless nobody is there to ask."""
        if self.engine.connection == "connected":
            self.in_background(self._look_at_runs, "runs")

    async def _look_at_runs(self) -> None:
        if self.document is None:
            return
        name = self.document.path.stem
        try:
            runs = await self.engine.runs()
            status = await self.engine.status()
        except EngineError as error:
            self.say(str(error), "warning")
            return
        self.memory = status.memory
        self.all_runs = runs = [without_engine(run) if run.id not in status.runs else run for run in runs]
        self.runs = [run for run in runs if run.name == name or run.damaged]
        newest = {run.tuning: run.id for run in reversed(self.runs) if not run.damaged}
        for run in self.runs:
            told = run.id in self.views and view_of(run, self.views[run.id]).state == run.state
            if run.id in newest.values() and run.id not in self._followed and not told:
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
                self.show_training()
        except EngineError as error:
            self.say(str(error), "warning")
        await self._look_at_runs()
        self._followed.discard(run)  # after that look, or a story that ends at once would be told for ever

    def document_changed(self) -> None:
        """Another scenario: its runs, from the beginning."""
        self.runs, self.views, self.chosen_models = [], {}, ()
        self._followed.clear()
        self.workers.cancel_group(self, LIVE)
        self.show_training()
        self.look_at_runs()

    def show_training(self) -> None:
        """Bring training pane and first line up to date."""
        if not self.query(RunList):  # a word of the engine may come when the screen is on its way out
            return
        names = tuple(tunings_of(self.document.scenario)) if self.document else ()
        prompts = self.document.scenario.prompts if self.document else []
        known = {prompt: min(found) for prompt in prompts if (found := self.known.about(prompt).responses)}
        self.training.show(
            Training(
                tunings=names,
                runs=tuple(self.runs),
                views=dict(self.views),
                known=known,
                memory=self.memory,
                connection=self.engine.connection,
                engine=self.sentence,
            )
        )
        seen = (view_of(run, self.views.get(run.id)) for run in self.runs if not run.damaged)
        live = next((view for view in seen if view.live), None)
        if isinstance(self.app.screen, RunsScreen):
            self.app.screen.show(self.all_runs, self.views)
        self.query_one(TopLine).right = run_progress(live, self.engine.connection)

    # --- training -----------------------------------------------------------------------------------------------------

    async def action_pane(self, name: str) -> None:
        """A key of the training pane that works from everywhere."""
        await self.training.run_action(name)

    def on_training_pane_train(self, message: TrainingPane.Train) -> None:
        """Train a tuning."""
        self.in_background(partial(self._train, [message.tuning]), "train", alone=False)

    def on_training_pane_queue_all(self) -> None:
        """Train all."""
        if self.document:
            self.in_background(partial(self._train, list(tunings_of(self.document.scenario))), "train", alone=False)

    async def _train(self, tunings: list[str]) -> None:
        if (document := self.document) is None:
            return
        what = document.snapshot(), document.path, tunings, self.workspace.folder
        try:
            await self.engine.queue(await asyncio.to_thread(queue_document, *what))
        except (InputError, EngineError) as error:
            self.say(str(error), "error")
        if self.chosen_models:
            self.chosen_models += tuple(name for name in tunings if name not in self.chosen_models)
        await self._look_at_runs()

    def on_training_pane_pause(self, message: TrainingPane.Pause) -> None:
        """Hold the run."""
        self.ask_engine(self.engine.pause(message.run))

    def on_training_pane_resume(self, message: TrainingPane.Resume) -> None:
        """Let it go on."""
        self.ask_engine(self.engine.resume(message.run))

    def on_training_pane_stop(self, message: TrainingPane.Stop) -> None:
        """End it."""
        self.ask_engine(self.engine.stop(message.run))

    def on_training_pane_step_once(self, message: TrainingPane.StepOnce) -> None:
        """One step."""
        self.ask_engine(self.engine.step(message.run))

    def on_training_pane_save(self, message: TrainingPane.Save) -> None:
        """A checkpoint."""
        self.ask_engine(self.engine.save(message.run))

    def on_training_pane_set_rate(self, message: TrainingPane.SetRate) -> None:
        """Another learning rate."""
        self.ask_engine(self.engine.set_learning_rate(message.run, message.rate))

    def on_training_pane_selected(self, message: TrainingPane.Selected) -> None:
        """See the examples as this tuning sees them."""
        before = self.tuning or (next(iter(tunings_of(self.document.scenario))) if self.document else "")
        self.tuning = message.tuning
        if message.tuning != before:
            self.inspect_soon()

    def ask_engine(self, request: Awaitable[None]) -> None:
        async def ask() -> None:
            try:
                await request
            except EngineError as error:
                self.say(str(error), "error")
            await self._look_at_runs()

        self.in_background(ask(), "request", alone=False)


def without_engine(run: RunSummary) -> RunSummary:
    """A run that is not in the engine's line: what still waits there waits in vain, since its engine was killed."""
    return msgspec.structs.replace(run, state="interrupted") if run.state == "queued" else run
