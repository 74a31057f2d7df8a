from contextvars import copy_context
from pathlib import Path

from engine.examples import Example
from engine.formats import read, write
from engine.progress import NOW_AND_THEN, counted_off, hear, tell


def test_nobody_needs_to_listen() -> None:
    tell(0.5)


def test_rows_are_counted_off_now_and_then(tmp_path: Path) -> None:
    told: list[float] = []

    def work() -> list[int]:
        hear(told.append)
        return list(counted_off(range(2 * NOW_AND_THEN), 4 * NOW_AND_THEN))

    assert copy_context().run(work) == list(range(2 * NOW_AND_THEN))
    assert told == [0.0, 0.25]


def test_reading_a_file_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[float] = []

    def work() -> int:
        hear(told.append)
        return sum(len(read(tmp_path / name).examples) for name in ("data.jsonl", "data.csv"))

    for name in ("data.jsonl", "data.csv"):
        write(tmp_path / name, [Example(f"Add {number} and {number}", "3") for number in range(2 * NOW_AND_THEN)])
    assert copy_context().run(work) == 4 * NOW_AND_THEN
    assert [round(share, 1) for share in told] == [0.5, 1.0, 0.5, 1.0]
