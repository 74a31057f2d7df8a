"""Work in the background whose mistakes are said instead of ending the app; for screens and panes."""

from typing import Any

from textual.dom import DOMNode
from textual.worker import Worker, WorkerState

from tui.failure import write_traceback
from tui.plain_text import plain_text


class Forgiving(DOMNode):
    """`in_background` runs something; if it fails by a mistake of ours, a message names the file with the traceback."""

    def in_background(self, work: Any, group: str, *, alone: bool = True) -> Worker[Any]:
        """Run an async function; `alone` cancels what runs in the group already."""
        return self.run_worker(work, group=group, exclusive=alone, exit_on_error=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say that something failed."""
        if event.state is WorkerState.ERROR and event.worker.error:
            error = event.worker.error
            path = write_traceback(error) if isinstance(error, Exception) else None
            where = f"Please report it with the file {path}." if path else plain_text(repr(error))
            text = f"A mistake in tunetui itself: {event.worker.group} failed. Everything else goes on. {where}"
            self.app.notify(plain_text(text), severity="error", markup=False, timeout=20)
