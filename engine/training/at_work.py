"""Work on a run, wherever it is done: in this process, or in processes of its own where it takes several devices."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from engine.launch import devices_of
from engine.launched import Launched
from engine.protocol import OnEvent, Step
from engine.runs import Run
from engine.training.sitting import Sitting, require_unfinished, sitting
from engine.workspace import Workspace

Work = Sitting | Launched
"""What can be iterated, paused, saved, stopped."""

ShouldStop = Callable[[], str]
"""Asked after each step, and while nothing happens: empty to go on, or why to stop (`SIGINT`, `SIGTERM`)."""


@contextmanager
def at_work(
    run: Run, workspace: Workspace, *, device: str | None = None, on_event: OnEvent = lambda event: None
) -> Iterator[Work]:
    """Go on with a run where it had come to, on as many devices as its tuning says. `sitting` explains the rest."""
    if devices_of(run) == 1:
        with sitting(run, workspace, device=device, on_event=on_event) as work:
            yield work
    else:
        require_unfinished(run)
        with closing(Launched(run, device, on_event)) as launched:
            yield launched


def work_until_stopped(work: Work, should_stop: ShouldStop) -> None:
    """Go on to the end, or until somebody wants it to stop; then let the run save.

    Raises:
        EngineError: the run failed, or could not be saved.
    """
    for event in work:
        if (event is None or isinstance(event, Step)) and (reason := should_stop()):
            work.interrupt(reason)
            return
        if event is None:
            time.sleep(work.patience)
