"""Read and check a large JSONL file of examples, and compare the reading with a plain loop of `json.loads`.

    python benchmarks/read_examples.py [--rows 1000000]

Rows without and with a field that is not ours are timed; the memory is what all examples take together.
"""

import argparse
import gc
import json
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import perf_counter
from typing import ParamSpec, TypeVar

from engine.data_check import check
from engine.formats import read

P = ParamSpec("P")
T = TypeVar("T")


def main() -> None:
    """Print a line for each kind of row."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        for title, extra in {"our fields": {}, "one more field": {"source": "made up"}}.items():
            path = write_rows(Path(folder, "rows.jsonl"), rows, extra)
            plain = timed(plain_read, path)[0]
            ours, result = timed(read, path)
            checking, findings = timed(check, result.examples)
            del result
            size = path.stat().st_size
            print(
                f"{rows:,} rows, {title}, {size / 1e6:.0f} MB: json.loads {plain:.2f} s, read {ours:.2f} s "
                f"(ratio {ours / plain:.2f}), check {checking:.2f} s ({len(findings)} findings), "
                f"memory {memory_of(path) / size:.1f} times the file"
            )


def write_rows(path: Path, rows: int, extra: dict[str, str]) -> Path:
    """A file of sums, about 80 bytes a row."""
    rng = Random(0)
    with path.open("w") as file:
        for _ in range(rows):
            a, b = rng.randrange(10**6), rng.randrange(10**6)
            row = {"instruction": f"Add {a} and {b}", "response": str(a + b), "task": "add", "split": "train", **extra}
            file.write(json.dumps(row) + "\n")
    return path


def plain_read(path: Path) -> list[dict[str, str]]:
    """What `read` is compared with."""
    with path.open("rb") as file:
        return [json.loads(line) for line in file]


def timed(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> tuple[float, T]:
    """Seconds that some work takes, and its result."""
    gc.collect()
    start = perf_counter()
    result = work(*args, **kwargs)
    return perf_counter() - start, result


def memory_of(path: Path) -> int:
    """Bytes that the examples of a file take at most while they are read."""
    tracemalloc.start()
    read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


if __name__ == "__main__":
    main()
