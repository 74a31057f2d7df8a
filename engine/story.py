"""A run's story as somebody watches it: what has happened in few lists, long ones thinned, and then the news.

A story is read from the run's log, by whoever wants to know. So a run of another process is followed like one's own,
and nothing has to be kept for a reader who is slow.
"""

import os
from collections.abc import Iterator, Sequence

from engine.event_log import Tail
from engine.lock import is_held
from engine.protocol import AnyEvent, Step
from engine.runs import Run

MOST_STEPS = 2000
"""Steps that are told of a story; of all other events nothing is left out."""

PORTION = 500
"""Events that are told at once, at least, where there are so many."""

_STEP = b'{"event":"step"'
_STEP_BYTES = 190
"""About as long is a step in the log. A rough figure only makes the story a bit longer or shorter."""


class Story:
    """What one reader has been told of a run."""

    def __init__(self, run: Run, after: int = -1) -> None:
        self.run = run
        self._tail = Tail(run.events_file, after)
        self._told = after >= 0

    def so_far(self) -> Iterator[list[AnyEvent]]:
        """What has happened until now, in portions. Steps are left out where there are very many.

        Raises:
            StorageError: the log cannot be read.
        """
        try:
            size = os.path.getsize(self.run.events_file)
        except OSError:
            return
        stride = size // _STEP_BYTES // MOST_STEPS
        portion: list[AnyEvent] = []
        for events in self._tail.blocks(_Thinning(stride) if stride > 1 else None):
            portion += events
            if len(portion) >= PORTION:
                yield portion
                portion = []
            self._told = self._told or bool(events)
        if portion:
            yield portion

    def news(self) -> list[AnyEvent]:
        """What has happened since.

        Raises:
            StorageError: the log cannot be read.
        """
        events = self._tail.poll()
        self._told = self._told or bool(events)
        return events

    def is_over(self) -> bool:
        """Whether nobody works on the run any more. Ask for news once more then; a run may be taken up again later."""
        if is_held(self.run.lock_file):
            return False
        return self._told or not self.run.folder.exists()


def thinned(events: Sequence[AnyEvent], most: int) -> list[AnyEvent]:
    """The events, of the steps at most about so many, evenly spread, the last one among them."""
    steps = sum(isinstance(event, Step) for event in events)
    stride = -(-steps // most)
    if stride <= 1:
        return list(events)
    kept: list[AnyEvent] = []
    for event in events:
        if isinstance(event, Step):
            steps -= 1
            if steps % stride:
                continue
        kept.append(event)
    return kept


class _Thinning:
    """Of lines of a log: every so many-th step, and all that is no step. A line that is left out is never decoded."""

    def __init__(self, stride: int) -> None:
        self._stride = stride
        self._seen = 0

    def __call__(self, lines: bytes) -> bytes:
        kept = []
        for line in lines.split(b"\n"):
            if line.startswith(_STEP):
                self._seen += 1
                if self._seen % self._stride:
                    continue
            kept.append(line)
        return b"\n".join(kept)
