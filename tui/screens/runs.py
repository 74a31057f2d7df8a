"""All runs of the workspace: found, read about, drawn together, named, exported, removed, gone on with, replayed.

The list comes from whoever opened the screen (`show`). What a run's folder tells is read here, in a thread. What the
engine is to do is posted upward.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

import msgspec
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static

from engine.errors import EngineError, InputError
from engine.requests import RunSummary
from engine.run_label import RunLabel, write_label
from engine.workspace import Workspace
from tui.export_run import export_run
from tui.plain_text import plain_text
from tui.run_record import RunRecord, read_record
from tui.screens.line_prompt import LinePrompt
from tui.screens.replay import ReplayScreen
from tui.screens.run_questions import REMOVE, what_to_call, what_to_note, where_to_export, whether_to_remove
from tui.state import RunView
from tui.training_state import view_of
from tui.widgets.key_line import KeyLine
from tui.widgets.loss_chart import LossChart
from tui.widgets.plain_input import PlainInput
from tui.widgets.run_details import RunDetails
from tui.widgets.run_table import RunTable
from tui.widgets.throttle import Throttle

WIDE = 100
"""Columns, from which on list and details stand beside each other."""

UPDATE_SECONDS = 0.5
"""From one drawing of the list to the next, as long as nobody presses a key."""

LIVE = ("running", "paused", "queued")


class RunsScreen(Screen[None]):
    """A list on the left, the run in hand on the right; one above the other on a narrow terminal."""

    CSS_PATH = "runs.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
    BINDINGS: ClassVar = [
        Binding("escape,r", "leave", "Back", id="runs.back", tooltip="Go back; from a search to the whole list."),
        Binding("slash", "search", "Find", id="runs.find", tooltip="Show the runs whose words have this text."),
        Binding("space", "resume", "Go on", id="runs.resume", tooltip="Let a paused or interrupted run go on."),
        Binding("p", "replay", "Replay", id="runs.replay", tooltip="Play what happened once more."),
        Binding("x", "overlay", "Overlay", id="runs.overlay", tooltip="Draw its curves with the others, or no more."),
        Binding("n", "rename", "Name", id="runs.rename", show=False, tooltip="Give the run a name."),
        Binding("i", "note", "Note", id="runs.note", show=False, tooltip="Write a note about the run."),
        Binding("d", "details", "Details", id="runs.details", tooltip="Curves, facts, or the scenario as it was run."),
        Binding("e", "export", "Export", id="runs.export", show=False, tooltip="Write its model for use elsewhere."),
        Binding("delete,D", "remove", "Remove", id="runs.remove", tooltip="Remove the run and its model. Asks first."),
    ]

    @dataclass
    class OfRun(Message):
        """Something is wanted of a run."""

        run: str

    class Resume(OfRun):
        """Let a paused or interrupted run go on."""

    class Remove(OfRun):
        """Remove it. The person was asked."""

    def __init__(self, workspace: Workspace, runs: Sequence[RunSummary] = ()) -> None:
        """The runs of a workspace, as far as they are known by now."""
        super().__init__()
        self._workspace = workspace
        self._runs = list(runs)
        self._live: Mapping[str, RunView] = {}
        self._records: dict[str, RunRecord] = {}
        self._stamps: dict[str, object] = {}
        self._asked_for: tuple[str, object] = ("", None)
        """The run that was read last, or is being read, and how it stood."""
        self._problems: dict[str, str] = {}
        self._chosen: list[str] = []
        self.throttle = Throttle(self, UPDATE_SECONDS, self._draw)

    def compose(self) -> ComposeResult:
        with Horizontal(id="all-runs"):
            with Vertical(id="run-list", classes="pane"):
                yield PlainInput(placeholder="a name, a tuning, a scenario, a state …", id="run-search", compact=True)
                yield Static("", id="run-columns", markup=False)
                yield RunTable()
                yield Static("", id="no-runs", markup=False)
            yield RunDetails(id="run-in-hand", classes="pane")
        yield KeyLine()

    def on_mount(self) -> None:
        """Show what is known, the list in focus."""
        self.query_one("#run-search").display = False
        self.query_one("#run-list").border_title = "Runs"
        self.query_one(RunTable).focus()
        self._draw()

    def show(self, runs: Sequence[RunSummary], live: Mapping[str, RunView] | None = None) -> None:
        """Show this list from now on; `live` are the views of runs that are listened to."""
        self._runs, self._live = list(runs), live or {}
        if self.is_mounted:
            self.throttle.ask()

    @property
    def current(self) -> RunSummary | None:
        """The run in hand."""
        return self.query_one(RunTable).current

    def on_resize(self) -> None:
        """Write the columns for the new width; page through the details where there is little room."""
        self.query_one(RunDetails).set_class(self.size.width < WIDE, "-paged")
        self.call_after_refresh(self._write_columns)

    # --- keys ---------------------------------------------------------------------------------------------------------

    def action_leave(self) -> None:
        """From the search to the list, from the list to where one came from."""
        search = self.query_one("#run-search", Input)
        if search.display:
            search.value = ""
            search.display = False
            self.query_one(RunTable).focus()
        else:
            self.dismiss()

    def action_search(self) -> None:
        """Ask for words."""
        search = self.query_one("#run-search", Input)
        search.display = True
        search.focus()

    def action_resume(self) -> None:
        """Go on."""
        if self.current and self.current.state in ("paused", "interrupted"):
            self.post_message(self.Resume(self.current.id))
        else:
            self._say("Only a paused or interrupted run can go on.")

    def action_overlay(self) -> None:
        """Draw it with the others."""
        if self.current and not self.current.damaged:
            run = self.current.id
            self._chosen = [other for other in self._chosen if other != run] + [run] * (run not in self._chosen)
            self._draw()

    def action_details(self) -> None:
        """The next page."""
        self.query_one(RunDetails).turn()
        self._draw_run()

    def action_replay(self) -> None:
        """Play it."""
        if (record := self._record()) and record.events:
            self.app.push_screen(ReplayScreen(record.events, self._called(record.info.id)))
        else:
            self._say("Nothing has happened in this run yet.")

    def action_rename(self) -> None:
        """Ask for a name."""
        if record := self._record():
            self._relabel(record, what_to_call(record.label.name), "name")

    def action_note(self) -> None:
        """Ask for a note."""
        if record := self._record():
            self._relabel(record, what_to_note(record.label.note), "note")

    def action_remove(self) -> None:
        """Ask, then remove."""
        run = self.current
        if run is None:
            return
        if run.state in ("running", "paused"):
            self._say("This run goes on. Stop it first.")
            return

        def answered(value: str | None) -> None:
            if value == REMOVE:
                self.post_message(self.Remove(run.id))

        self.app.push_screen(whether_to_remove(self._called(run.id)), answered)

    def action_export(self) -> None:
        """Ask for a folder, then export."""
        run = self.current
        if run is None or run.damaged:
            return

        def answered(folder: str | None) -> None:
            if folder is not None:
                self._export(run.id, folder)

        self.app.push_screen(where_to_export(run.id), answered)

    # --- work that takes a moment -------------------------------------------------------------------------------------

    @work
    async def _export(self, run: str, folder: str) -> None:
        self._say(f"Exporting {self._called(run)} …")
        try:
            await export_run(run, Path(folder).expanduser(), self._workspace)
        except (EngineError, RuntimeError) as error:  # RuntimeError: `~` of somebody who is not there
            self.app.notify(plain_text(str(error)), title="Not exported", severity="error", markup=False)
        else:
            self._say(f"Exported to {plain_text(str(folder))}.")

    @work(thread=True, exclusive=True, group="record")
    def _read(self, run: str, stamp: object) -> None:
        try:
            record = read_record(self._workspace, run)
        except (EngineError, InputError) as error:
            self.app.call_from_thread(self._unreadable, run, str(error))
        else:
            self.app.call_from_thread(self._have, record, stamp)

    def _have(self, record: RunRecord, stamp: object) -> None:
        self._records[record.info.id] = record
        self._stamps[record.info.id] = stamp
        self._problems.pop(record.info.id, None)
        if self.is_mounted:
            self._draw()

    def _unreadable(self, run: str, reason: str) -> None:
        self._problems[run] = reason
        if self.is_mounted:
            self._draw_run()

    def _relabel(self, record: RunRecord, question: LinePrompt, field: Literal["name", "note"]) -> None:
        def answered(value: str | None) -> None:
            if value is not None:
                self._write_label(record, msgspec.structs.replace(record.label, **{field: value.strip()}))

        self.app.push_screen(question, answered)

    @work(thread=True)
    def _write_label(self, record: RunRecord, label: RunLabel) -> None:
        try:
            write_label(self._workspace.find(record.info.id), label)
        except (EngineError, InputError) as error:
            self.app.call_from_thread(self.app.notify, plain_text(str(error)), severity="error", markup=False)
        else:
            stamp = self._stamps.get(record.info.id)
            self.app.call_from_thread(self._have, record._replace(label=label), stamp)

    # --- what its parts tell ------------------------------------------------------------------------------------------

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
        names = {run: record.label.name for run, record in self._records.items() if record.label.name}
        words = self.query_one("#run-search", Input).value.casefold().split()
        found = [run for run in self._runs if all(word in self._words(run) for word in words)]
        found.sort(key=lambda run: (run.state in LIVE, run.created), reverse=True)
        self.query_one(RunTable).show(found, names, self._chosen)
        self.query_one(RunTable).display = bool(found)
        self._write_columns()
        nothing = self.query_one("#no-runs", Static)
        nothing.update(
            "No run has these words. Esc shows all." if self._runs else "There are no runs yet. Esc, then t."
        )
        nothing.display = not found
        count = f"{len(found)} of {len(self._runs)}" if words else f"{len(self._runs)}"
        self.query_one("#run-list").border_subtitle = count
        self._draw_run()

    def _write_columns(self) -> None:
        columns = self.query_one("#run-columns", Static)
        columns.update(self.query_one(RunTable).header())
        columns.display = self.query_one(RunTable).display

    def _draw_run(self) -> None:
        run = self.current
        details = self.query_one(RunDetails)
        details.display = run is not None
        if run is None:
            return
        details.border_title = Content(plain_text(self._called(run.id)))
        if run.damaged:
            details.show_damaged(f"{run.damaged} Delete removes it.")
            return
        stamp = (run.state, run.step)
        record = self._record()
        is_old = record is None or (self._stamps.get(run.id) != stamp and run.id not in self._live)
        if is_old and self._asked_for != (run.id, stamp):
            self._asked_for = run.id, stamp
            self._read(run.id, stamp)
        if record is None and run.id in self._problems:
            details.show_damaged(self._problems[run.id])
            return
        view = view_of(run, self._view(run.id))
        drawn = {self._called(other): found for other in self._chosen if (found := self._view(other))}
        drawn.setdefault(self._called(run.id), view)
        details.show(view, drawn, record)

    def _record(self) -> RunRecord | None:
        return self._records.get(self.current.id) if self.current else None

    def _view(self, run: str) -> RunView | None:
        if run in self._live:
            return self._live[run]
        return self._records[run].view if run in self._records else None

    def _called(self, run: str) -> str:
        record = self._records.get(run)
        if record and record.label.name:
            return record.label.name
        return run

    def _words(self, run: RunSummary) -> str:
        return f"{self._called(run.id)} {run.id} {run.tuning} {run.name} {run.title} {run.state}".casefold()

    def _say(self, text: str) -> None:
        self.app.notify(text, markup=False)
