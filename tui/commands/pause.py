"""`tunetui pause`."""

from pathlib import Path

import click

from tui.options import json_option, run_argument, workspace_option


@click.command("pause")
@run_argument()
@workspace_option()
@json_option("Print an object: run, state.")
def command(run: str, workspace: Path | None, as_json: bool) -> None:
    """Hold a run in the background, or take it out of the line.

    One that is training ends its step first. RUN is an id, the beginning of one, or `latest`. `tunetui resume` lets it
    go on. Those in line behind one that is held wait.
    """
    from engine.client import Client
    from engine.errors import EngineError
    from engine.workspace import Workspace
    from tui.engine_calls import tell_state, with_engine_if_there

    home = Workspace(workspace)
    found = home.find(run)

    async def pause(engine: Client) -> bool:
        await engine.pause(found.id)
        return True

    if not with_engine_if_there(home, pause):
        raise EngineError(f"{found.id} is not training in the background: this workspace has no engine now.")
    state = found.state()
    if state in ("queued", "interrupted") and not as_json:
        click.echo(f"{found.id} has left the line. `tunetui resume {found.id}` puts it in line again.")
    else:
        tell_state(found, as_json, state)
