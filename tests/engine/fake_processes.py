"""In place of the processes of a run on several devices: holds the run, logs a step now and then, saves nothing.

    python -m tests.engine.fake_processes RUN_FOLDER [last step] [how it ends]

It ends after its last step, or at SIGTERM before that.
"""

import signal
import sys
import time
from pathlib import Path

from engine.launch import SAID
from engine.protocol import Event, Failed, Finished, Interrupted, Started, Step
from engine.runs import Run


def step(number: int) -> Step:
    """A step that takes no time."""
    return Step(step=number, loss=1.0, learning_rate=0.1, gradient_norm=1.0, tokens=5, seconds=0.0)


def main(folder: str, steps: str = "1000000", end: str = "finished") -> int:
    """Work on the run."""
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: asked.append(number))
    run = Run.open(Path(folder))
    before = max((event.step for event in run.events() if isinstance(event, Step)), default=0)
    about = {"tuning": "it", "scenario": "Digits", "parameters": 1, "trainable": 1, "precision": "float32"}
    last: dict[str, Event] = {
        "finished": Finished(
            tuning="it", step=3, seconds=0, evaluation_seconds=0, tokens_per_second=1, reason="steps", scores={}
        ),
        "failed": Failed(step=3, message="the loss is gone", hint="look for it"),
    }
    with run.lock(), run.log() as log:
        log.append(Started(**about, steps=3, step=before, device="cpu", threads=1, examples={}))  # type: ignore[arg-type]
        for number in range(before + 1, before + 1 + int(steps)):
            log.append(step(number))
            log.flush()
            if asked:
                log.append(Interrupted(step=number, reason="SIGTERM"))
                return 0
            time.sleep(0.01)
        if end == "says":
            print(f"{SAID}the devices are gone", file=sys.stderr)
        if end in last:
            log.append(last[end])
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
