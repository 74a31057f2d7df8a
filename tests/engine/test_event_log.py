import os
import tempfile
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import event_log
from engine.event_log import STEP_DELAY, EventLog, Tail, last, last_of_each, read
from engine.protocol import AnyEvent, Checkpoint, Finished, Paused, Resumed, Step, Warning, encode
from engine.storage import StorageError
from tests.engine.disks import FakeDisk, MountedDisk


def step(number: int) -> Step:
    return Step(step=number, loss=1.5, learning_rate=0.003, gradient_norm=0.7, tokens=640, seconds=0.01)


def warning(message: str = "slow") -> Warning:
    return Warning(message=message)


def numbers(path: Path) -> list[int]:
    return [event.n for event in read(path)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(
        event_log, "time", SimpleNamespace(monotonic=lambda: clock.now, time=lambda: 1.8e9 + clock.now + 0.00049)
    )
    return clock


# --- writing ----------------------------------------------------------------------------------------------------------


def test_an_appended_event_gets_its_number_time_and_run(path: Path, clock: SimpleNamespace) -> None:
    with EventLog(path, "q7m2-tuning") as log:
        log.append(warning())
        event = log.append(warning())
    assert (event.n, event.time, event.run) == (1, 1800001000.0, "q7m2-tuning")
    assert list(read(path))[1] == event


def test_a_log_opened_again_goes_on_counting(path: Path) -> None:
    for _ in range(3):
        with EventLog(path, "run") as log:
            log.append(step(1))
            log.append(step(2))
    assert numbers(path) == [0, 1, 2, 3, 4, 5]


def test_a_step_waits_for_others_and_is_written_after_the_delay(path: Path, clock: SimpleNamespace) -> None:
    with EventLog(path, "run") as log:
        log.append(step(1))
        log.append(step(2))
        assert numbers(path) == [0]
        clock.now += STEP_DELAY
        log.append(step(3))
        assert numbers(path) == [0, 1, 2]
        log.append(step(4))
        log.flush()
        assert numbers(path) == [0, 1, 2, 3]


def test_slow_steps_do_not_wait(path: Path, clock: SimpleNamespace) -> None:
    with EventLog(path, "run") as log:
        for number in range(3):
            log.append(step(number))
            assert len(numbers(path)) == number + 1
            clock.now += STEP_DELAY


def test_any_other_event_is_written_at_once_behind_the_steps_before_it(path: Path, clock: SimpleNamespace) -> None:
    with EventLog(path, "run") as log:
        for number in range(5):
            log.append(step(number))
        log.append(Paused(step=5))
        assert numbers(path) == [0, 1, 2, 3, 4, 5]


def test_a_batch_is_one_write_of_complete_lines(path: Path, clock: SimpleNamespace, fake_disk: FakeDisk) -> None:
    with EventLog(path, "run") as log:
        for number in range(100):
            log.append(step(number))
        log.append(warning())
    assert fake_disk.writes == 2  # the first step, which had nothing to wait for, and the rest


def test_checkpoints_and_ends_reach_the_disk_and_steps_do_not_ask_for_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    with EventLog(path, "run") as log:
        log.append(step(1))
        log.append(warning())
        assert not synced
        log.append(Checkpoint(step=1, name="step-00000001", weights=""))
        assert len(synced) == 1


def test_a_full_disk_loses_no_event(small_disk: FakeDisk | MountedDisk) -> None:
    path = small_disk.folder / "events.jsonl"
    with EventLog(path, "run") as log:
        log.append(warning("first"))
        small_disk.fill()
        with pytest.raises(StorageError, match="disk is full") as caught:
            for _ in range(100):
                log.append(warning("more" * 100))
        assert str(small_disk.folder) in str(caught.value)
        written = numbers(path)
        assert written == list(range(len(written)))
        small_disk.make_room()
        end = log.append(warning("last"))
    assert numbers(path) == list(range(end.n + 1))
    assert end.n == len(written) + 1


def test_what_a_full_disk_tore_is_cut_by_the_next_writer(fake_disk: FakeDisk) -> None:
    path = fake_disk.folder / "events.jsonl"
    with pytest.raises(StorageError), EventLog(path, "run") as log:
        log.append(warning())
        fake_disk.room = 10
        log.append(warning())
    assert not path.read_bytes().endswith(b"\n")
    fake_disk.make_room()
    with EventLog(path, "run") as log:
        log.append(warning("later"))
    assert [(event.n, event.message) for event in read(path) if isinstance(event, Warning)] == [
        (0, "slow"),
        (1, "later"),
    ]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="No such file"):
        EventLog(tmp_path / "missing" / "events.jsonl", "run")


# --- reading ----------------------------------------------------------------------------------------------------------


def test_a_log_that_is_not_there_yet_has_no_events(path: Path) -> None:
    tail = Tail(path)
    assert tail.poll() == []
    assert list(read(path)) == []
    assert last(path, Warning) is None
    with EventLog(path, "run") as log:
        log.append(warning())
    assert [event.n for event in tail.poll()] == [0]


def test_a_tail_gives_each_event_once_and_a_line_only_when_it_is_complete(path: Path) -> None:
    whole = encode(Warning(n=0, message="one")) + encode(Warning(n=1, message="two"))
    tail, seen = Tail(path), []
    for byte in whole:
        with path.open("ab") as file:
            file.write(bytes([byte]))
        seen += tail.poll()
    assert [event.n for event in seen] == [0, 1]


def test_reading_starts_behind_a_number(path: Path) -> None:
    with EventLog(path, "run") as log:
        for number in range(10):
            log.append(step(number))
    assert [event.n for event in read(path, after=6)] == [7, 8, 9]
    tail = Tail(path, after=8)
    assert [event.n for event in tail.poll()] == [9]
    with EventLog(path, "run") as log:
        log.append(warning())
    assert [event.n for event in tail.poll()] == [10]


def test_damaged_lines_are_left_out_and_told_once_in_their_place(path: Path) -> None:
    lines = [encode(Warning(n=n, message=str(n))) for n in range(6)]
    lines[2] = b"\x00\xff{\r\n"
    lines[4] = b'{"event":"from another world"}\n'
    path.write_bytes(b"".join(lines))
    events = list(read(path))
    assert [event.n for event in events] == [0, 1, 2, 3, 5]
    told = events[2]
    assert isinstance(told, Warning)
    assert told.message == "events.jsonl is damaged after event 1"


@pytest.mark.parametrize("line", [b"junk\n", b"\n", b"\x00" * 50 + b"\n"])
def test_writing_behind_a_damaged_line_never_uses_a_number_twice(path: Path, line: bytes) -> None:
    path.write_bytes(encode(Warning(n=0, message="")) + line)
    with EventLog(path, "run") as log:
        assert log.append(warning()).n == 2


def test_the_last_event_of_some_kinds_is_found(path: Path) -> None:
    with EventLog(path, "run") as log:
        log.append(Paused(step=1))
        log.append(Resumed(step=1))
        for number in range(1000):
            log.append(step(number))
        log.append(Paused(step=1001))
        for number in range(1000):
            log.append(step(number))
    found = last(path, Paused, Resumed)
    assert isinstance(found, Paused)
    assert (found.n, found.step) == (1002, 1001)
    assert last(path, Finished) is None


# --- for any story, cut anywhere --------------------------------------------------------------------------------------

texts = st.text(st.characters(exclude_categories=["Cs"]))
events = st.one_of(
    st.builds(step, st.integers(1, 10**9)),
    st.builds(Paused, step=st.integers(0, 9), reason=texts),
    st.builds(Resumed, step=st.integers(0, 9)),
    st.builds(Warning, message=texts, hint=texts),
)


def write(path: Path, story: list[AnyEvent]) -> list[AnyEvent]:
    with EventLog(path, "run") as log:
        return [log.append(event) for event in story]


@given(st.lists(events, max_size=8), st.integers(0, 10**4), st.lists(events, min_size=1, max_size=3))
def test_a_log_cut_at_any_byte_is_a_prefix_and_can_be_continued(
    story: list[AnyEvent], cut: int, more: list[AnyEvent]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "events.jsonl")
        written = write(path, story)
        os.truncate(path, cut % (path.stat().st_size + 1))
        tail = Tail(path)
        prefix = tail.poll()
        assert prefix == written[: path.read_bytes().count(b"\n")]
        added = write(path, more)
        assert tail.poll() == added
        assert list(read(path)) == prefix + added
        assert numbers(path) == list(range(len(prefix) + len(more)))


@given(st.lists(st.one_of(st.binary(max_size=20), events.map(lambda event: encode(event))), max_size=6).map(b"".join))
def test_any_bytes_can_be_read_and_continued(junk: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "events.jsonl")
        path.write_bytes(junk)
        before = list(read(path))
        (added,) = write(path, [warning()])
        assert list(read(path)) == [*before, added]


@given(st.lists(events, max_size=8), st.integers(1, 300))
def test_looking_from_the_end_finds_what_reading_finds(story: list[AnyEvent], block: int) -> None:
    kinds = (Paused, Warning)
    with tempfile.TemporaryDirectory() as folder, patch.object(event_log, "_BLOCK_FROM_END", block):
        path = Path(folder, "events.jsonl")
        write(path, story)
        with path.open("ab") as file:
            file.write(b'{"event":"paused"')
        found = [event for event in read(path) if isinstance(event, kinds)]
        assert last(path, *kinds) == (found[-1] if found else None)


@given(st.lists(events, max_size=4), st.lists(events, max_size=4), st.integers(1, 300))
def test_looking_from_the_end_may_leave_out_what_was_seen(
    seen: list[AnyEvent], fresh: list[AnyEvent], block: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, patch.object(event_log, "_BLOCK_FROM_END", block):
        path = Path(folder, "events.jsonl")
        write(path, seen)
        _, size = last_of_each(path, [(Paused,), (Warning, Paused)])
        written = write(path, fresh)
        found, _ = last_of_each(path, [(Paused,), (Warning, Paused)], size)
        for event, kinds in zip(found, (Paused, Warning | Paused), strict=True):
            assert event == next((each for each in reversed(written) if isinstance(each, kinds)), None)


@given(st.lists(events, max_size=8), st.integers(1, 300))
def test_the_size_of_the_portions_does_not_matter(story: list[AnyEvent], block: int) -> None:
    with tempfile.TemporaryDirectory() as folder, patch.object(event_log, "_BLOCK", block):
        path = Path(folder, "events.jsonl")
        assert write(path, story) == list(read(path))
