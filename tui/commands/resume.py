"""`tunetui resume`."""

from pathlib import Path

import click

from tui.options import json_option, run_argument, workspace_option


@click.command("resume")
@run_argument()
@workspace_option()
@json_option("Print an object: run, state.")
def command(run: str, workspace: Path | None, as_json: bool) -> None:
    """Let a paused or interrupted run go on in the background.

    An interrupted one goes on from its last checkpoint. RUN is an id, the beginning of one, or `latest`. `tunetui
    watch` follows it. In the foreground, `tunetui train --resume` does the same.
    """
    from engine.client import Client
    from engine.workspace import Workspace
    from tui.engine_calls import tell_state, with_engine

    home = Workspace(workspace)
    found = home.find(run)

    async def resume(engine: Client) -> str:
        await engine.resume(found.id)
        return next((each.state for each in await engine.runs() if each.id == found.id), "")

    tell_state(found, as_json, with_engine(home, resume))
