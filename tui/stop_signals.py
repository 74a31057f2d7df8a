"""Ctrl-C and SIGTERM as a wish that is granted between two steps."""

import os
import signal
import sys
from types import FrameType
from typing import Self

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopSignals:
    """While entered, the first signal is kept as the reason to stop; a second one ends the process at once."""

    def __init__(self) -> None:
        self.caught: signal.Signals | None = None
        self._former: list[object] = []

    def __enter__(self) -> Self:
        self._former = [signal.signal(number, self._catch) for number in SIGNALS]
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in zip(SIGNALS, self._former, strict=True):
            signal.signal(number, handler)  # type: ignore[arg-type]

    def reason(self) -> str:
        """`SIGINT`, `SIGTERM`, or nothing yet."""
        return self.caught.name if self.caught else ""

    @property
    def exit_status(self) -> int:
        """What a shell expects of a process that was stopped so: 130 or 143; 0 when nothing was caught."""
        return 128 + self.caught if self.caught else 0

    def stop(self, number: int) -> None:
        """Take this signal for the reason, if there is none yet."""
        self.caught = self.caught or signal.Signals(number)

    def _catch(self, number: int, frame: FrameType | None) -> None:
        if self.caught:
            sys.exit(128 + number)
        self.stop(number)
        # Not print: the signal may have come in the middle of one.
        os.write(2, b"\nFinishing the step and saving; once more ends it at once.\n")
