"""A run's story as somebody watches it: what has happened in few lists, long ones thinned, and then the news.

A story is read from the run's log, by whoever wants to know. So a run of another process is followed like one's own,
and nothing has to be kept for a reader who is slow.
"""

from collections.abc import Iterator, Sequence

import msgspec

from engine.event_log import Tail
from engine.lock import is_held
from engine.protocol import AnyEvent, Evaluation, Step
from engine.runs import Run

MOST_STEPS = 2000
"""Steps that are told of a long story, to who draws it."""

STEPS_PER_ANSWERS = 10
"""For so many steps that are told at most, one evaluation is told with its answers, which are long."""


class Story:
    """What one reader has been told of a run."""

    def __init__(self, run: Run, after: int = -1) -> None:
        self.run = run
        self._tail = Tail(run.events_file, after)
        self._told = after >= 0

    def news(self, most: int | None = None) -> Iterator[list[AnyEvent]]:
        """What has happened since the last call, at first since the beginning, in portions of a megabyte of the log.

        With `most`, long news are `thinned` to about so many steps.

        Raises:
            StorageError: the log cannot be read.
        """
        blocks = self._tail.blocks_to_come()
        for events in self._tail.blocks():
            self._told = self._told or bool(events)
            if events:
                yield events if most is None else thinned(events, most // blocks)

    def is_over(self) -> bool:
        """Whether nobody works on the run any more. Ask for news once more then; a run may be taken up again later."""
        if is_held(self.run.lock_file):
            return False
        return self._told or not self.run.folder.exists()


def thinned(events: Sequence[AnyEvent], most: int) -> list[AnyEvent]:
    """The events, of the steps at most about so many, and of the evaluations few with their answers.

    Of steps beside one another those of the lowest and of the highest loss stay, so that no peak is lost. The last step
    stays, and the last evaluation keeps its answers.
    """
    steps = [event for event in events if isinstance(event, Step)]
    evaluations = [event for event in events if isinstance(event, Evaluation)]
    together = -(-2 * len(steps) // max(2, most)) if len(steps) > most else 1
    kept = {id(step) for step in steps[-1:]}
    for start in range(0, len(steps), together):
        near = steps[start : start + together]
        kept |= {id(min(near, key=_loss)), id(max(near, key=_loss))}
    stride = -(-len(evaluations) // max(1, most // STEPS_PER_ANSWERS))
    answered = {id(evaluation) for evaluation in evaluations[:: -max(1, stride)]}
    told: list[AnyEvent] = []
    for event in events:
        if isinstance(event, Evaluation) and id(event) not in answered:
            told.append(msgspec.structs.replace(event, answers=[]))
        elif not isinstance(event, Step) or id(event) in kept:
            told.append(event)
    return told


def _loss(step: Step) -> float:
    return step.loss
