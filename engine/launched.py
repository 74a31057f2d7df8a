"""A run at work in processes of its own, one for each device, followed by what they log."""

from collections import deque
from contextlib import ExitStack
from typing import Self

from engine.errors import EngineError
from engine.event_log import Tail
from engine.launch import last_words, launch
from engine.protocol import LAST_WORDS, AnyEvent, Failed, OnEvent, Paused, Resumed, Started, Step, Stopped
from engine.runs import Run


class Launched:
    """Led like a `Sitting`. It gives None where nothing has happened since the last event."""

    patience = 0.1
    """Seconds to wait after None."""
    answerer = None
    """Whoever wants an answer of this run's model asks its newest checkpoint."""

    def __init__(self, run: Run, device: str | None, on_event: OnEvent) -> None:
        self.run = run
        self._device, self._on_event = device, on_event
        self._tail = Tail(run.events_file)
        for _ in self._tail.blocks():
            pass  # what happened before
        self._unheard: deque[AnyEvent] = deque()
        self._last: AnyEvent | None = None
        self._step = 0
        self._asked_to_end = False
        self._hold = ExitStack()
        self._start()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> AnyEvent | None:
        """The next event that the processes have logged. None: there is none yet; wait a moment before asking again.

        Raises:
            StopIteration: they have ended as they should.
            EngineError: the run failed, or they have ended without a last word.
        """
        over = self._process.poll() is not None
        if not self._unheard:
            self._unheard.extend(self._tail.poll())
        if self._unheard:
            return self._hear(self._unheard.popleft())
        if not over:
            return None
        if isinstance(self._last, Failed):
            raise EngineError(f"{self.run.id}: {self._last.message}; {self._last.hint}")
        if isinstance(self._last, LAST_WORDS) or self._asked_to_end:
            raise StopIteration
        silence = f"{self.run.id} has ended without a word: see {self.run.log_file}."
        raise EngineError(last_words(self.run, self._log_size) or silence)

    def interrupt(self, reason: str) -> None:
        """Let the processes finish their step, save and end. The run can go on where it was."""
        self._asked_to_end = True
        self._process.terminate()
        self._process.wait()
        for _ in self:
            pass

    def stop(self, reason: str = "") -> None:
        """The same, for good."""
        self.interrupt(reason)
        self._keep()
        self._say(Stopped(step=self._step, reason=reason))

    def pause(self, reason: str = "") -> None:
        """The same, until `resume`. The devices are free meanwhile."""
        self.interrupt(reason)
        self._keep()
        self._say(Paused(step=self._step, reason=reason))

    def resume(self) -> None:
        """Start the processes again."""
        self._say(Resumed(step=self._step))
        self._hold.close()
        self._asked_to_end = False
        self._start()

    def close(self) -> None:
        """Let the run go. Processes that are still at work save and end by themselves."""
        self._hold.close()
        if self._process.poll() is None:
            self._process.terminate()

    def wait(self) -> None:
        """Until no process is left."""
        self._process.wait()

    def save(self) -> int:
        """Not to be had: see the error."""
        raise EngineError(
            f"{self.run.id} runs on several devices, and saves when its scenario says, or when it is paused."
        )

    def set_learning_rate(self, rate: float) -> None:
        """Not to be had: see the error."""
        raise EngineError(f"{self.run.id} runs on several devices, and keeps the learning rate of its scenario.")

    def flush(self) -> None:
        """Nothing waits to be written here."""

    def _start(self) -> None:
        self._log_size = self.run.log_file.stat().st_size if self.run.log_file.exists() else 0
        self._process = launch(self.run, self._device)

    def _keep(self) -> None:
        """Hold the run's lock, which the processes have let go."""
        self._hold.close()
        self._hold.enter_context(self.run.lock())

    def _hear(self, event: AnyEvent) -> AnyEvent:
        self._last = event
        if isinstance(event, Started | Step):
            self._step = event.step
        if isinstance(event, Started):
            self.run.info = Run.open(self.run.folder).info  # now that it is settled
        self._on_event(event)
        return event

    def _say(self, event: AnyEvent) -> None:
        """Log something while no process is at the run."""
        with self.run.log() as log:
            log.append(event)
        self._tail.poll()
        self._hear(event)
