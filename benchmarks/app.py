"""How long the app takes to its first frame, against a bare Textual app with header, list and footer; and its memory.

    python benchmarks/app.py --times 5

Both are started in turn, each in a process of its own, without a terminal (Textual's headless driver).
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
    def on_ready(self): report(self)
app = Bare()
"""

OURS = """
import time; begin = time.perf_counter()
from pathlib import Path
from engine.scenario_library import find
from engine.workspace import Workspace
from tui.app import TunetuiApp
TunetuiApp.on_ready = lambda self: report(self)
app = TunetuiApp(find("arithmetic_reversal"), workspace=Workspace(Path(FOLDER)))
async def nothing(): pass
app.engine.connect = nothing
"""

REPORT = """
import os, resource, sys
def report(app):
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    print(time.perf_counter() - begin, megabytes, "torch" in sys.modules, file=sys.__stdout__, flush=True)
    os._exit(0)
app.run(headless=True, size=(120, 40))
"""


def once(program: str) -> tuple[float, float]:
    """Seconds to the first frame, imports included, and megabytes at that moment."""
    with tempfile.TemporaryDirectory() as folder:
        code = program.replace("FOLDER", repr(folder)) + REPORT
        out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    seconds, megabytes, torch = out.split()
    if torch == "True":
        raise SystemExit("the first frame imported torch")
    return float(seconds), float(megabytes)


def main() -> None:
    """Measure both in turn, and print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5, help="starts of each")
    times = parser.parse_args().times
    once(BARE), once(OURS)  # compiled files and caches
    bare, ours = zip(*((once(BARE), once(OURS)) for _ in range(times)), strict=True)
    first = [statistics.median(seconds for seconds, _ in each) for each in (bare, ours)]
    print(f"first frame: bare {first[0]:.2f} s, tunetui {first[1]:.2f} s, ratio {first[1] / first[0]:.2f}")
    memory = [statistics.median(megabytes for _, megabytes in each) for each in (bare, ours)]
    print(f"memory: bare {memory[0]:.0f} MB, tunetui {memory[1]:.0f} MB")


if __name__ == "__main__":
    main()
