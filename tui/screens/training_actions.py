"""Training on the main screen: what the training pane wants becomes requests to the engine."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from textual.binding import Binding

from engine.errors import EngineError, InputError
from engine.queue_document import queue_document
from engine.scenario import tunings_of
from tui.panes.training import TrainingPane
from tui.screens.engine_actions import EngineActions

T = TypeVar("T")


class TrainingActions(EngineActions):
    """The part of the main screen that lets the engine train."""

    BINDINGS = [
        Binding("t", "pane('train')", "Train", id="run.train", tooltip="Train the chosen tuning, with your edits."),
        Binding("space", "pane('hold')", "Pause", id="run.hold", tooltip="Pause the run, or let it go on."),
        Binding("T", "pane('all')", "Train all", id="run.all", show=False, tooltip="Train every tuning."),
    ]

    def key_word(self, binding: Binding) -> str:
        """What a key does at this moment."""
        name = binding.action.removeprefix("pane('").removesuffix("')")
        return self.training.word_of(name, binding.description) if name != binding.action else binding.description

    chosen_models: tuple[str, ...] = ()
    """Names of the models that the console asks; empty: all."""

    async def action_pane(self, name: str) -> None:
        """A key of the training pane that works from everywhere."""
        await self.training.run_action(name)

    def document_changed(self) -> None:
        """Another scenario has other models."""
        self.chosen_models = ()
        super().document_changed()

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
        else:
            self._say_what_is_before(tunings)
        if self.chosen_models:
            self.chosen_models += tuple(name for name in tunings if name not in self.chosen_models)
        await self._look_at_runs()

    def _say_what_is_before(self, tunings: list[str]) -> None:
        """One run is trained at a time; a paused one keeps its place."""
        before = next((run for run in self.all_runs if run.state in ("running", "paused")), None)
        if before:
            named = f"{before.tuning} of {before.name}" if before not in self.runs else before.tuning
            held = ", which is paused: space lets it go on" if before.state == "paused" else ""
            self.say(f"{' and '.join(tunings)}: in line behind {named}{held}.")

    def on_training_pane_stop(self, message: TrainingPane.Stop) -> None:
        """End it."""
        self.ask_engine(self.engine.stop(message.run))

    def on_training_pane_step_once(self, message: TrainingPane.StepOnce) -> None:
        """One step."""
        self.ask_engine(self.engine.step(message.run))

    def on_training_pane_save(self, message: TrainingPane.Save) -> None:
        """A checkpoint."""
        name = self._tuning_of(message.run)
        self.ask_engine(self.engine.save(message.run), lambda step: f"{name} is saved as it is after step {step:,}.")

    def on_training_pane_set_rate(self, message: TrainingPane.SetRate) -> None:
        """Another learning rate."""
        said = f"{self._tuning_of(message.run)} trains on with a learning rate of {message.rate:g}."
        self.ask_engine(self.engine.set_learning_rate(message.run, message.rate), lambda _: said)

    def on_training_pane_selected(self, message: TrainingPane.Selected) -> None:
        """See the examples as this tuning sees them."""
        before = self.tuning or (next(iter(tunings_of(self.document.scenario))) if self.document else "")
        self.tuning = message.tuning
        if message.tuning != before:
            self.inspect_soon()

    def ask_engine(self, request: Awaitable[T], done: Callable[[T], str] = lambda answer: "") -> None:
        """Ask for something, say that it is `done` or why not, and see what has become of the runs."""

        async def ask() -> None:
            try:
                answer = await request
            except (InputError, EngineError) as error:
                self.say(str(error), "error")
            else:
                if text := done(answer):
                    self.say(text)
            await self._look_at_runs()

        self.in_background(ask(), "request", alone=False)

    def _tuning_of(self, run: str) -> str:
        return next((each.tuning for each in self.runs if each.id == run), run)
