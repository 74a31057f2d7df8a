"""What the engine's thread does: it works on the runs in line, one at a time, and on what is asked of it between steps.

Everything here is called from that one thread, so there are no locks. A paused run keeps its place in front; those
behind it wait until it is resumed or stopped.
"""

import logging
import threading
from collections.abc import Sequence
from contextlib import ExitStack

import msgspec

from engine import last_word
from engine.device import devices
from engine.errors import EngineError, InputError
from engine.launched import Launched
from engine.matrix import Matrix
from engine.methods import Ask, CellAnswers, Compare, Evaluate, OfCell
from engine.protocol import Event, Failed, Scores, Step
from engine.requests import ModelAnswer
from engine.serving import answering
from engine.serving.answering import OnToken
from engine.serving.line import Line
from engine.serving.models import Models
from engine.storage import StorageError
from engine.summary import last_step
from engine.training.at_work import Work, at_work
from engine.training.sitting import Sitting
from engine.workspace import Workspace

logger = logging.getLogger(__name__)


class Worker:
    """The run at work, and the models that answer."""

    def __init__(self, workspace: Workspace, line: Line) -> None:
        self.workspace, self.line = workspace, line
        self.models = Models(workspace)
        self.device = devices()[0]
        self._sitting: Work | None = None
        self._leaving = ExitStack()
        self._is_paused = False
        self.rest = 0.0
        """Seconds to wait before the next bit of training: above 0 while the disk is full, or other processes train."""

    @property
    def is_busy(self) -> bool:
        """Whether there is training to be done now."""
        return not self._is_paused and bool(self._sitting or self.line.first)

    def advance(self) -> None:
        """Do the next bit of training: a step, an evaluation, or the beginning of the next run."""
        if self._sitting:
            self._next(self._sitting)
        else:
            self._begin(self.line.first)

    def pause(self, run: str) -> None:
        """Hold the run at work; take one that waits out of the line."""
        if run in self.line and not (self._sitting and self._sitting.run.id == run):
            self.line.remove(run)
            return
        work = self._at_work(run)
        if not self._is_paused:
            self._is_paused = True
            work.pause("asked for")

    def resume(self, run: str) -> None:
        """Let a paused run go on, one that waits for room on the disk try at once; put any other in line."""
        self.rest = 0.0
        if self._sitting and self._sitting.run.id == run:
            if self._is_paused:
                self._is_paused = False
                self._sitting.resume()
        else:
            self.line.add([run])

    def stop(self, run: str) -> None:
        """End a run for good, whether it is at work, waits, or was interrupted."""
        if self._sitting and self._sitting.run.id == run:
            self._sitting.stop("asked for")
            self._end()
            return
        self.line.remove(run)
        last_word.stop(self.workspace.find(run))

    def step(self, run: str) -> None:
        """Let a paused run do one step."""
        work = self._at_work(run)
        if not self._is_paused:
            raise EngineError(f"{run} is training: pause it first.")
        if isinstance(work, Launched):
            raise EngineError(f"{run} runs on several devices: it can be resumed, but not do one step.")
        while (event := self._next(work)) and not isinstance(event, Step):
            pass
        if self._sitting:
            work.flush()

    def save(self, run: str) -> int:
        """Write a checkpoint of the run at work. Returns its step."""
        return self._at_work(run).save()

    def set_learning_rate(self, run: str, rate: float) -> None:
        """Let the run at work train on with this rate."""
        self._at_work(run).set_learning_rate(rate)

    def remove(self, run: str) -> None:
        """Remove a run that is not at work."""
        if self._sitting and self._sitting.run.id == run:
            raise EngineError(f"{run} is at work: stop it first.")
        self.line.remove(run)
        self.workspace.remove(self.workspace.find_any(run))
        self.models.unload([run])

    def ask(self, asked: Ask, on_token: OnToken, cancelled: threading.Event) -> list[ModelAnswer]:
        """Let models answer a prompt."""
        return answering.ask(self.models, asked, on_token, cancelled)

    def score(self, asked: Evaluate) -> Scores:
        """Score a run's model on all its examples, or on some."""
        return answering.score(self.workspace, self.models, asked)

    def compare(self, asked: Compare) -> Matrix:
        """Ask several models the same."""
        return answering.compare(self.workspace, asked)

    def cell(self, asked: OfCell) -> CellAnswers:
        """Let several models answer the questions of one cell."""
        return answering.cell(self.workspace, asked)

    def load(self, models: Sequence[str]) -> None:
        """Have models at hand before they are asked."""
        for model in models:
            self.models.answerer(model)

    def unload(self, models: Sequence[str]) -> None:
        """Let them go."""
        self.models.unload(models)

    def leave(self, reason: str) -> None:
        """Save the run at work, which can be resumed later."""
        if self._sitting:
            try:
                self._sitting.interrupt(reason)
            finally:
                self._end()

    def _begin(self, run: str) -> None:
        had_to_wait, self.rest = bool(self.rest), 0.0
        try:
            self._sitting = self._leaving.enter_context(at_work(self.workspace.find(run), self.workspace))
            self.models.live = (run, self._sitting.answerer) if self._sitting.answerer else None
        except Exception as error:
            if isinstance(error, StorageError) and error.full:
                self.rest = Sitting.patience
                if not had_to_wait:
                    logger.warning("%s keeps its place in line: %s", run, error)
                return
            self._end(run)
            self._fail(run, error)

    def _next(self, work: Work) -> Event | None:
        """The next event of the run at work; None: it has ended, or nothing has happened."""
        self.rest = 0.0
        try:
            event = next(work)
            self.rest = 0.0 if event else work.patience
            return event
        except StopIteration:
            self._end()
        except Exception as error:
            self._end()
            self._fail(work.run.id, error)
        return None

    def _end(self, run: str = "") -> None:
        """Let the run at work go."""
        self.line.remove(self._sitting.run.id if self._sitting else run)
        self._sitting, self._is_paused, self.models.live = None, False, None
        try:
            self._leaving.close()
        except EngineError as error:
            logger.warning("%s", error)

    def _fail(self, run: str, error: Exception) -> None:
        """Tell in the run's log why it does not go on, unless that is told already."""
        hint = ""
        if isinstance(error, InputError):
            first, *others = error.problems
            hint = first.hint
            message = "; ".join(map(str, [msgspec.structs.replace(first, hint=""), *others]))
        elif isinstance(error, EngineError):
            message = str(error)
        else:
            logger.exception("a run failed", exc_info=error)
            message, hint = f"a mistake in tunetui itself: {error!r}", "the engine's log has more"
        try:
            found = self.workspace.find(run)
            last_word.add(found, Failed(step=last_step(found), message=message, hint=hint))
        except (EngineError, InputError) as reason:
            logger.warning("%s: %s; and that cannot be logged: %s", run, message, reason)

    def _at_work(self, run: str) -> Work:
        if not self._sitting or self._sitting.run.id != run:
            state: str = self.workspace.find(run).state()
            if run in self.line:
                how = "waits for its turn"
            elif state in ("running", "paused"):
                how = "is in another process. End it there (Ctrl-C), or wait for it"
            else:
                how = "has failed" if state == "failed" else f"is {state}"
            raise EngineError(f"{run} is not at work in the engine: it {how}.")
        return self._sitting
