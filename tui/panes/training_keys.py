"""What a person wants of the tuning in hand and its run: keys that ask where something would be lost, and post it."""

import math
from dataclasses import dataclass

from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message

from tui.run_wishes import HOLD, OfRun, Pause, Resume
from tui.screens.choice import Answer, ChoiceScreen
from tui.screens.line_prompt import LinePrompt
from tui.training_state import TuningRow
from tui.widgets.run_list import RunList

NO_SCENARIO = "No scenario is open. Press o to open one."


class TrainingKeys(Vertical):
    """The part of the training pane that is operated."""

    BINDINGS = [
        Binding("t", "train", "Train", id="training.train", tooltip="Train the tuning in hand, as a new run."),
        Binding("space", "hold", "Pause/go on", id="training.hold", tooltip="Pause the run, or let it go on."),
        Binding("full_stop", "step", "Step", id="training.step", tooltip="Let a paused run do one step."),
        Binding("s", "stop", "Stop", id="training.stop", tooltip="End the run for good, saved. Asks once more."),
        Binding("l", "rate", "Rate", id="training.rate", show=False, tooltip="Change the learning rate of a run."),
        Binding("a", "all", "Train all", id="training.all", show=False, tooltip="Train every tuning, one by one."),
        Binding("w", "save", "Save", id="training.save", show=False, tooltip="Write a checkpoint now."),
        Binding(
            "x", "overlay", "Overlay", id="training.overlay", show=False, tooltip="Draw its curves with the others."
        ),
    ]

    @dataclass
    class Train(Message, namespace="training_pane"):
        """Train this tuning as a new run."""

        tuning: str

    class QueueAll(Message, namespace="training_pane"):
        """Train all tunings, one after the other."""

    class Stop(OfRun, namespace="training_pane"):
        """End it for good. The person was asked."""

    class StepOnce(OfRun, namespace="training_pane"):
        """Let a paused run do one step."""

    class Save(OfRun, namespace="training_pane"):
        """Write a checkpoint now."""

    @dataclass
    class SetRate(OfRun, namespace="training_pane"):
        """Train on with this learning rate."""

        rate: float

    rows: list[TuningRow]
    """The tunings that are shown."""

    @property
    def current(self) -> TuningRow | None:
        """The tuning in hand."""
        return self.query_one(RunList).current

    def key_word(self, binding: Binding) -> str:
        """What a key does at this moment."""
        return self.word_of(binding.action, binding.description)

    def word_of(self, action: str, otherwise: str) -> str:
        """What one of the actions does at this moment, in a word; empty: nothing."""
        match action:
            case "train" | "all":
                return otherwise if self.rows else ""
            case "hold":
                row = self._to_hold()
                return HOLD[row.view.state] if row else ""
            case "step":
                return otherwise if self._at_work("paused") else ""
            case "stop":
                return otherwise if self._at_work("running", "paused", "queued", "interrupted") else ""
        return otherwise

    def action_train(self) -> None:
        """Train the tuning in hand."""
        if self.current:
            self.post_message(self.Train(self.current.tuning))
        else:
            self._say(NO_SCENARIO)

    def action_all(self) -> None:
        """Train all."""
        if self.rows:
            self.post_message(self.QueueAll())
        else:
            self._say(NO_SCENARIO)

    def action_hold(self) -> None:
        """Pause, take out of the line, or go on."""
        row = self._to_hold()
        if row is None:
            self._say("Nothing goes on that could be paused. t trains the tuning in hand.")
        elif row.view.state in ("running", "queued"):
            self.post_message(Pause(row.run))
        else:
            self.post_message(Resume(row.run))

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

    def _to_hold(self) -> TuningRow | None:
        """One that waits is meant only where no other could be."""
        return self._at_work("running", "paused", "interrupted") or self._at_work("queued")

    def _at_work(self, *states: str) -> TuningRow | None:
        """The row in hand if its run is in one of these states, else the first that is."""
        rows = [self.current, *self.rows] if self.current else []
        return next((row for row in rows if row.run and row.view.state in states), None)

    def _say(self, text: str) -> None:
        self.app.notify(text, markup=False)


def wrong_rate(text: str) -> str:
    """What is wrong with a learning rate that was typed; empty if nothing is."""
    try:
        right = 0 < float(text) < math.inf
    except ValueError:
        right = False
    return "" if right else "✗ It must be a number above 0, such as 0.001."
