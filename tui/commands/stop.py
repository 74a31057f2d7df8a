"""`tunetui stop`."""

from pathlib import Path

import click

from tui.options import json_option, run_argument, workspace_option


@click.command("stop")
@run_argument()
@workspace_option()
@json_option("Print an object: run, state.")
def command(run: str, workspace: Path | None, as_json: bool) -> None:
    """End a run for good; what it has learned is saved first.

    RUN is an id, the beginning of one, or `latest`. A run that you start in the foreground is stopped with Ctrl-C.
    """
    from engine import last_word
    from engine.client import Client
    from engine.workspace import Workspace
    from tui.engine_calls import tell_state, with_engine_if_there

    home = Workspace(workspace)
    found = home.find(run)

    async def end(engine: Client) -> bool:
        await engine.stop(found.id)
        return True

    if not with_engine_if_there(home, end):
        last_word.stop(found)
    tell_state(found, as_json)
