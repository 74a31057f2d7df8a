"""Asking and comparing on the main screen: prompts become requests, tokens become what the console shows."""

import asyncio
from functools import partial
from typing import Any

from textual.binding import Binding
from textual.worker import Worker

from engine.errors import EngineError
from engine.examples import Example
from engine.matrix import AskedQuestion, Group, Matrix
from engine.requests import RunSummary, StreamedToken
from engine.scenario import tunings_of
from tui.exchange import AskableModel
from tui.known_answers import KnownAnswers
from tui.panes.coming_answers import ComingAnswers
from tui.panes.console import ConsolePane
from tui.screens.engine_actions import LIVE
from tui.screens.example_form import ExampleForm
from tui.screens.training_actions import TrainingActions
from tui.training_state import at_work
from tui.widgets.last_answer import LastAnswer


class AskingActions(TrainingActions):
    """The part of the main screen that asks models."""

    BINDINGS = [
        Binding("c", "compare", "Compare", id="models.compare", tooltip="Compare the models, task by task."),
    ]

    def key_word(self, binding: Binding) -> str:
        """What a key does at this moment: without models there is nothing to compare."""
        return super().key_word(binding) if binding.action != "compare" or self.models(saved=True) else ""

    def __init__(self) -> None:
        super().__init__()
        self._asking: dict[int, Worker[Any]] = {}
        self._can_compare = False

    @property
    def console_pane(self) -> ConsolePane:
        """The console."""
        return self.query_one(ConsolePane)

    def connection_changed(self, gone: str) -> None:
        """Say why nothing can be asked."""
        self.console_pane.set_connection(gone)

    def models(self, *, saved: bool = False) -> list[AskableModel]:
        """The base and the newest run of each tuning that can answer, in the order of the scenario.

        With `saved` only those with a checkpoint: others can be asked while they are trained, and not compared.
        """
        document = self.document
        if document is None:
            return []
        base = document.scenario.base
        found = [AskableModel(f"base:{self._base(base)}", "base")] if base else []
        newest = {run.tuning: run for run in reversed(self.runs) if run.saved or (_can_answer(run) and not saved)}
        names = dict.fromkeys((*tunings_of(document.scenario), *newest))
        return found + [AskableModel(newest[name].id, name) for name in names if name in newest]

    def _base(self, name: str) -> str:
        """A base as the engine calls it: a folder by its full path."""
        folder = self.document.path.parent / name if self.document else None
        return str(folder.absolute()) if folder and folder.is_dir() else name

    def show_models(self) -> None:
        models = self.models()
        if self._can_compare != (can := bool(self.models(saved=True))):
            self._can_compare = can
            self.refresh_bindings()
        names = self.chosen_models or tuple(model.name for model in models)
        self.console_pane.set_models(models, [model.ref for model in models if model.name in names])

    def on_console_pane_chosen(self, message: ConsolePane.Chosen) -> None:
        """Ask these models from now on."""
        self.chosen_models = tuple(model.name for model in self.models() if model.ref in message.models)

    def on_console_pane_ask(self, message: ConsolePane.Ask) -> None:
        """Ask, and show the answers as they come."""
        self._asking[message.number] = self.in_background(partial(self._ask, message), LIVE, alone=False)

    def on_console_pane_cancel(self, message: ConsolePane.Cancel) -> None:
        """Wait no longer."""
        if worker := self._asking.pop(message.number, None):
            worker.cancel()

    async def _ask(self, message: ConsolePane.Ask) -> None:
        pane, number, settings = self.console_pane, message.number, message.settings
        try:
            async for heard in self.engine.ask(
                message.models,
                message.prompt,
                temperature=settings.temperature,
                top_k=settings.top_k,
                top_p=settings.top_p,
                seed=settings.seed,
                length=settings.length,
            ):
                if isinstance(heard, StreamedToken):
                    pane.add_token(number, heard.model, heard.token)
                else:
                    pane.add_answer(number, heard.model, heard.answer, heard.error)
        except EngineError as error:
            pane.end(number, error=str(error))
        else:
            pane.end(number)
        self._asking.pop(number, None)

    def on_coming_answers_answered(self, message: ComingAnswers.Answered) -> None:
        """Keep the last answer in sight where the console is not."""
        self.query_one(LastAnswer).exchange = message.exchange

    def on_console_pane_add_example(self, message: ConsolePane.AddExample) -> None:
        """Let the answer be corrected, and add it."""
        if (document := self.examples.ready()) is None:
            return

        def typed(example: Example | None) -> None:
            if example is not None:
                self.examples.insert([example])

        title = "New example from the console"
        ExampleForm(message.example, document.tasks(), title, typed, proposed=True).open_on(self.app)

    # --- comparing ----------------------------------------------------------------------------------------------------

    def action_compare(self) -> None:
        """Compare the base and the newest run of each tuning."""
        if self.document is None:
            return
        models = [model.ref for model in self.models(saved=True)]
        if not models:
            way = "w in the training saves the one that is trained" if self.models() else "t trains one"
            self.say(f"There is no model to compare yet: {way}.")
            return
        from tui.screens.compare import CompareScreen  # the first frame does not wait for it

        matrix, answers = partial(self._matrix, models), partial(self._answers_of_cell, models)
        self.app.push_screen(CompareScreen(matrix, answers, title=self.document.scenario.title))

    async def _matrix(self, models: list[str]) -> Matrix:
        document = self.document
        if document is None:
            raise EngineError("No scenario is open.")
        return await self.engine.compare(models, scenario=document.scenario, folder=document.path.parent)

    async def _answers_of_cell(self, models: list[str], group: Group, task: str) -> list[AskedQuestion]:
        document = self.document
        if document is None:
            raise EngineError("No scenario is open.")
        where = document.path.parent
        return await self.engine.answers_of_cell(models, group, task, scenario=document.scenario, folder=where)

    # --- looking at the examples --------------------------------------------------------------------------------------

    async def know_answers(self, rows: list[Example]) -> None:
        """Let the console complete prompts by the examples, and judge answers by them and by the rules of tasks."""
        tasks = self.document.scenario.tasks if self.document else {}
        self.known = await asyncio.to_thread(KnownAnswers, rows, tasks)
        self.console_pane.set_known(self.known)
        self.show_training()


def _can_answer(run: RunSummary) -> bool:
    """Whether a run answers that has no checkpoint: one that is trained does, by its weights of the moment."""
    return at_work(run) and run.step > 0
