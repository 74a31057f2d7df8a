"""A workspace with recorded runs in it, the same on every machine."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.examples import Example
from engine.protocol import AnyEvent, encode
from engine.runs import Run, RunInfo, Versions
from engine.scenario_file import load
from engine.workspace import Workspace
from tests.tui.fake_engine import RECORDINGS, recording

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def add_run(workspace: Workspace, run: str, events: Sequence[AnyEvent], hour: int = 0, steps: int = 700) -> Run:
    """A run with this id and story, begun in this hour of the year 2026."""
    info = RunInfo(
        name="two_tasks",
        scenario=load(RECORDINGS / "two_tasks.toml"),
        tuning=run.partition("-")[2],
        steps=steps,
        seed=3,
        device="cpu",
        threads=1,
        precision="float32",
        created=NEW_YEAR + timedelta(hours=hour),
        versions=Versions(tunetui="1.0", torch="2.13", python="3.12"),
    )
    made = workspace.create(info, [Example("Add 1 and 2", "3", "add")])
    made.folder.rename(made.folder.with_name(run))
    found = workspace.find(run)
    for event in events:
        event.run = run
    found.events_file.write_bytes(b"".join(map(encode, events)))
    return found


def recorded_workspace(folder: Path) -> Workspace:
    """Four runs, two of them finished, and a folder that cannot be read."""
    workspace = Workspace(folder)
    add_run(workspace, "aaaa-instruction-tune", recording("finished"), 1)
    add_run(workspace, "bbbb-fine-tune-add", recording("add"), 2, 300)
    add_run(workspace, "cccc-too-fast", recording("failed"), 3, 300)
    add_run(workspace, "dddd-instruction-tune", recording("interrupted"), 4)
    (workspace.folder / "runs" / "zzzz-torn").mkdir()
    return workspace
