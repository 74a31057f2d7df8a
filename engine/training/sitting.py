"""A sitting: one process at work on a run, from taking its lock to letting it go.

    with sitting(run, workspace) as work:
        for event in work: ...

Each event is in the log before it is given. Between two of them the caller may do something else, or tell the sitting
to pause, save, stop or train at another rate. The command line and the engine process both work this way.

While the disk is full, a sitting is paused. It says so once and then gives None instead of an event: nothing has
happened, and whoever asks again after a while makes it try again. As soon as there is room it says so and goes on.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine import atomic
from engine.errors import EngineError, InputError, Problem
from engine.event_log import EventLog
from engine.inference.answer import Answerer
from engine.protocol import (
    LAST_WORDS,
    AnyEvent,
    Checkpoint,
    Failed,
    Interrupted,
    LearningRate,
    OnEvent,
    Paused,
    Resumed,
    Stopped,
)
from engine.reserve import Reserve
from engine.runs import Run
from engine.storage import StorageError
from engine.training.job import Job
from engine.training.ranks import ALONE, Ranks
from engine.training.run_job import job_of
from engine.workspace import Workspace

KEPT_CHECKPOINTS = 2
"""Of each run: the newest one, and one more in case it is damaged."""


class Sitting:
    """A run at work. Iterating trains it to its end."""

    patience = 2.0
    """Seconds to wait after None."""

    def __init__(self, run: Run, job: Job, log: EventLog, reserve: Reserve, on_event: OnEvent) -> None:
        self.run, self.job = run, job
        self._log, self._reserve, self._on_event = log, reserve, on_event
        self._events = self._trained()
        self._disk_full = False

    def __iter__(self) -> Iterator[AnyEvent | None]:
        return self._events

    def __next__(self) -> AnyEvent | None:
        """Do the next thing: most often one step. None: the disk is still full; wait a moment before asking again.

        Raises:
            StopIteration: the run is finished.
            EngineError: it failed, which is logged; or the disk took not even the run's last word.
        """
        return next(self._events)

    @property
    def answerer(self) -> Answerer:
        """The model in training."""
        return self.job.answerer

    def save(self) -> int:
        """Write a checkpoint of this moment, unless there is one. Returns its step.

        Raises:
            StorageError: it could not be written; nothing is left of it.
        """
        if self.job.saved_step != self.job.trainer.step:
            self._save()
        return self.job.trainer.step

    def flush(self) -> None:
        """Let readers see every step so far.

        Raises:
            StorageError: the log cannot be written.
        """
        self._log.flush()

    def pause(self, reason: str = "") -> None:
        """Say that the caller is about to wait."""
        self._tell(Paused(step=self.job.trainer.step, reason=reason))

    def resume(self) -> None:
        """Say that the caller goes on."""
        self._tell(Resumed(step=self.job.trainer.step))

    def interrupt(self, reason: str) -> None:
        """Save and end the sitting. The run can go on to the very weights that it would have had."""
        self.save()
        self._tell(Interrupted(step=self.job.trainer.step, reason=reason))

    def stop(self, reason: str = "") -> None:
        """Save and end the run for good."""
        self.save()
        self._tell(Stopped(step=self.job.trainer.step, reason=reason))

    def set_learning_rate(self, rate: float) -> None:
        """Train on with this rate in place of the tuning's. It is saved at once, so that a resumed run has it too."""
        trainer = self.job.trainer
        trainer.rate_factor = rate / trainer.tuning.learning_rate
        self._tell(LearningRate(step=trainer.step, rate=rate))
        self._save()

    def _trained(self) -> Iterator[AnyEvent | None]:
        for event in self.job.events(self.run.checkpoint_folder):
            if isinstance(event, StorageError):
                yield from self._no_room(event)
                continue
            if self._disk_full:
                self._disk_full = False
                self._tell(resumed := Resumed(step=self.job.trainer.step))
                yield resumed
            full = self._tell(event)
            yield event
            if isinstance(event, Failed):
                raise EngineError(f"{self.run.id}: {event.message}; {event.hint}")
            if full:
                yield from self._no_room(full)

    def _no_room(self, error: StorageError) -> Iterator[AnyEvent | None]:
        if not self._disk_full:
            self._disk_full = True
            self._reserve.give()
            self._tell(paused := Paused(step=self.job.trainer.step, reason=str(error)))
            yield paused
        yield None
        while not (self._log_is_written() and self._reserve.take()):
            yield None

    def _log_is_written(self) -> bool:
        try:
            self._log.flush()
        except StorageError as error:
            if not error.full:
                raise
            return False
        return True

    def _save(self) -> None:
        self._tell(self.job.save(self.run.checkpoint_folder))

    def _tell(self, event: AnyEvent) -> StorageError | None:
        """Log an event and pass it on. Returns why, where the disk is full: the log keeps the event for later."""
        full = None
        try:
            self._log.append(event)
        except StorageError as error:
            # Nobody waits until there is room for a last word: resuming the run says it again.
            if not error.full or isinstance(event, LAST_WORDS):
                raise
            full = error
        self._on_event(event)
        if isinstance(event, Checkpoint):
            for path in self.run.checkpoints()[:-KEPT_CHECKPOINTS]:
                atomic.remove_folder(path)
        return full


@contextmanager
def sitting(
    run: Run,
    workspace: Workspace,
    *,
    device: str | None = None,
    on_event: OnEvent = lambda event: None,
    ranks: Ranks = ALONE,
) -> Iterator[Sitting]:
    """Take a run's lock and go on where it had come to: at its last whole checkpoint, or from the start.

    On the same device the weights become those of a run that was never interrupted, bit for bit.

    Args:
        run: queued or interrupted.
        workspace: where its examples are.
        device: None: as before.
        on_event: called with each event, after it is logged.
        ranks: the processes that train together; this is the first one.

    Raises:
        InputError: the run is finished; scenario, examples, base and device do not go together; the base is gone.
        EngineError: another process is at the run, or what it needs is damaged.
    """
    with run.lock():
        require_unfinished(run)
        job = job_of(run, workspace, device, ranks)
        with _libraries_heard(run.log_file), Reserve(run.folder) as reserve, run.log() as log:
            yield Sitting(run, job, log, reserve, on_event)


def require_unfinished(run: Run) -> None:
    """Refuse to go on with a run that is finished.

    Raises:
        InputError: it is.
    """
    if run.state() == "finished":
        raise InputError(Problem(key="RUN", found=f"{run.id} is finished", hint="`tunetui ask` talks to it"))


@contextmanager
def _libraries_heard(log_file: Path) -> Iterator[None]:
    """What libraries warn of goes to a file."""
    handler = logging.FileHandler(log_file, delay=True)
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger("py.warnings").removeHandler(handler)
        logging.captureWarnings(False)
        handler.close()
