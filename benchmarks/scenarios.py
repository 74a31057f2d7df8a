"""Trains tunings of the built-in scenarios over several seeds and prints a Markdown table: `docs/results.md` has it.

    python benchmarks/scenarios.py arithmetic_reversal:instruction-tune --seeds 6

Each run is one process with one CPU thread. Seconds are of training steps (batch, forward, backward, update), by the
clock, and CPU seconds of the whole process but for its start; so quote them from a machine that does nothing else.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent

ONE_RUN = """
import json, sys, time, torch
from pathlib import Path
import msgspec
from engine import headless, scenario_file, scenario_library
from engine.protocol import Finished
from engine.scenario import tunings_of
from engine.workspace import Workspace

name, tuning, seed, workspace = sys.argv[1:]
path = scenario_library.find(name)
scenario = scenario_file.load(path)
tunings = {k: msgspec.structs.replace(v, threads=1) for k, v in tunings_of(scenario).items()}
scenario = msgspec.structs.replace(scenario, tunings=tunings)
torch.set_num_threads(1)
began = time.process_time()
run = headless.train(scenario, name, path.parent, tuning, workspace=Workspace(Path(workspace)), seed=int(seed))
finished = list(run.events())[-1]
assert isinstance(finished, Finished)
losses = {e.step: e.loss for e in run.events() if type(e).__name__ == "Step" and e.step % 50 == 0}
answers = [a.response for a in headless.ask(run, scenario.prompts)]
print(json.dumps({
    "seconds": finished.seconds, "cpu": time.process_time() - began, "steps": finished.step, "reason": finished.reason,
    "tokens_per_second": finished.tokens_per_second, "losses": losses, "answers": answers,
    "scores": {f"{split}: {task}": [score.exact_match, score.did_not_stop, score.examples]
               for split, tasks in finished.scores.items() for task, score in tasks.items()},
}))
"""


def train(name: str, tuning: str, seed: int) -> dict[str, Any]:
    """One run in a process of its own."""
    with tempfile.TemporaryDirectory() as workspace:
        done = subprocess.run(
            [sys.executable, "-c", ONE_RUN, name, tuning, str(seed), workspace],
            cwd=ROOT,
            env=os.environ | {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def spread(values: list[float], form: str) -> str:
    """Mean, and least to greatest."""
    return f"{statistics.mean(values):{form}} ({min(values):{form}} to {max(values):{form}})"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tunings", nargs="+", metavar="SCENARIO:TUNING")
    parser.add_argument("--seeds", type=int, default=6, help="seeds 0 to N - 1 (default 6)")
    parser.add_argument("--verbose", action="store_true", help="print each run's losses and answers")
    arguments = parser.parse_args()
    for pair in arguments.tunings:
        name, tuning = pair.split(":")
        runs = []
        for seed in range(arguments.seeds):
            runs.append(train(name, tuning, seed))
            run = runs[-1]
            said = ", ".join(f"{group} {score[0]:.2%}" for group, score in run["scores"].items())
            print(f"seed {seed}: {run['steps']} steps ({run['reason']}), {run['seconds']:.1f} s, "
                  f"{run['cpu']:.1f} CPU s; {said}", file=sys.stderr)  # fmt: skip
            if arguments.verbose:
                print(run["losses"], run["answers"], file=sys.stderr)
        print(f"\n**{name}: {tuning}**, {arguments.seeds} seeds: steps {spread([r['steps'] for r in runs], '.0f')}, "
              f"training seconds {spread([r['seconds'] for r in runs], '.1f')}, "
              f"CPU seconds in all {spread([r['cpu'] for r in runs], '.1f')}\n")  # fmt: skip
        print("| examples | n | exact match: mean (least to greatest) | right but did not stop |\n|---|---:|---|---|")
        for group in runs[0]["scores"]:
            scores = [run["scores"][group] for run in runs]
            exact, unstopped = spread([s[0] for s in scores], ".2%"), spread([s[1] for s in scores], ".2%")
            print(f"| {group} | {scores[0][2]:,} | {exact} | {unstopped} |")


if __name__ == "__main__":
    main()
