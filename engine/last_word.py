"""The last word in the story of a run that nobody works on."""

from engine.protocol import AnyEvent, Stopped
from engine.runs import Run
from engine.summary import last_step

ENDED = ("stopped", "failed", "finished")
"""States that a run does not leave by itself."""


def stop(run: Run) -> None:
    """End a run for good that waits or was interrupted; one that has ended stays as it is.

    Raises:
        EngineError: another process is at it.
        StorageError: it cannot be written.
    """
    add(run, Stopped(step=last_step(run), reason="asked for"))


def add(run: Run, event: AnyEvent) -> None:
    """Write one more event, unless the run has ended.

    Raises:
        EngineError: another process is at it.
        StorageError: it cannot be written.
    """
    if run.state() not in ENDED:
        with run.lock(), run.log() as log:
            log.append(event)
