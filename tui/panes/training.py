"""The training pane: the scenario's tunings, the curves of the one in hand, its figures, its answers, its warnings.

It shows a `Training` and posts what the person wants. It asks nobody anything.
"""

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from tui.curves import MOST_OVERLAID, TOO_MANY
from tui.panes.training_keys import NO_SCENARIO, TrainingKeys
from tui.plain_text import plain_text
from tui.run_words import what_to_do
from tui.state import RunView
from tui.training_state import Training, TuningRow
from tui.widgets.engine_word import EngineWord
from tui.widgets.loss_chart import LossChart
from tui.widgets.pane_title import TitledPane, pane_title, put_title
from tui.widgets.run_display import RunDisplay
from tui.widgets.run_list import RunList

LOW = 24
"""Lines, below which blank ones go."""


class TrainingPane(TrainingKeys, TitledPane):
    """It is drawn with each `show`: whoever has much to show throttles that. The chart does so by itself."""

    DEFAULT_CSS = """
    TrainingPane { layout: vertical; }
    TrainingPane RunDisplay { margin-top: 1; }
    TrainingPane.-low RunDisplay { margin-top: 0; }
    TrainingPane.-low RunList { max-height: 4; }
    """

    @dataclass
    class Selected(Message):
        """This tuning is in hand now; `run` is its newest run, or empty."""

        tuning: str
        run: str

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id, classes="pane")
        self._training = Training()
        self.rows = []
        self._words: list[str] = []
        self._overlaid: set[str] = set()

    def compose(self) -> ComposeResult:
        yield EngineWord()
        yield RunList()
        yield RunDisplay()

    def show(self, training: Training) -> None:
        """Show this from now on."""
        self.rows, self._training = training.rows(), training
        self._draw()

    def on_mount(self) -> None:
        """Begin with the empty state."""
        self._draw()

    def on_resize(self) -> None:
        """Leave out what a low pane has no room for."""
        self.set_class(self.size.height < LOW, "-low")

    def action_overlay(self) -> None:
        """Draw this tuning's curves also when another one is in hand, or no more."""
        if self.current and self.current.run:
            overlaid = self._overlaid ^ {self.current.tuning}
            if len(overlaid) > MOST_OVERLAID:
                self._say(TOO_MANY)
                return
            self._overlaid = overlaid
            self._draw()
        else:
            self._say("There are no curves to draw yet. t trains the tuning in hand.")

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

    # --- drawing ------------------------------------------------------------------------------------------------------

    def retitle(self) -> None:
        """The key and the name of the pane, and its facts."""
        put_title(self, pane_title(self, "training", Content("exact match in %" if self.rows else "")))

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        self.retitle()
        runs = self.query_one(RunList)
        runs.show(self.rows, self._overlaid, self._training.in_hand)
        runs.display = bool(self.rows)
        row = self.current
        view = row.view if row and row.run else RunView()
        self.query_one(EngineWord).show(self._training.connection, self._training.engine)
        drawn = {other.tuning: other.view for other in self.rows if other.run and other.tuning in self._overlaid}
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
        words = [self.word_of(action, action) for action in ("train", "hold", "step", "stop")]
        if words != self._words:  # a key means something else now; not so after most steps
            self._words = words
            self.refresh_bindings()

    def _advice(self, view: RunView) -> str:
        held = next((row.tuning for row in self.rows if row.view.state == "paused"), "")
        if view.state == "queued" and held:
            return f"{held} is paused and keeps its place: space lets it go on."
        return what_to_do(view)

    def _empty(self, row: TuningRow | None) -> str:
        if row is None:
            return NO_SCENARIO
        if not row.run:
            several = len(self.rows) > 1
            return f"Press t to train {plain_text(row.tuning)}, T to train all." if several else "Press t to train it."
        return (
            "No step was done." if row.view.state in ("failed", "stopped") else "The curves begin with the first step."
        )
