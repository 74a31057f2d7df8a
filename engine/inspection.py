"""What a tuning makes of a document's examples: how it reads them, and what may be wrong with each."""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import compress
from typing import NamedTuple

from engine.apart import apart_if_many
from engine.compressed import compressed, expanded
from engine.data_check import row_problems
from engine.document_files import training_examples
from engine.document_parts import Snapshot
from engine.packed_rows import CHUNK
from engine.prompt import longest
from engine.scenario import tunings_of
from engine.seen import Reader, reader_of


class Problems(Mapping[int, str]):
    """Place of an example -> what may be wrong with it, which may be something for each of a million.

    So the texts lie compressed, those of neighbours together, and are read again when somebody looks at one.
    """

    def __init__(self, found: Mapping[int, str]) -> None:
        chunks: defaultdict[int, dict[int, str]] = defaultdict(dict)
        for place, text in found.items():
            chunks[place // CHUNK][place] = text
        self._chunks = {number: compressed(texts) for number, texts in chunks.items()}
        self._there = bytearray(max(found, default=-1) + 1)
        for place in found:
            self._there[place] = 1

    def __getitem__(self, place: int) -> str:
        if place not in self:
            raise KeyError(place)
        texts: dict[int, str] = expanded(self._chunks[place // CHUNK])
        return texts[place]

    def __contains__(self, place: object) -> bool:
        return isinstance(place, int) and self._there[place : place + 1] == b"\1"

    def __iter__(self) -> Iterator[int]:
        return compress(range(len(self._there)), self._there)

    def __len__(self) -> int:
        return self._there.count(1)


class Inspection(NamedTuple):
    """Of one moment of a document."""

    reader: Reader | None
    """What the tuning reads examples with; None where that is not known before it is trained."""
    problems: Mapping[int, str]
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
    return Inspection(reader, Problems({places[row]: text for row, text in found.items()}))
