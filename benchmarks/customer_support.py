"""One model for all topics of `customer_support` against one for each, over several seeds; prints Markdown tables.

    python benchmarks/customer_support.py --seeds 3

Every model is asked every held-out message, those of other topics too. An answer is exact, or it fails in one of three
ways: the right answer about a wrong slot (`slot`), the wrong answer with the right slots in it (`answer`), or `both`.
Each run is one process with one CPU thread; CPU seconds are those of training, its evaluations included.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
DATA = ROOT / "scenarios" / "data" / "customer_support.jsonl"
GENERALIST = "instruction-tune"
OUTCOMES = ("exact", "slot", "answer", "both")
NEW = ("wording", "order", "politeness", "typos")

ONE_RUN = """
import json, sys, time, torch
from pathlib import Path
from engine import headless, scenario_file, scenario_library
from engine.workspace import Workspace

tuning, seed, workspace = sys.argv[1:]
path = scenario_library.find("customer_support")
torch.set_num_threads(1)
began = time.process_time()
run = headless.train(scenario_file.load(path), "customer_support", path.parent, tuning,
                     workspace=Workspace(Path(workspace)), seed=int(seed))
cpu = time.process_time() - began
answerer = headless.load_run(run, "cpu")
asked = json.load(sys.stdin)
said = [answerer.text(ids) for i in range(0, len(asked), 100) for ids in answerer.answers(asked[i : i + 100], most=60)]
print(json.dumps({"cpu": cpu, "said": said}))
"""


def train_and_ask(tuning: str, seed: int, asked: list[str]) -> dict[str, Any]:
    """CPU seconds of one run in a process of its own, and what its model says to each message."""
    with tempfile.TemporaryDirectory() as workspace:
        done = subprocess.run(
            [sys.executable, "-c", ONE_RUN, tuning, str(seed), workspace],
            cwd=ROOT,
            env=os.environ | {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
            input=json.dumps(asked),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"{tuning}, seed {seed}: {told['cpu']:.1f} CPU s", file=sys.stderr)
    return told


def outcome(row: dict[str, Any], said: str) -> str:
    """Which of `OUTCOMES` an answer to a held-out row is."""
    if said == row["response"]:
        return "exact"
    form = re.escape(row["response"])
    for value in row["slots"].values():
        form = re.sub(rf"\b{re.escape(re.escape(value))}\b", ".+", form)
    if re.fullmatch(form, said):
        return "slot"
    return "answer" if all(re.search(rf"\b{re.escape(v)}\b", said) for v in row["slots"].values()) else "both"


def percent(counts: list[Counter[str]], kind: str = "exact") -> str:
    """Of each seed the share of this outcome: mean, and least to greatest."""
    shares = [100 * one[kind] / one.total() for one in counts]
    return f"{statistics.mean(shares):.0f} ({min(shares):.0f}–{max(shares):.0f})"


def table(title: str, columns: list[str], lines: dict[str, list[str]]) -> None:
    """Print it as Markdown."""
    print(f"\n**{title}**\n\n| | " + " | ".join(columns) + " |\n|---|" + "---:|" * len(columns))
    for name, cells in lines.items():
        print(f"| {name} | " + " | ".join(cells) + " |")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3, help="seeds 0 to N - 1 (default 3)")
    parser.add_argument("--jobs", type=int, default=1, help="runs at the same time (default 1)")
    arguments = parser.parse_args()
    seeds = range(arguments.seeds)
    rows = [row for row in map(json.loads, DATA.read_text(encoding="utf-8").splitlines()) if row["split"] != "train"]
    topics = list(dict.fromkeys(row["task"] for row in rows))
    tunings = {GENERALIST: "", **{f"fine-tune-{topic}": topic for topic in topics}}
    asked = [row["instruction"] for row in rows]
    pairs = [(tuning, seed) for tuning in tunings for seed in seeds]
    with ThreadPoolExecutor(arguments.jobs) as pool:
        runs = dict(zip(pairs, pool.map(lambda pair: train_and_ask(pair[0], pair[1], asked), pairs), strict=True))

    def found(tuning: str, **wanted: str) -> list[Counter[str]]:
        """Of each seed: how the answers to the rows with these values turned out."""
        chosen = [i for i, row in enumerate(rows) if all(row.get(key) == value for key, value in wanted.items())]
        return [Counter(outcome(rows[i], runs[tuning, seed]["said"][i]) for i in chosen) for seed in seeds]

    for split in ("validation", "unseen"):
        lines = {}
        for tuning in tunings:
            cpu = statistics.mean(runs[tuning, seed]["cpu"] for seed in seeds)
            lines[tuning] = [f"{cpu:.0f}", *(percent(found(tuning, split=split, task=topic)) for topic in topics)]
        table(f"{split}: exact match in percent", ["CPU seconds", *topics], lines)
    lines = {f"{GENERALIST}, {topic}": [percent(found(GENERALIST, task=topic, new=n)) for n in NEW] for topic in topics}
    lines |= {t: [percent(found(t, task=topic, new=n)) for n in NEW] for t, topic in tunings.items() if topic}
    table("what is new in an unseen message, each model asked about its own topics", list(NEW), lines)
    lines = {}
    for tuning, own in tunings.items():
        for split in ("validation", "unseen"):
            for topic in topics:
                if own in ("", topic):
                    counts = found(tuning, split=split, task=topic)
                    lines[f"{tuning}, {topic}, {split}"] = [percent(counts, kind) for kind in OUTCOMES]
    table("how answers fail", list(OUTCOMES), lines)
    print("\nWhat each says to the first held-out message of each topic, seed 0:\n")
    for topic in topics:
        first = next(i for i, row in enumerate(rows) if row["task"] == topic)
        print(f"- {rows[first]['instruction']}")
        for tuning in tunings:
            print(f"    - {tuning}: {runs[tuning, 0]['said'][first]}")


if __name__ == "__main__":
    main()
