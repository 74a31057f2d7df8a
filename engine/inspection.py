"""What a tuning makes of a document's examples: how it reads them, and what may be wrong with each."""

from array import array
from typing import NamedTuple

from engine.apart import apart_if_many
from engine.data_check import row_problems
from engine.document_files import training_examples
from engine.document_parts import Snapshot
from engine.prompt import longest
from engine.scenario import tunings_of
from engine.seen import Reader, reader_of


class Inspection(NamedTuple):
    """Of one moment of a document."""

    reader: Reader | None
    """What the tuning reads examples with; None where that is not known before it is trained."""
    problems: dict[int, str]
    """Place of an example -> what may be wrong with it."""


def inspect(snapshot: Snapshot, tuning: str) -> Inspection:
    """Look at every example once, which takes seconds where there are a million: meant for a thread.

    Args:
        snapshot: of the document.
        tuning: the name of one of the scenario's; another name stands for the first.
    """
    return apart_if_many(snapshot.size, _inspect, snapshot, tuning)


def _inspect(snapshot: Snapshot, tuning: str) -> Inspection:
    tunings = tunings_of(snapshot.scenario)
    chosen = tunings.get(tuning) or next(iter(tunings.values()))
    examples = training_examples(snapshot)
    reader = reader_of(snapshot.scenario, chosen, examples)
    known = (reader.prompter, longest(reader.model)) if reader else (None, None)
    found = row_problems(examples, *known)
    places = array("q", (place for place, _ in snapshot.kept()))
    return Inspection(reader, {places[row]: text for row, text in found.items()})
