"""Draws the two pictures of the README: the app on real trainings, in a terminal of 120x40.

    python benchmarks/pictures.py [--workspace FOLDER]

Trains what the workspace has no finished run of (a minute or two), then opens the app, presses keys, and writes
`docs/main.svg` and `docs/compare.svg`. Both name only fonts that a computer has, so nothing is fetched to show them.
"""

import argparse
import asyncio
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from engine.atomic import write_text
from engine.scenario_file import load
from engine.scenario_library import find
from engine.workspace import Workspace
from tui.app import TunetuiApp

DOCS = Path(__file__).parent.parent / "docs"
PATIENCE = 120
"""Seconds for something to appear."""
FONTS = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
COMPARED = ["fine-tune-reverse", "instruction-tune-replay", "instruction-tune"]


PROMPTS = ("Add 12 and 34", "Reverse stone")
ANSWERED = re.compile(r"^│[ ▌]{3}\S.* [✓✗]", re.MULTILINE)
"""An answer in the console that was judged."""


def tunetui(*arguments: str | Path) -> None:
    """A command of tunetui."""
    subprocess.run([sys.executable, "-m", "tui", *map(str, arguments)], cwd=DOCS.parent, check=True)


def train(folder: Path, scenario: str, tunings: list[str]) -> None:
    """Train the tunings that have no finished run yet."""
    loaded = load(find(scenario))
    for tuning in tunings:
        if not Workspace(folder).finished(loaded, tuning):
            tunetui("train", scenario, "--tuning", tuning, "--workspace", folder)


async def until(pilot: Pilot[None], holds: Callable[[str], bool]) -> None:
    """Wait until the screen, as text, is as it should be."""
    for _ in range(PATIENCE * 10):
        await pilot.pause(0.1)
        strips = pilot.app.screen._compositor.render_strips()
        text = "\n".join("".join(segment.text for segment in strip) for strip in strips)
        if holds(text):
            return
    raise TimeoutError(f"the screen did not become as it should be:\n{text}")


def write(app: TunetuiApp, name: str) -> None:
    """The screen of this moment, without the font that would come from the net."""
    svg = re.sub(r"@font-face \{.*?\}", "", app.export_screenshot(title="tunetui"), flags=re.DOTALL)
    svg = re.sub(r"font-family: (Fira Code[^;]*|monospace);", f"font-family: {FONTS};", svg)
    write_text(DOCS / name, "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n")


async def draw_main(folder: Path) -> None:
    """A training at about its half, and a prompt asked meanwhile."""
    app = TunetuiApp(find("arithmetic_reversal"), workspace=Workspace(folder), settings=folder / "settings.toml")
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda text: "engine ready" in text and "✓" in text)
        await pilot.press("t")
        await until(pilot, lambda text: bool(re.search(r"▶ [3-6]\d\d/2,000", text)))
        await pilot.press("3")
        for prompt in PROMPTS:
            await pilot.press(*("space" if key == " " else key for key in prompt), "enter")
        await until(pilot, lambda text: len(ANSWERED.findall(text)) == 2 * len(PROMPTS))
        write(app, "main.svg")


async def draw_compare(folder: Path) -> None:
    """A specialist and two generalists against the base."""
    app = TunetuiApp(find("specialist_or_generalist"), workspace=Workspace(folder), settings=folder / "settings.toml")
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda text: "engine ready" in text and "✓" in text)
        await pilot.press("c")
        await until(pilot, lambda text: "answers are right" in text)
        await pilot.press("down")
        await until(pilot, lambda text: "Instead: " in text)
        write(app, "compare.svg")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workspace", type=Path, help="keeps what was trained for another time")
    asked = parser.parse_args().workspace
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked or Path(temporary)
        train(folder, "arithmetic_reversal", ["fine-tune-add"])
        train(folder, "specialist_or_generalist", COMPARED)
        try:
            asyncio.run(draw_main(folder))
            asyncio.run(draw_compare(folder))
        finally:
            tunetui("engine", "--workspace", folder, "stop")


if __name__ == "__main__":
    main()
