"""Trains every tuning of a scenario over several seeds, compares them, and prints a Markdown table of the means.

    python benchmarks/side_by_side.py specialist_or_generalist --seeds 1 2 3

Columns are the groups of `tunetui compare`; cells are percent exact match, mean (least to greatest) over the seeds.
Each run is one process with one CPU thread; seconds are CPU seconds of that process, its start included.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def tunetui(*arguments: str) -> list[str]:
    """Run the command line and return the lines that it prints."""
    command = [sys.executable, "-m", "tui", *arguments]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.splitlines()


def spread(values: list[float]) -> str:
    """Mean, and least to greatest."""
    low, high = min(values), max(values)
    return f"{statistics.mean(values):.1f}" + (f" ({low:.1f}–{high:.1f})" if high > low else "")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--examples", default="50", help="of each task in a group (default 50)")
    arguments = parser.parse_args()
    scores: dict[str, dict[str, list[float]]] = {}
    unstopped: dict[str, list[float]] = {}
    seconds: dict[str, list[float]] = {}
    listed = {row["name"]: row["tunings"] for row in json.loads("".join(tunetui("scenarios", "--json")))}
    for seed in arguments.seeds:
        with tempfile.TemporaryDirectory() as workspace:
            runs = []
            for tuning in listed[arguments.scenario]:
                before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
                start = ["train", arguments.scenario, "--tuning", tuning, "--seed", str(seed), "--json"]
                last = json.loads(tunetui(*start, "--workspace", workspace)[-1])
                runs.append(last["run"])
                seconds.setdefault(tuning, []).append(last["seconds"])
                used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
                print(f"seed {seed} {tuning}: {last['seconds']:.1f} s, {used:.1f} CPU s", file=sys.stderr)
            asked = ["compare", "base", *runs, "--examples", arguments.examples, "--workspace", workspace, "--json"]
            told = json.loads("".join(tunetui(*asked)))
        names = {model["run"]: model["tuning"] or "base" for model in told["models"]}
        for run, groups in told["summary"].items():
            for group, mean in groups.items():
                scores.setdefault(names[run], {}).setdefault(group, []).append(100 * mean)
        for run, name in names.items():
            cells = [c for c in told["cells"] if c["run"] == run and c["group"] in ("trained", "unseen_task")]
            unstopped.setdefault(name, []).append(statistics.mean(100 * c["did_not_stop"] for c in cells))
            own = {c["task"]: 100 * c["exact_match"] for c in cells if c["group"] == "trained"}
            for task in ("add", "reverse"):
                if task in own:
                    scores[name].setdefault(task, []).append(own[task])
    groups = list(next(iter(scores.values())))
    print("| model | seconds | " + " | ".join(group.replace("_", " ") for group in groups) + " | right, did not stop |")
    print("|---|---:|" + "---:|" * (len(groups) + 1))
    for name, means in scores.items():
        cells = [spread(seconds[name]) if name in seconds else "–"]
        cells += [spread(means[group]) if group in means else "–" for group in groups]
        print(f"| {name} | " + " | ".join([*cells, spread(unstopped[name])]) + " |")


if __name__ == "__main__":
    main()
