"""How many examples each task has, to train on and held out."""

from tui.plain_text import plain_text


def split_counts(counts: dict[str, dict[str, int]]) -> dict[str, tuple[int, int]]:
    """Task -> how many of its examples are to train on, and how many are held out."""
    tallies: dict[str, tuple[int, int]] = {}
    for split in ("train", "validation", "unseen"):
        for task, count in counts.get(split, {}).items():
            train, held = tallies.get(task, (0, 0))
            tallies[task] = (train + count, held) if split == "train" else (train, held + count)
    return tallies


def count_line(counts: dict[str, dict[str, int]], width: int) -> str:
    """How many examples each task has, to train on and held out; the totals where that is too long."""
    tallies = split_counts(counts)
    each = [f"{plain_text(name) or 'no task'} {train:,}+{held:,}" for name, (train, held) in tallies.items()]
    line = " · ".join(each)
    if line and len(line) + 18 <= width:
        return f"train+held out: {line}"
    tasks = "1 task" if len(tallies) == 1 else f"{len(tallies)} tasks"
    train, held = (sum(tally[place] for tally in tallies.values()) for place in (0, 1))
    return f"{tasks} · {train:,} to train on · {held:,} held out"
