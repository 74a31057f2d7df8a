"""Draws the pictures of the README: the app on real runs, in a terminal of 120x40.

    python benchmarks/pictures.py --workspace FOLDER

Trains what is missing in the workspace (a few minutes), and writes `docs/pictures/main.svg` and `compare.svg`. They
name only fonts that a computer has; nothing is fetched to show them.
"""

import argparse
import asyncio
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from engine import scenario_file
from engine.atomic import write_text
from engine.tuning_order import in_order
from engine.workspace import Workspace
from tui.app import TunetuiApp

ROOT = Path(__file__).parent.parent
PATIENCE = 120
"""Seconds for something to appear."""


def train(workspace: Path, scenario: str, tunings: list[str]) -> None:
    """Train the tunings that the workspace has no finished run of."""
    home = Workspace(workspace)
    loaded = scenario_file.load(scenario_file.find(scenario))
    for tuning in in_order(loaded, tunings, lambda name: home.finished(loaded, name) is not None):
        if not home.finished(loaded, tuning):
            command = ["train", scenario, "--tuning", tuning, "--workspace", str(workspace)]
            subprocess.run([sys.executable, "-m", "tui", *command], cwd=ROOT, check=True)


async def until(pilot: Pilot[None], holds: Callable[[str], bool]) -> None:
    """Wait until the screen, as text, is as it should be."""
    for _ in range(PATIENCE * 5):
        await pilot.pause(0.2)
        screen = pilot.app.screen
        lines = ["".join(segment.text for segment in strip) for strip in screen._compositor.render_strips()]
        if holds("\n".join(lines)):
            return
    raise TimeoutError("the screen did not become as it should be")


async def drawn(workspace: Path, scenario: str, keys: list[str], holds: Callable[[str], bool], picture: Path) -> None:
    """Open the app, wait for it, press keys, wait again, and write the picture."""
    app = TunetuiApp(scenario_file.find(scenario), workspace=Workspace(workspace))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda text: "engine ready" in text and "✓" in text)
        await pilot.press(*keys)
        await until(pilot, holds)
        svg = app.export_screenshot(title="tunetui")
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    picture.parent.mkdir(parents=True, exist_ok=True)
    write_text(picture, svg.replace("Fira Code", "ui-monospace, Menlo, Consolas, DejaVu Sans Mono"))
    print(picture.relative_to(ROOT))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workspace", type=Path, required=True)
    folder = parser.parse_args().workspace
    train(folder, "arithmetic_reversal", ["instruction-tune", "fine-tune-add", "fine-tune-reverse"])
    train(folder, "specialist_or_generalist", ["fine-tune-reverse", "instruction-tune", "instruction-tune-replay"])
    asked = ["3", *("space" if key == " " else key for key in "Reverse tunetui"), "enter"]
    pictures = ROOT / "docs" / "pictures"
    asyncio.run(
        drawn(folder, "arithmetic_reversal", asked, lambda text: text.count("iutenut") >= 2, pictures / "main.svg")
    )
    asyncio.run(
        drawn(
            folder,
            "specialist_or_generalist",
            ["c"],
            lambda text: "answers are right" in text,
            pictures / "compare.svg",
        )
    )


if __name__ == "__main__":
    main()
