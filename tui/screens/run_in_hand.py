"""What can be done with the run in hand on the screen of all runs. What the engine is to do is posted upward."""

import asyncio
from pathlib import Path

import msgspec
from textual import work
from textual.binding import Binding

from engine.errors import EngineError, InputError
from engine.requests import RunSummary
from tui.export_run import export_run
from tui.plain_text import plain_lines
from tui.run_record import read_story
from tui.run_wishes import HOLD, OfRun, Pause, Resume
from tui.screens.replay import ReplayScreen
from tui.screens.run_folders import RunFolders
from tui.screens.run_questions import REMOVE, what_to_call, what_to_note, where_to_export, whether_to_remove
from tui.training_state import at_work
from tui.widgets.run_table import RunTable


class RunInHand(RunFolders):
    """The part of the screen that does something to a run."""

    class Remove(OfRun, namespace="runs_screen"):
        """Remove it. The person was asked."""

    @property
    def current(self) -> RunSummary | None:
        """The run in hand."""
        return self.query_one(RunTable).current

    def key_word(self, binding: Binding) -> str:
        """What a key does at this moment to the run in hand."""
        run = self.current
        match binding.action:
            case "export" if run is None or run.damaged or not run.step:
                return ""
            case "replay" | "overlay" | "details" | "rename" | "note" if run is None or run.damaged:
                return ""
            case "remove" if run is None or at_work(run):
                return ""
            case "hold" if run and not run.damaged:
                return HOLD.get(run.state, "")
            case "hold":
                return ""
        return binding.description

    def action_hold(self) -> None:
        """Pause, take out of the line, or go on."""
        run = self.current
        if run is None:
            self.tell("There is no run in hand.")
        elif run.state in ("running", "queued"):
            self.post_message(Pause(run.id))
        elif run.state in ("paused", "interrupted"):
            self.post_message(Resume(run.id))
        else:
            self.tell("This run is over. Only one that is paused or interrupted can go on; p plays it back.")

    @work(exclusive=True, group="replay")
    async def action_replay(self) -> None:
        """Play it."""
        run = self.current
        if run is None or run.damaged:
            return
        try:
            story = await asyncio.to_thread(read_story, self.workspace, run.id)
        except (EngineError, InputError) as error:
            self.tell(str(error), "error")
            return
        if not story.events:
            self.tell("Nothing has happened in this run yet.")
        elif self.is_current:
            self.app.push_screen(ReplayScreen(story.events, called(run), story.known))

    def action_rename(self) -> None:
        """Ask for a name."""
        if (run := self.current) and not run.damaged:

            def answered(name: str | None) -> None:
                if name is not None:
                    self.write_label(run.id, msgspec.structs.replace(run.label, name=name.strip()))

            self.app.push_screen(what_to_call(run.label.name), answered)

    def action_note(self) -> None:
        """Ask for a note."""
        if (run := self.current) and not run.damaged:

            def answered(note: str | None) -> None:
                if note is not None:
                    self.write_label(run.id, msgspec.structs.replace(run.label, note=note.strip()))

            self.app.push_screen(what_to_note(run.label.note), answered)

    def action_remove(self) -> None:
        """Ask, then remove."""
        if (run := self.current) is None:
            return
        if at_work(run):
            self.tell(f"This run is {run.state}. Stop it first: s beside its curves on the main screen.")
            return

        def answered(value: str | None) -> None:
            if value == REMOVE:
                self.post_message(self.Remove(run.id))

        self.app.push_screen(whether_to_remove(called(run)), answered)

    def action_export(self) -> None:
        """Ask for a folder, then export."""
        run = self.current
        if run is None or run.damaged:
            return
        if not run.step:
            self.tell("This run has no model yet.")
            return

        def answered(folder: str | None) -> None:
            if folder is not None:
                self._export(run, folder)

        self.app.push_screen(where_to_export(run.id), answered)

    @work
    async def _export(self, run: RunSummary, folder: str) -> None:
        self.tell(f"Exporting {called(run)} …")
        try:
            await export_run(run.id, Path(folder).expanduser(), self.workspace)
        except (EngineError, RuntimeError) as error:  # RuntimeError: `~` of somebody who is not there
            self.app.notify(plain_lines(str(error)), title="Not exported", severity="error", markup=False)
        else:
            self.tell(f"Exported to {folder}.")


def called(run: RunSummary) -> str:
    """What a person calls the run; otherwise its id."""
    return run.label.name or run.id
