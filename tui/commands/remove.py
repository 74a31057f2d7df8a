"""`tunetui remove`."""

import sys
from pathlib import Path

import click

from tui.options import RunName, workspace_option


@click.command("remove")
@click.argument("runs", nargs=-1, required=True, metavar="RUN...", type=RunName())
@click.option("--yes", is_flag=True, help="Do not ask.")
@workspace_option()
def command(runs: tuple[str, ...], yes: bool, workspace: Path | None) -> None:
    """Remove runs, their checkpoints and their story for good.

    RUN is an id, the beginning of one, or `latest`. A run that is running is not removed.
    """
    from engine.workspace import Workspace

    home = Workspace(workspace)
    found = {entry.id: entry for entry in map(home.find_any, runs)}
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("nobody is at the keyboard to confirm it; say --yes")
        if not click.confirm(f"Remove {', '.join(found)} for good?", err=True):
            return
    for entry in found.values():
        home.remove(entry)
        click.echo(f"Removed {entry.id}.")
