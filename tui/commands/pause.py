"""`tunetui pause`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.options import json_option, run_argument, workspace_option

if TYPE_CHECKING:
    from engine.runs import Run


@click.command("pause")
@run_argument()
@workspace_option()
@json_option("Print an object: run, state.")
def command(run: str, workspace: Path | None, as_json: bool) -> None:
    """Hold a run that is training in the background after its step.

    RUN is an id, the beginning of one, or `latest`. `tunetui resume` lets it go on. Those in line behind it wait.
    """
    from engine.client import Client
    from engine.errors import EngineError
    from engine.workspace import Workspace
    from tui.engine_calls import with_engine_if_there

    home = Workspace(workspace)
    found = home.find(run)

    async def pause(engine: Client) -> bool:
        await engine.pause(found.id)
        return True

    if not with_engine_if_there(home, pause):
        raise EngineError(f"{found.id} is not training in the background: this workspace has no engine now.")
    tell_state(found, as_json)


def tell_state(run: "Run", as_json: bool, state: str = "") -> None:
    """Print how it stands with a run now."""
    from tui.json_output import print_json

    state = state or run.state()
    if as_json:
        print_json({"run": run.id, "state": state})
    else:
        click.echo(f"{run.id} is {state}.")
