"""`tunetui runs`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.options import json_option, workspace_option

if TYPE_CHECKING:
    from engine.runs import Run


@click.command("runs")
@workspace_option()
@json_option("Print a list of objects: run, scenario, tuning, state, created, exact_match by split.")
def command(workspace: Path | None, as_json: bool) -> None:
    """List the runs, newest first."""
    from engine.scenario_library import DEFAULT
    from engine.workspace import Workspace
    from tui.json_output import print_json
    from tui.plain_text import plain_text

    home = Workspace(workspace)
    runs = home.runs()
    if as_json:
        print_json([overview(run) for run in runs])
    elif runs:
        click.echo(run_table(runs))
    else:
        click.echo(f"There are no runs in {home.folder} yet. `tunetui train {DEFAULT}` makes one.")
    for damaged in home.damaged():
        message = f"{damaged.id} cannot be read: {damaged.reason} `tunetui remove {damaged.id}` removes it."
        click.echo(plain_text(message), err=True)


def overview(run: "Run") -> dict[str, Any]:
    """What a list of runs says about one of them; `exact_match` takes all tasks of a split together."""
    from tui.figures import exact_match

    return {
        "run": run.id,
        "scenario": run.info.name,
        "tuning": run.info.tuning,
        "state": run.state(),
        "created": run.info.created,
        "exact_match": {split: exact_match(tasks) for split, tasks in run.scores().items()},
    }


def run_table(runs: list["Run"]) -> str:
    """One line for each run."""
    from tui.figures import percent
    from tui.plain_text import plain_text
    from tui.table import table

    rows = []
    for run in runs:
        line = overview(run)
        names = [plain_text(line[column]) for column in ("run", "scenario", "tuning", "state")]
        exact = line["exact_match"]
        rows.append(
            [
                *names,
                f"{line['created'].astimezone():%Y-%m-%d %H:%M}",
                *(percent(exact[split]) if split in exact else "-" for split in ("validation", "unseen")),
            ]
        )
    shares = ["validation", "unseen"]
    return table(["run", "scenario", "tuning", "state", "created", *shares], rows, right=shares)
