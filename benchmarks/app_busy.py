"""The app while a run trains at full speed and while a million rows load and are edited: bytes, keys, blocks, memory.

    python benchmarks/app_busy.py [--seconds N] [--rows N] [--charts N --updates N]

The real app and its engine run in a pseudo-terminal of 120x40. A task of the app's own event loop wakes every 5 ms and
notes how late it comes: that is how long the loop was blocked. On a shared machine a late waking may only mean that
somebody else had the processor, so the CPU time that the loop itself took meanwhile is noted, too. A key's latency runs
from when the app read it to when the screen was drawn anew.
"""

import argparse
import fcntl
import json
import os
import pty
import random
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

PROBE = """
import gc
gc.disable()  # as `tui.commands.start` does
import asyncio, json, resource, signal, sys, time
from pathlib import Path
from textual import events
from engine.workspace import Workspace
from tui.app import TunetuiApp

FOLDER, SCENARIO = Path(sys.argv[1]), Path(sys.argv[2])
late, busy, keys = [], [], []

def on_ready(app):
    app.beating = asyncio.create_task(beat())
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, report)
    report()

async def on_event(app, event):
    await handled(app, event)
    if isinstance(event, events.Key):
        (app.focused or app.screen).call_after_refresh(lambda: keys.append(time.monotonic() - event.time))

handled = TunetuiApp.on_event
TunetuiApp.on_ready, TunetuiApp.on_event = on_ready, on_event

async def beat():
    while True:
        due, used = time.monotonic() + 0.005, time.thread_time()
        await asyncio.sleep(0.005)
        late.append(time.monotonic() - due)
        busy.append(time.thread_time() - used)

def report():
    found = {"late": max(late, default=0), "busy": max(busy, default=0), "keys": sorted(keys),
             "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, "torch": "torch" in sys.modules}
    late.clear(), busy.clear(), keys.clear()
    with (FOLDER / "reports").open("a") as file:
        print(json.dumps(found), file=file)

TunetuiApp(SCENARIO, workspace=Workspace(FOLDER), settings=FOLDER / "settings.toml").run()
"""


class Terminal:
    """The app in a pseudo-terminal whose output is counted."""

    def __init__(self, folder: Path, scenario: Path) -> None:
        self.folder = folder
        self.bytes = 0
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROBE, str(folder), str(scenario)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
        )
        os.close(slave)

    def read(self, seconds: float) -> None:
        """Take the output for a while, as a terminal does."""
        end = time.monotonic() + seconds
        while (rest := end - time.monotonic()) > 0:
            if select.select([self._master], [], [], rest)[0]:
                try:
                    self.bytes += len(os.read(self._master, 65536))
                except OSError:  # the other side was closed: `wait_for` says so
                    time.sleep(rest)

    def press(self, keys: str, seconds: float) -> None:
        """Press keys in turn, ten a second."""
        end, number = time.monotonic() + seconds, 0
        while time.monotonic() < end:
            os.write(self._master, keys[number % len(keys)].encode())
            number += 1
            self.read(0.1)

    def open(self, keys: str, seconds: float) -> None:
        """Open what each key opens, look at it for a while, and close it again."""
        for key in keys:
            for each in (key, "\x1b"):
                os.write(self._master, each.encode())
                self.read(seconds)

    def wait_for(self, pattern: str, text: str) -> None:
        """Until a file of the folder has a text."""
        while not any(text in file.read_text() for file in self.folder.glob(pattern)):
            if self._process.poll() is not None:
                raise SystemExit(f"the app ended with {self._process.returncode}")
            self.read(0.1)

    def report(self) -> dict[str, object]:
        """What was noted since the last report."""
        before = len(self._reports())
        os.kill(self._process.pid, signal.SIGUSR1)
        while len(self._reports()) == before:
            self.read(0.05)
        found: dict[str, object] = json.loads(self._reports()[-1])
        return found

    def _reports(self) -> list[str]:
        file = self.folder / "reports"
        return file.read_text().splitlines() if file.exists() else []

    def close(self) -> None:
        """Hang up, and wait until the app is gone."""
        os.close(self._master)
        self._process.wait()


def described(found: dict[str, object]) -> str:
    """A report in words."""
    keys = found["keys"]
    assert isinstance(keys, list)
    latency = f", key {keys[len(keys) // 2] * 1e3:.0f} ms (worst {keys[-1] * 1e3:.0f} ms)" if keys else ""
    return (
        f"longest block {found['late'] * 1e3:.0f} ms ({found['busy'] * 1e3:.0f} ms of its own CPU time)"  # type: ignore[operator]
        f"{latency}, memory {found['memory'] / 1e6:.0f} MB, torch imported: {found['torch']}"  # type: ignore[operator]
    )


def while_training(folder: Path, seconds: float) -> None:
    """Bytes without a key pressed, then keys."""
    root = Path(__file__).resolve().parents[1]
    terminal = Terminal(folder, root / "scenarios" / "arithmetic_reversal.toml")
    terminal.wait_for("reports", "{")
    terminal.read(2)
    os.write(terminal._master, b"t")
    terminal.wait_for("runs/*/events.jsonl", '"step"')
    terminal.read(3)
    terminal.report()
    terminal.bytes, began = 0, time.monotonic()
    terminal.read(seconds)
    print(f"training: {terminal.bytes / (time.monotonic() - began) / 1e3:.1f} kB/s; {described(terminal.report())}")
    terminal.press("jjjjkkkk", seconds)
    print(f"training, keys: {described(terminal.report())}")
    terminal.open("?,orc\x10e/", 1.0)
    print(f"training, screens opened: {described(terminal.report())}")
    terminal.close()
    subprocess.run([sys.executable, "-m", "tui", "engine", "stop", "--workspace", str(folder)], check=True)


def while_loading(folder: Path, rows: int) -> None:
    """Keys from the first frame until the rows are there, and scrolling after that, also while all are edited."""
    draw = random.Random(1)
    with (folder / "rows.jsonl").open("w") as file:
        for _ in range(rows):
            a, b = draw.randrange(10**6), draw.randrange(10**6)
            print(json.dumps({"task": "add", "instruction": f"Add {a} and {b}", "response": str(a + b)}), file=file)
    scenario = folder / "rows.toml"
    scenario.write_text('title = "Rows"\n[[files]]\npath = "rows.jsonl"\n[tunings.it]\nsteps = 10\n')
    terminal = Terminal(folder, scenario)
    terminal.wait_for("reports", "{")
    terminal.press("jk", 30)
    print(f"loading {rows:,} rows, keys: {described(terminal.report())}")
    terminal.press("jk", 5)
    print(f"loaded, keys: {described(terminal.report())}")
    for keys, doing in (("*d", "all selected and deleted"), ("u", "that undone"), ("U", "and done again")):
        os.write(terminal._master, keys.encode())
        terminal.press("jk", 15)
        print(f"{doing}, keys: {described(terminal.report())}")
    terminal.close()
    subprocess.run([sys.executable, "-m", "tui", "engine", "stop", "--workspace", str(folder)], check=True)


def main() -> None:
    """Measure both and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each measurement while training")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--updates", type=int, default=10, help="the setting of that name")
    parser.add_argument("--charts", type=int, default=2, help="the setting chart_updates")
    options = parser.parse_args()
    settings = f"updates = {options.updates}\nchart_updates = {options.charts}\n"
    for measure, amount in ((while_training, options.seconds), (while_loading, options.rows)):
        with tempfile.TemporaryDirectory() as name:
            (Path(name) / "settings.toml").write_text(settings)
            measure(Path(name), amount)


if __name__ == "__main__":
    main()
