"""All runs of the workspace: found, read about, drawn together, named, exported, removed, gone on with, replayed.

The list comes from whoever opened the screen (`show`).
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from engine.requests import Connection, RunSummary
from engine.run_label import RunLabel
from engine.workspace import Workspace
from tui.curves import MOST_OVERLAID, TOO_MANY
from tui.plain_text import plain_text
from tui.screens.run_in_hand import RunInHand, called
from tui.state import RunView
from tui.training_state import view_of
from tui.widgets.engine_word import EngineWord
from tui.widgets.key_line import KeyLine
from tui.widgets.loss_chart import LossChart
from tui.widgets.run_details import RunDetails
from tui.widgets.run_table import RunTable
from tui.widgets.search_line import SearchLine

WIDE = 100
"""Columns, from which on list and details stand beside each other."""

FIRST = {"running": 2, "paused": 2, "queued": 1}
"""How a run stands -> how far above the others it is listed."""


class RunsScreen(RunInHand):
    """A list on the left, the run in hand on the right; one above the other on a narrow terminal."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-high")]
    BINDINGS: ClassVar = [
        Binding("escape,r", "leave", "Back", id="runs.back", tooltip="Go back; from a search to the whole list."),
        Binding("slash", "search", "Find", id="runs.find", tooltip="Show the runs whose words have this text."),
        Binding("space", "hold", "Pause", id="runs.hold", tooltip="Pause a run, or one that waits; let it go on."),
        Binding("p", "replay", "Replay", id="runs.replay", tooltip="Play what happened once more."),
        Binding("x", "overlay", "Overlay", id="runs.overlay", tooltip="Draw its curves with the others, or no more."),
        Binding("d", "details", "Details", id="runs.details", tooltip="Curves, facts, or the scenario as it was run."),
        Binding("delete,D", "remove", "Remove", id="runs.remove", tooltip="Remove the run and its model. Asks first."),
        Binding("n", "rename", "Name", id="runs.rename", tooltip="Give the run a name."),
        Binding("i", "note", "Note", id="runs.note", tooltip="Write a note about the run."),
        Binding("e", "export", "Export", id="runs.export", tooltip="Write its model for use elsewhere."),
    ]

    def __init__(self, workspace: Workspace, runs: Sequence[RunSummary] = ()) -> None:
        """The runs of a workspace, as far as they are known by now."""
        super().__init__(workspace)
        self._runs = list(runs)
        self._live: Mapping[str, RunView] = {}
        self._engine: tuple[Connection, str] = ("connected", "")
        self._state: tuple[object, ...] | None = None
        """How it stands with the run in hand, as the keys are worded for it, whether it is damaged and has a model."""
        self._chosen: list[str] = []

    def compose(self) -> ComposeResult:
        yield EngineWord()
        with Horizontal(id="all-runs"):
            with Vertical(id="run-list", classes="pane"):
                yield SearchLine("a name, a tuning, a scenario, a state …", "run-search")
                yield Static("", id="run-columns", markup=False)
                yield RunTable()
                yield Static("", id="no-runs", markup=False)
            yield RunDetails(id="run-in-hand", classes="pane")
        yield KeyLine()

    def on_mount(self) -> None:
        """Show what is known, the list in focus."""
        self.query_one(SearchLine).display = False
        self.query_one("#run-list").border_title = "Runs"
        self.query_one(RunTable).focus()
        self.query_one(EngineWord).show(*self._engine)
        self._draw()

    def show(self, runs: Sequence[RunSummary], live: Mapping[str, RunView] | None = None) -> None:
        """Show this list from now on; `live` are the views of runs that are listened to."""
        self._runs, self._live = list(runs), live or {}
        if self.is_mounted:
            self._draw()

    def show_engine(self, connection: Connection, sentence: str) -> None:
        """Say how it stands with the engine, as the main screen does."""
        self._engine = connection, sentence
        if self.is_mounted:
            self.query_one(EngineWord).show(connection, sentence)

    def on_resize(self) -> None:
        """Write the columns for the new width; page through the details where there is little room."""
        self.query_one(RunDetails).set_class(self.size.width < WIDE, "-paged")
        self.call_after_refresh(self._write_columns)

    def key_word(self, binding: Binding) -> str:
        """What a key does at this moment."""
        searching = self.query_one("#run-search").has_focus
        return super().key_word(binding) if binding.action != "search" or (self._runs and not searching) else ""

    # --- keys ---------------------------------------------------------------------------------------------------------

    def action_leave(self) -> None:
        """From the search to the list, from the list to where one came from."""
        search = self.query_one(SearchLine)
        if search.display:
            self.query_one("#run-search", Input).value = ""
            search.display = False
            self.query_one(RunTable).focus()
        else:
            self.dismiss()

    def action_search(self) -> None:
        """Ask for words."""
        self.query_one(SearchLine).display = True
        self.query_one("#run-search").focus()

    def action_overlay(self) -> None:
        """Draw it with the others."""
        if self.current and not self.current.damaged:
            run = self.current.id
            chosen = [other for other in self._chosen if other != run] + [run] * (run not in self._chosen)
            if len(chosen) > MOST_OVERLAID:
                self.notify(TOO_MANY, markup=False)
                return
            self._chosen = chosen
            self._draw()

    def action_details(self) -> None:
        """The next page."""
        self.query_one(RunDetails).turn()
        self._draw_run()

    # --- what its parts tell ------------------------------------------------------------------------------------------

    def record_changed(self) -> None:
        """Something was read."""
        self._draw_run()

    def label_changed(self, run: str, label: RunLabel) -> None:
        """Something was written; the list of runs will say the same."""
        self._runs = [msgspec.structs.replace(each, label=label) if each.id == run else each for each in self._runs]
        if self.is_mounted:
            self._draw()

    @on(Input.Changed, "#run-search")
    def _searched(self) -> None:
        self._draw()

    @on(Input.Submitted, "#run-search")
    def _to_the_list(self) -> None:
        self.query_one(RunTable).focus()

    @on(OptionList.OptionHighlighted)
    def _another_in_hand(self) -> None:
        self._draw_run()

    @on(OptionList.OptionSelected)
    def _to_the_chart(self) -> None:
        self.query_one(LossChart).focus()

    # --- drawing ------------------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        words = self.query_one("#run-search", Input).value.casefold().split()
        found = [run for run in self._runs if all(word in searched(run) for word in words)]
        found.sort(key=lambda run: (FIRST.get(run.state, 0), run.created), reverse=True)
        self.query_one(RunTable).show(found, self._chosen)
        self.query_one(RunTable).display = bool(found)
        self._write_columns()
        nothing = self.query_one("#no-runs", Static)
        no_runs = "There are no runs yet. Esc goes back; t there trains the first."
        nothing.update("No run has these words. Esc shows all." if self._runs else no_runs)
        nothing.display = not found
        count = f"{len(found)} of {len(self._runs)}" if words else f"{len(self._runs)}"
        known = f"%: exact match · {count} run{'s' * (len(self._runs) != 1)}"
        self.query_one("#run-list").border_subtitle = known if self._runs else ""
        self._draw_run()

    def _write_columns(self) -> None:
        columns = self.query_one("#run-columns", Static)
        columns.update(self.query_one(RunTable).header())
        columns.display = self.query_one(RunTable).display

    def _draw_run(self) -> None:
        run = self.current
        details = self.query_one(RunDetails)
        details.display = run is not None
        state = (run.state, run.damaged, bool(run.step)) if run else None
        if state != self._state:  # other keys do something now
            self._state = state
            self.refresh_bindings()
        if run is None:
            return
        details.border_title = Content(plain_text(called(run)))
        if run.damaged:
            details.show_damaged(f"{run.damaged} Delete removes it.")
            return
        record = self.look_at(run, heard=run.id in self._live)
        if record is None and run.id in self.problems:
            details.show_damaged(self.problems[run.id])
        else:
            details.show(run, view_of(run, self._view(run.id)), self._drawn(run), record)

    def _drawn(self, run: RunSummary) -> dict[str, RunView]:
        """Curve -> run, for the chosen ones and the one in hand. A name that is given twice does for one of them."""
        drawn: dict[str, RunView] = {}
        chosen = [other for name in self._chosen for other in self._runs if other.id == name]
        for other in chosen if run in chosen else [*chosen, run]:
            if (view := self._view(other.id)) or other is run:
                drawn[other.id if called(other) in drawn else called(other)] = view or view_of(run, None)
        return drawn

    def _view(self, run: str) -> RunView | None:
        if run in self._live:
            return self._live[run]
        return self.records[run].view if run in self.records else None


def searched(run: RunSummary) -> str:
    """The words that a run is found by."""
    label = run.label
    return f"{label.name} {label.note} {run.id} {run.tuning} {run.name} {run.title} {run.state}".casefold()
