"""Make the recordings anew: `python tests/tui/recordings/make.py`. Takes a minute; the events are those of real runs.

A person's pause is the one thing that the command line cannot do: `paused.jsonl` is a run's story up to a step, with
the event that a pause writes.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from engine.protocol import AnyEvent, Paused, Started, Step, decode_lines, encode

FOLDER = Path(__file__).parent
BREAK = 330
"""Step after which a run is paused or interrupted."""


def recorded(tuning: str, workspace: str, *, interrupt_at: int = 0) -> list[AnyEvent]:
    """The events of a run of this tuning, interrupted by Ctrl-C after a step where one is given."""
    scenario = FOLDER / "two_tasks.toml"
    options = ["--tuning", tuning, "--workspace", workspace, "--device", "cpu", "--json"]
    command = [sys.executable, "-m", "tui", "train", str(scenario), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout
    events: list[AnyEvent] = []
    for line in process.stdout:
        (event,) = decode_lines(line)
        events.append(event)
        if interrupt_at and isinstance(event, Step) and event.step == interrupt_at:
            process.send_signal(2)
    process.wait()
    return events


def shifted(events: list[AnyEvent], run: str) -> list[AnyEvent]:
    """The story of a run of this id that began at the start of 2026."""
    began = events[0].time
    for number, event in enumerate(events):
        event.n, event.run = number, run
        event.time = round(1_767_225_600 + event.time - began, 3)
    return events


def write(name: str, events: list[AnyEvent]) -> None:
    """A recording, with the id of its run made from its name."""
    (tuning,) = {event.tuning for event in events if isinstance(event, Started)}
    lines = b"".join(map(encode, shifted(events, f"{name[:4]}-{tuning}")))
    (FOLDER / f"{name}.jsonl").write_bytes(lines)


def until(events: list[AnyEvent], step: int) -> list[AnyEvent]:
    """The story up to the step."""
    last = next(number for number, event in enumerate(events) if isinstance(event, Step) and event.step == step)
    return events[: last + 1]


def main() -> None:
    """Train each tuning and keep its story."""
    with tempfile.TemporaryDirectory() as workspace:
        whole = recorded("instruction-tune", workspace)
        write("finished", whole)
        write("add", recorded("fine-tune-add", workspace))
        write("failed", recorded("too-fast", workspace))
        write("interrupted", recorded("instruction-tune", workspace, interrupt_at=BREAK))
        part = until(whole, BREAK)
        write("paused", [*part, Paused(time=part[-1].time, step=BREAK)])


if __name__ == "__main__":
    main()
