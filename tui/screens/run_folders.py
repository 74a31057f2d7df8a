"""What is read from the folders of runs, and written there, for the screen of all runs: in threads, one at a time."""

from typing import Any

from textual import work

from engine.errors import EngineError, InputError
from engine.requests import RunSummary
from engine.run_label import RunLabel, write_label
from engine.workspace import Workspace
from tui.plain_text import plain_text
from tui.run_record import RunRecord, read_record
from tui.screens.quiet_screen import QuietScreen


class RunFolders(QuietScreen[None]):
    """The part of the screen that knows the workspace. It remembers what it has read."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.records: dict[str, RunRecord] = {}
        self.problems: dict[str, str] = {}
        """Run -> why it cannot be read."""
        self._stamps: dict[str, object] = {}
        self._asked_for: tuple[str, object] = ("", None)
        """The run that was read last, or is being read, and how it stood."""

    def look_at(self, run: RunSummary, *, heard: bool) -> RunRecord | None:
        """What is known of a run. Where it is new or has gone on, it is read, and `record_changed` called.

        Args:
            run: how it stands.
            heard: its events come from elsewhere as long as it goes on, so what was read at its start will do.
        """
        stamp = run.state, run.step
        record = self.records.get(run.id)
        is_old = self._stamps.get(run.id) != stamp and not (heard and run.state in ("running", "paused"))
        if (record is None or is_old) and self._asked_for != (run.id, stamp):
            self._asked_for = run.id, stamp
            self.call_after_refresh(self._read, run.id, stamp)  # it takes a core: what is on its way is drawn before
        return record

    def record_changed(self) -> None:
        """For the screen: something more is known of a run."""

    def label_changed(self, run: str, label: RunLabel) -> None:
        """For the screen: a run has another name or note."""

    def tell(self, text: str, severity: Any = "information") -> None:
        """A short message at the edge of the screen."""
        self.app.notify(plain_text(text), severity=severity, markup=False)

    @work(thread=True, exclusive=True, group="record")
    def _read(self, run: str, stamp: object) -> None:
        try:
            record = read_record(self.workspace, run)
        except (EngineError, InputError) as error:
            self.app.call_from_thread(self._unreadable, run, str(error))
        else:
            self.app.call_from_thread(self._have, record, stamp)

    def _have(self, record: RunRecord, stamp: object) -> None:
        run = record.info.id
        self.records[run], self._stamps[run] = record, stamp
        self.problems.pop(run, None)
        if self.is_mounted:
            self.record_changed()

    def _unreadable(self, run: str, reason: str) -> None:
        self.problems[run] = reason
        if self.is_mounted:
            self.record_changed()

    @work(thread=True)
    def write_label(self, run: str, label: RunLabel) -> None:
        """Name a run, and note something about it."""
        try:
            write_label(self.workspace.find(run), label)
        except (EngineError, InputError) as error:
            self.app.call_from_thread(self.tell, str(error), "error")
        else:
            self.app.call_from_thread(self.label_changed, run, label)
