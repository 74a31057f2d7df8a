"""Trains every tuning of a scenario over several seeds, compares them, and prints a Markdown table of the means.

    python benchmarks/side_by_side.py specialist_or_generalist --seeds 1 2 3

Columns are the groups of `tunetui compare`; cells are percent exact match, mean (least to greatest) over the seeds.
Each run is one process with one CPU thread; seconds are of training steps, by the clock, so quote them from a machine
that does nothing else.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

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


def measured(scenario: str, seed: int, examples: str) -> tuple[dict[str, float], dict[str, Any]]:
    """Seconds of training by tuning, and what `tunetui compare --json` says of the base and all of them."""
    listed = {row["name"]: row["tunings"] for row in json.loads("".join(tunetui("scenarios", "--json")))}
    seconds, runs = {}, []
    with tempfile.TemporaryDirectory() as workspace:
        for tuning in listed[scenario]:
            start = ["train", scenario, "--tuning", tuning, "--seed", str(seed), "--json"]
            last = json.loads(tunetui(*start, "--workspace", workspace)[-1])
            runs.append(last["run"])
            seconds[tuning] = last["seconds"]
            print(f"seed {seed} {tuning}: {last['seconds']:.1f} s", file=sys.stderr, flush=True)
        asked = ["compare", "base", *runs, "--examples", examples, "--workspace", workspace, "--json"]
        return seconds, json.loads("".join(tunetui(*asked)))


def columns(told: dict[str, Any], run: str) -> dict[str, float]:
    """Percent of one model by column: groups, the two kinds of wording, two tasks, and what did not stop."""
    cells = [cell for cell in told["cells"] if cell["run"] == run]

    def mean(key: str, chosen: Callable[[dict[str, Any]], bool]) -> float:
        return 100 * statistics.mean(float(cell[key]) for cell in cells if chosen(cell))

    def has(key: str, value: str, cell: dict[str, Any]) -> bool:
        return bool(cell[key] == value)

    found: dict[str, float] = {}
    for group, share in told["summary"][run].items():
        if group == "new_wording":
            for wording in dict.fromkeys(cell["wording"] for cell in cells if cell["group"] == group):
                found[wording] = mean("exact_match", partial(has, "wording", wording))
        else:
            found[group.replace("_", " ")] = 100 * share
    own = {cell["task"]: 100 * cell["exact_match"] for cell in cells if cell["group"] == "trained"}
    found |= {task: own[task] for task in ("add", "reverse") if task in own}
    found["right, did not stop"] = mean("did_not_stop", lambda cell: cell["group"] in ("trained", "unseen_task"))
    return found


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--examples", default="50", help="of each task in a group (default 50)")
    parser.add_argument("--jobs", type=int, default=1, help="seeds at the same time; more than 1 spoils the seconds")
    arguments = parser.parse_args()
    values: dict[str, dict[str, list[float]]] = {}
    with ThreadPoolExecutor(arguments.jobs) as pool:
        each = partial(measured, arguments.scenario, examples=arguments.examples)
        for seconds, told in pool.map(lambda seed: each(seed=seed), arguments.seeds):
            for model in told["models"]:
                name = model["tuning"] or "base"
                first = {"seconds": seconds[name]} if name in seconds else {}
                for column, value in (first | columns(told, model["run"])).items():
                    values.setdefault(name, {}).setdefault(column, []).append(value)
    names = list(dict.fromkeys(column for row in values.values() for column in row))
    print("| model | " + " | ".join(names) + " |")
    print("|---|" + "---:|" * len(names))
    for name, row in values.items():
        print(f"| {name} | " + " | ".join(spread(row[column]) if column in row else "–" for column in names) + " |")


if __name__ == "__main__":
    main()
