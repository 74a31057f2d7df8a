"""The training pane: the scenario's tunings, the curves of the one in hand, its figures, its answers, its warnings.

It shows a `Training` and posts what the person wants. It asks nobody anything.
"""

import math
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from tui.plain_text import plain_text
from tui.run_words import what_to_do
from tui.screens.choice import Answer, ChoiceScreen
from tui.screens.line_prompt import LinePrompt
from tui.settings import settings_of
from tui.state import RunView
from tui.training_state import Training, TuningRow
from tui.widgets.loss_chart import LossChart
from tui.widgets.pane_title import pane_title
from tui.widgets.quiet_static import QuietStatic
from tui.widgets.run_display import RunDisplay
from tui.widgets.run_list import RunList
from tui.widgets.throttle import Throttle

NO_SCENARIO = "No scenario is open. Press o to open one."

LOW = 24
"""Lines, below which blank ones go."""


class TrainingPane(Vertical):
    """`show` takes new data as often as one likes; the pane is drawn as often as the settings say."""

    DEFAULT_CSS = """
    TrainingPane { layout: vertical; }
    TrainingPane #engine-word { height: auto; color: $warning; }
    TrainingPane RunDisplay { margin-top: 1; }
    TrainingPane.-low RunDisplay { margin-top: 0; }
    TrainingPane.-low RunList { max-height: 4; }
    """
    BINDINGS = [
        Binding("t", "train", "Train", id="training.train", tooltip="Train the tuning in hand, as a new run."),
        Binding("space", "hold", "Pause/go on", id="training.hold", tooltip="Pause the run, or let it go on."),
        Binding("full_stop", "step", "Step", id="training.step", show=False, tooltip="Let a paused run do one step."),
        Binding("s", "stop", "Stop", id="training.stop", tooltip="End the run for good, saved. Asks once more."),
        Binding("l", "rate", "Rate", id="training.rate", show=False, tooltip="Change the learning rate of a run."),
        Binding("a", "all", "Train all", id="training.all", show=False, tooltip="Train every tuning, one by one."),
        Binding("w", "save", "Save", id="training.save", show=False, tooltip="Write a checkpoint now."),
        Binding(
            "x", "overlay", "Overlay", id="training.overlay", show=False, tooltip="Draw its curves with the others."
        ),
    ]

    @dataclass
    class Train(Message):
        """Train this tuning as a new run."""

        tuning: str

    class QueueAll(Message):
        """Train all tunings, one after the other."""

    @dataclass
    class OfRun(Message):
        """Something is wanted of a run."""

        run: str

    class Pause(OfRun):
        """Hold it after its step."""

    class Resume(OfRun):
        """Let a paused or interrupted run go on."""

    class Stop(OfRun):
        """End it for good. The person was asked."""

    class StepOnce(OfRun):
        """Let a paused run do one step."""

    class Save(OfRun):
        """Write a checkpoint now."""

    @dataclass
    class SetRate(OfRun):
        """Train on with this learning rate."""

        rate: float

    @dataclass
    class Selected(Message):
        """This tuning is in hand now; `run` is its newest run, or empty."""

        tuning: str
        run: str

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id, classes="pane")
        self._training = Training()
        self._rows: list[TuningRow] = []
        self._overlaid: set[str] = set()
        self.throttle = Throttle(self, 0.1, self._draw)

    def compose(self) -> ComposeResult:
        yield QuietStatic(id="engine-word")
        yield RunList()
        yield RunDisplay()

    def show(self, training: Training) -> None:
        """Show this from now on."""
        other = training.tunings != self._training.tunings
        self._training = training
        self.throttle.seconds = 1 / settings_of(self.app).updates
        self.throttle.now() if other else self.throttle.ask()

    def on_mount(self) -> None:
        """Begin with the empty state."""
        self._draw()

    def on_resize(self) -> None:
        """Leave out what a low pane has no room for."""
        self.set_class(self.size.height < LOW, "-low")
        self._retitle()

    @property
    def current(self) -> TuningRow | None:
        """The tuning in hand."""
        return self.query_one(RunList).current

    # --- what the person wants ----------------------------------------------------------------------------------------

    def action_train(self) -> None:
        """Train the tuning in hand."""
        if self.current:
            self.post_message(self.Train(self.current.tuning))
        else:
            self._say(NO_SCENARIO)

    def action_all(self) -> None:
        """Train all."""
        if self._rows:
            self.post_message(self.QueueAll())
        else:
            self._say(NO_SCENARIO)

    def action_hold(self) -> None:
        """Pause or go on."""
        row = self._at_work("running", "paused", "interrupted")
        if row is None:
            self._say("Nothing goes on that could be paused. t trains the tuning in hand.")
        elif row.view.state == "running":
            self.post_message(self.Pause(row.run))
        else:
            self.post_message(self.Resume(row.run))

    def action_step(self) -> None:
        """One step."""
        if row := self._at_work("paused"):
            self.post_message(self.StepOnce(row.run))
        else:
            at_work = self._at_work("running")
            way = f"space pauses {at_work.tuning}" if at_work else "t trains the tuning in hand, space pauses it"
            self._say(f"Single steps are for a paused run: {way}.")

    def action_stop(self) -> None:
        """Ask first, then stop."""
        row = self._at_work("running", "paused", "queued", "interrupted")
        if row is None:
            self._say("Nothing goes on that could be stopped. t trains the tuning in hand.")
            return
        stop = self.Stop(row.run)

        def answered(value: str | None) -> None:
            if value == "stop":
                self.post_message(stop)

        text = "It is saved as it is and answers prompts, but cannot go on. To let it go on later, pause it."
        if row.view.state == "queued":
            text = "It leaves the line. It has learnt nothing yet."
        answers = [Answer("s", "Stop it", "stop"), Answer("k", "Keep it going", "keep")]
        self.app.push_screen(ChoiceScreen(f"Stop {row.tuning} for good?", text, answers), answered)

    def action_rate(self) -> None:
        """Ask for a learning rate."""
        row = self._at_work("running", "paused")
        if row is None:
            self._say("The learning rate can be changed while a run goes on. t trains the tuning in hand.")
            return
        run, rate = row.run, row.view.learning_rate

        def answered(value: str | None) -> None:
            if value is not None:
                self.post_message(self.SetRate(run, float(value)))

        text = "It takes the place of the tuning's own rate from the next step on; the schedule keeps its shape."
        if rate:
            text += f" The schedule has it at {rate:.3g} now."
        self.app.push_screen(LinePrompt(f"Learning rate of {row.tuning}", text, wrong=wrong_rate), answered)

    def action_save(self) -> None:
        """Save now."""
        if row := self._at_work("running", "paused"):
            self.post_message(self.Save(row.run))
        else:
            self._say("No run is at work that could be saved; one that has ended is saved already.")

    def action_overlay(self) -> None:
        """Draw this tuning's curves also when another one is in hand, or no more."""
        if self.current and self.current.run:
            self._overlaid ^= {self.current.tuning}
            self._draw()
        else:
            self._say("There are no curves to draw yet. t trains the tuning in hand.")

    def _at_work(self, *states: str) -> TuningRow | None:
        """The row in hand if its run is in one of these states, else the first that is."""
        rows = [self.current, *self._rows] if self.current else []
        return next((row for row in rows if row.run and row.view.state in states), None)

    def _say(self, text: str) -> None:
        self.app.notify(text, markup=False)

    # --- what its parts tell ------------------------------------------------------------------------------------------

    @on(OptionList.OptionHighlighted)
    def _another_in_hand(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if self.current:
            self.post_message(self.Selected(self.current.tuning, self.current.run))
        self._draw()

    @on(OptionList.OptionSelected)
    def _to_the_chart(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.query_one(LossChart).focus()

    def on_descendant_focus(self) -> None:
        """The title's line has the colour of the border."""
        self._retitle()

    def on_descendant_blur(self) -> None:
        """The title's line has the colour of the border."""
        self._retitle()

    def _retitle(self) -> None:
        self.border_title = pane_title(self, "training", Content("exact match in %" if self._rows else ""))

    @on(LossChart.Changed)
    def _chart_changed(self, event: LossChart.Changed) -> None:
        self.border_subtitle = event.facts

    # --- drawing ------------------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        self._rows = self._training.rows()
        self._retitle()
        runs = self.query_one(RunList)
        runs.show(self._rows, self._overlaid, self._training.in_hand)
        runs.display = bool(self._rows)
        row = self.current
        view = row.view if row and row.run else RunView()
        word = self.query_one("#engine-word", QuietStatic)
        word.show_text(self._engine_word())
        word.display = self._training.connection != "connected"
        drawn = {other.tuning: other.view for other in self._rows if other.run and other.tuning in self._overlaid}
        if row and row.run:
            drawn.setdefault(row.tuning, row.view)
        display = self.query_one(RunDisplay)
        training = self._training
        display.show(
            view,
            drawn=drawn,
            known=training.known,
            memory=training.memory,
            advice=self._advice(view),
            empty=self._empty(row),
        )
        self.border_subtitle = self.query_one(LossChart).facts if drawn else None

    def _advice(self, view: RunView) -> str:
        held = next((row.tuning for row in self._rows if row.view.state == "paused"), "")
        if view.state == "queued" and held:
            return f"{held} is paused and keeps its place: space lets it go on."
        return what_to_do(view)

    def _engine_word(self) -> Content:
        sign = "…" if self._training.connection == "connecting" else "✗"
        return Content(f"{sign} {plain_text(self._training.engine or 'The engine starts.')}")

    def _empty(self, row: TuningRow | None) -> str:
        if row is None:
            return NO_SCENARIO
        if not row.run:
            return f"Press t to train {plain_text(row.tuning)}, T to train all."
        return (
            "No step was done." if row.view.state in ("failed", "stopped") else "The curves begin with the first step."
        )


def wrong_rate(text: str) -> str:
    """What is wrong with a learning rate that was typed; empty if nothing is."""
    try:
        right = 0 < float(text) < math.inf
    except ValueError:
        right = False
    return "" if right else "✗ It must be a number above 0, such as 0.001."
