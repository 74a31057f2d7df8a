"""Makes the built-in base again and compares it with the one that comes with tunetui.

    python benchmarks/rebuild_base.py --workspace FOLDER

Prints whether the weights are the same, bit for bit, and what each of the two answers. They are the same on the same
kind of machine with the same torch; elsewhere rounding differs, and only the scores can be held against each other.
Takes as long as the base took, half an hour and more; after a break the same command goes on from the last checkpoint.
"""

import argparse
import tempfile
from pathlib import Path

import torch

from engine import headless, scenario_file, scenario_library
from engine.base_library import built_in
from engine.compare import Entrant, compare
from engine.errors import InputError
from engine.groups import questions
from engine.matrix import ComparedModel, Group
from engine.protocol import Step
from engine.training import checkpoint
from engine.training.bases import CPU
from engine.workspace import Workspace

GROUPS: tuple[Group, ...] = ("trained", "unseen_task", "plain_text", "known_form")


def rebuilt(workspace: Workspace, steps: int | None) -> Path:
    """The folder of a new base, as `tunetui export --half` writes it."""

    def told(event: object) -> None:
        if isinstance(event, Step) and event.step % 500 == 0:
            print(f"step {event.step:,}: loss {event.loss:.3f}", flush=True)

    try:
        run = workspace.find("latest")
    except InputError:
        scenario = scenario_file.load(scenario_library.find("skills"))
        run = headless.pretrain(scenario, "skills", workspace=workspace, device="cpu", steps=steps, on_event=told)
    if run.state() != "finished":
        run = headless.resume(run, workspace=workspace, on_event=told)
    folder = workspace.folder / "exported"
    if not folder.exists():
        headless.export(run, folder, half=True)
    return folder


def main() -> None:
    """Make, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workspace", type=Path, help="keeps the run, so that it can go on after a break")
    parser.add_argument("--steps", type=int, help="fewer than the scenario says, to try this out")
    parser.add_argument("--examples", type=int, default=50, help="questions of each task and group (default 50)")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as temporary:
        folders = {
            "shipped": built_in()["skills"],
            "rebuilt": rebuilt(Workspace(arguments.workspace or Path(temporary)), arguments.steps),
        }
        loaded = {name: checkpoint.load(folder, CPU) for name, folder in folders.items()}
    scenario = scenario_file.load(scenario_library.find("specialist_or_generalist"))
    asked = [q for q in questions(scenario, [], count=arguments.examples) if q.group in GROUPS]

    def entrant(name: str) -> Entrant:
        return Entrant(ComparedModel(name, "", "", loaded[name].weights, []), loaded[name].answerer)

    summary = compare(list(folders), asked, entrant).summary
    same = loaded["shipped"].weights == loaded["rebuilt"].weights
    print("The weights are the same, bit for bit." if same else "The weights differ.")
    print("| base | " + " | ".join(group.replace("_", " ") for group in GROUPS) + " |")
    print("|---|" + "---:|" * len(GROUPS))
    for name, means in summary.items():
        print(f"| {name} | " + " | ".join(f"{100 * means[group]:.1f} %" for group in GROUPS) + " |")


if __name__ == "__main__":
    main()
