"""`tunetui show`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.options import json_option, run_argument, workspace_option

if TYPE_CHECKING:
    from engine.runs import Run


@click.command("show")
@run_argument()
@workspace_option()
@json_option("Print an object: run, scenario, tuning, state, seed, step, weights, scores and more.")
def command(run: str, workspace: Path | None, as_json: bool) -> None:
    """Show what was asked of a run and what became of it.

    RUN is an id, the beginning of one, or `latest`.
    """
    from engine.workspace import Workspace
    from tui.figures import score_table
    from tui.json_output import print_json
    from tui.plain_text import plain_text

    found = Workspace(workspace).find(run)
    facts = description(found)
    if as_json:
        print_json(facts)
        return
    scores = facts.pop("scores")
    for name, value in facts.items():
        click.echo(f"{name:<12} {plain_text(str(value)) or '-'}")
    if scores:
        click.echo("\n" + score_table(scores))


def description(run: "Run") -> dict[str, Any]:
    """Everything about a run; `weights` is the SHA-256 of the last checkpoint's tensors, empty where there is none."""
    from engine.event_log import last
    from engine.protocol import Checkpoint

    checkpoint = last(run.events_file, Checkpoint)
    info = run.info
    return {
        "run": run.id,
        "title": info.scenario.title,
        "scenario": info.name,
        "tuning": info.tuning,
        "state": run.state(),
        "created": info.created.isoformat(timespec="seconds"),
        "seed": info.seed,
        "device": info.device,
        "threads": info.threads,
        "precision": info.precision,
        "tunetui": info.versions.tunetui,
        "torch": info.versions.torch,
        "python": info.versions.python,
        "data": info.data,
        "base": info.base,
        "parent": info.parent,
        "step": checkpoint.step if checkpoint else 0,
        "weights": checkpoint.weights if checkpoint else "",
        "folder": str(run.folder),
        "scores": run.scores(),
    }
