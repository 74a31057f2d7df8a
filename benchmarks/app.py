"""How long the app takes to its first frame, against a bare Textual app with header, list and footer; and its memory.

    python benchmarks/app.py --times 5

They are started in turn, each in a process of its own, without a terminal (Textual's headless driver). The first frame
shows the frames of the panes; `scenario` is the moment when the panes are filled and keys have an effect.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile

BARE = """
import time; begin = time.perf_counter()
from textual.app import App
from textual.widgets import Footer, Header, OptionList
class Bare(App):
    def compose(self):
        yield Header(); yield OptionList(*map(str, range(100))); yield Footer()
    def on_ready(self): self.call_after_refresh(report, self)
app = Bare()
"""

OURS = """
import time; begin = time.perf_counter()
from pathlib import Path
from engine.scenario_library import find
from engine.workspace import Workspace
from tui.app import TunetuiApp
app = TunetuiApp(find("arithmetic_reversal"), workspace=Workspace(Path(FOLDER)))
"""

FIRST = OURS + "TunetuiApp.on_ready = lambda self: self.call_after_refresh(report, self)"

WHOLE = (
    OURS
    + """
open_main = app._open_main
async def open_and_report():
    from engine.client import Client
    async def nothing(self): pass
    Client.connect = nothing
    await open_main()
    app.call_after_refresh(report, app)
app._open_main = open_and_report
"""
)

REPORT = """
import os, resource, sys
def report(app):
    usage = resource.getrusage(resource.RUSAGE_SELF)
    megabytes = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    computed = usage.ru_utime + usage.ru_stime
    print(time.perf_counter() - begin, computed, megabytes, "torch" in sys.modules, file=sys.__stdout__, flush=True)
    os._exit(0)
app.run(headless=True, size=(120, 40))
"""


def once(program: str) -> tuple[float, float, float]:
    """Seconds to the frame, imports included; seconds computed for it; megabytes at that moment."""
    with tempfile.TemporaryDirectory() as folder:
        code = program.replace("FOLDER", repr(folder)) + REPORT
        out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    *figures, torch = out.split()
    if torch == "True":
        raise SystemExit("the app imported torch")
    seconds, computed, megabytes = map(float, figures)
    return seconds, computed, megabytes


def main() -> None:
    """Measure each in turn, and print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5, help="starts of each")
    times = parser.parse_args().times
    programs = {"bare": BARE, "first frame": FIRST, "scenario": WHOLE}
    starts = [{name: once(program) for name, program in programs.items()} for _ in range(times + 1)]
    starts.pop(0)  # compiled files and caches
    medians = {
        name: [statistics.median(figures) for figures in zip(*(start[name] for start in starts), strict=True)]
        for name in programs
    }
    for name, (seconds, computed, megabytes) in medians.items():
        ratio = f"{seconds / medians['bare'][0]:.2f} and {computed / medians['bare'][1]:.2f} times as long"
        print(f"{name:11}  {seconds:.2f} s, {computed:.2f} s computed, {megabytes:.0f} MB ({ratio})")


if __name__ == "__main__":
    main()
