"""The training pane: the scenario's tunings, the curves of the one in hand, its figures, its answers, its warnings.

It shows a `Training` and posts what the person wants. It asks nobody anything.
"""

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static

from tui.plain_text import plain_text
from tui.run_words import COLOURS, what_to_do
from tui.state import RunView
from tui.training_state import Training, TuningRow
from tui.widgets.loss_chart import LossChart
from tui.widgets.prompt_table import PromptTable
from tui.widgets.rate_line import RateLine
from tui.widgets.run_figures import RunFigures
from tui.widgets.run_list import RunList
from tui.widgets.throttle import Throttle

UPDATE_SECONDS = 0.1
NOTICES = 3
"""Warnings and errors shown at a time, the newest."""


class TrainingPane(Vertical):
    """`show` takes new data as often as one likes; the pane is drawn ten times a second at most."""

    DEFAULT_CSS = """
    TrainingPane { layout: vertical; }
    TrainingPane #engine-word { height: auto; color: $warning; }
    TrainingPane #run-word { height: auto; }
    TrainingPane LossChart { margin-top: 1; }
    TrainingPane #prompts { height: auto; max-height: 38%; margin-top: 1; scrollbar-size-vertical: 1; }
    TrainingPane #notices { height: auto; max-height: 6; }
    TrainingPane.-low LossChart, TrainingPane.-low #prompts { margin-top: 0; }
    TrainingPane.-low #prompts { max-height: 3; }
    TrainingPane.-bare #prompts, TrainingPane.-bare RunFigures { display: none; }
    """
    BINDINGS = [
        Binding("t", "train", "Train", id="training.train", tooltip="Train the tuning in hand, as a new run."),
        Binding("space", "hold", "Pause/go on", id="training.hold", tooltip="Pause the run, or let it go on."),
        Binding("full_stop", "step", "Step", id="training.step", show=False, tooltip="Let a paused run do one step."),
        Binding("s", "stop", "Stop", id="training.stop", tooltip="End the run for good, saved. Asks once more."),
        Binding("l", "rate", "Rate", id="training.rate", show=False, tooltip="Change the learning rate of a run."),
        Binding("a", "all", "Train all", id="training.all", show=False, tooltip="Train every tuning, one by one."),
        Binding("w", "save", "Save", id="training.save", show=False, tooltip="Write a checkpoint now."),
        Binding("x", "overlay", "Overlay", id="training.overlay", show=False, tooltip="Draw its curves with the others."),
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
        self.border_title = "Training"
        self._training = Training()
        self._rows: list[TuningRow] = []
        self._overlaid: set[str] = set()
        self._to_stop = ""
        """The run that one more `s` ends."""
        self.throttle = Throttle(self, UPDATE_SECONDS, self._draw)

    def compose(self) -> ComposeResult:
        yield Static("", id="engine-word", markup=False)
        yield RunList()
        yield LossChart()
        yield RunFigures(markup=False)
        yield Static("", id="run-word", markup=False)
        yield RateLine()
        with VerticalScroll(id="prompts", can_focus=False):
            yield PromptTable(markup=False)
        yield Static("", id="notices", markup=False)

    def show(self, training: Training) -> None:
        """Show this from now on."""
        other = training.tunings != self._training.tunings
        self._training = training
        self.throttle.now() if other else self.throttle.ask()

    def on_mount(self) -> None:
        """Begin with the empty state."""
        self._draw()

    def on_resize(self) -> None:
        """Leave out what a low pane has no room for."""
        self.set_class(self.size.height < 22, "-low")
        self.set_class(self.size.height < 11, "-bare")

    @property
    def current(self) -> TuningRow | None:
        """The tuning in hand."""
        return self.query_one(RunList).current

    # --- what the person wants ----------------------------------------------------------------------------------------

    def action_train(self) -> None:
        """Train the tuning in hand."""
        if self.current:
            self.post_message(self.Train(self.current.tuning))

    def action_all(self) -> None:
        """Train all."""
        if self._rows:
            self.post_message(self.QueueAll())

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
            self._say("Single steps are for a paused run. space pauses it.")

    def action_stop(self) -> None:
        """Ask first, then stop."""
        row = self._at_work("running", "paused", "queued", "interrupted")
        if row is None:
            self._say("Nothing goes on that could be stopped.")
        elif self._to_stop == row.run:
            self._to_stop = ""
            self.post_message(self.Stop(row.run))
        else:
            self._to_stop = row.run
        self._draw()

    def action_rate(self) -> None:
        """Ask for a learning rate."""
        if row := self._at_work("running", "paused"):
            self.query_one(RateLine).open(row.run, row.view.learning_rate)
        else:
            self._say("The learning rate can be changed while a run goes on.")

    def action_save(self) -> None:
        """Save now."""
        if row := self._at_work("running", "paused"):
            self.post_message(self.Save(row.run))
        else:
            self._say("There is no run at work that could be saved.")

    def action_overlay(self) -> None:
        """Draw this tuning's curves also when another one is in hand, or no more."""
        if self.current and self.current.run:
            self._overlaid ^= {self.current.tuning}
            self._draw()

    def _at_work(self, *states: str) -> TuningRow | None:
        """The row in hand if its run is in one of these states, else the first that is; none where the engine is gone."""
        rows = [self.current, *self._rows] if self.current else []
        return next((row for row in rows if row.run and row.view.state in states), None)

    def _say(self, text: str) -> None:
        self.app.notify(text, markup=False)

    # --- what its parts tell ------------------------------------------------------------------------------------------

    @on(OptionList.OptionHighlighted)
    def _another_in_hand(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._to_stop = ""
        if self.current:
            self.post_message(self.Selected(self.current.tuning, self.current.run))
        self._draw()

    @on(OptionList.OptionSelected)
    def _to_the_chart(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.query_one(LossChart).focus()

    @on(LossChart.Changed)
    def _chart_changed(self, event: LossChart.Changed) -> None:
        event.stop()
        self.border_subtitle = event.facts

    @on(RateLine.Given)
    def _rate_given(self, event: RateLine.Given) -> None:
        event.stop()
        self.post_message(self.SetRate(event.run, event.rate))

    @on(RateLine.Closed)
    def _rate_closed(self, event: RateLine.Closed) -> None:
        event.stop()
        self.query_one(RunList).focus()

    # --- drawing ------------------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        self._rows = self._training.rows()
        runs = self.query_one(RunList)
        runs.show(self._rows, self._overlaid)
        runs.display = bool(self._rows)
        row = self.current
        view = row.view if row and row.run else RunView()
        self._word("#engine-word", self._engine_word())
        self._word("#run-word", self._run_word(view))
        self.query_one(RunFigures).show(view, self._training.memory)
        self.query_one(PromptTable).show(view, self._training.known)
        self.query_one("#prompts").display = any(found.answers for found in view.evaluations)
        self._word("#notices", notices(view))
        drawn = {other.tuning: other.view for other in self._rows if other.run and other.tuning in self._overlaid}
        if row and row.run:
            drawn.setdefault(row.tuning, row.view)
        chart = self.query_one(LossChart)
        chart.show(drawn, empty=self._empty(row))
        self.border_subtitle = chart.facts

    def _word(self, place: str, text: Content) -> None:
        word = self.query_one(place, Static)
        if word.content != text:
            word.update(text)
        word.display = bool(text)

    def _engine_word(self) -> Content:
        if self._training.connection == "connected":
            return Content("")
        sign = "…" if self._training.connection == "connecting" else "✗"
        return Content(f"{sign} {plain_text(self._training.engine or 'The engine starts.')}")

    def _run_word(self, view: RunView) -> Content:
        if self._to_stop and self._to_stop == view.run:
            return Content.styled("Press s again to stop it for good. Any other place keeps it going.", "bold $warning")
        return Content.styled(what_to_do(view) if view.run else "", COLOURS[view.state])

    def _empty(self, row: TuningRow | None) -> str:
        if row is None:
            return "No scenario is open. Press o to open one."
        if not row.run:
            return f"Press t to train {plain_text(row.tuning)}, a to train all."
        return "The curves begin with the first step."


def notices(view: RunView) -> Content:
    """The newest warnings and errors of a run, each with what to do."""
    lines = []
    for notice in view.notices[-NOTICES:]:
        sign, colour = ("✗", "$error") if notice.kind == "error" else ("!", "$warning")
        lines.append(Content.assemble((sign, f"bold {colour}"), " ", plain_text(notice.message)))
        if notice.hint:
            lines.append(Content.styled(f"  → {plain_text(notice.hint)}", "dim"))
    return Content("\n").join(lines)
