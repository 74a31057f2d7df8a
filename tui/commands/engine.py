"""`tunetui engine status` and `tunetui engine stop`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.options import json_option, workspace_option

if TYPE_CHECKING:
    from engine.requests import EngineStatus


@click.group("engine")
@workspace_option()
def command(workspace: Path | None) -> None:
    """The process that trains and answers in the background.

    The first command that needs it starts it. It outlives the terminal, and leaves by itself when it has had nothing to
    do for ten minutes.
    """


@command.command()
@workspace_option()
@json_option("Print an object: pid (null: there is none), socket, since, runs, models, memory, device.")
def status(workspace: Path | None, as_json: bool) -> None:
    """Show whether an engine is there, and what it is doing."""
    from engine.workspace import Workspace
    from tui.engine_calls import with_engine_if_there
    from tui.json_output import print_json
    from tui.plain_text import plain_text

    home = Workspace(workspace)
    found = with_engine_if_there(home, lambda engine: engine.status(), any_version=True)
    if as_json:
        print_json(found or no_engine())
    elif not found:
        click.echo("There is no engine for this workspace. The next command that needs one starts it.")
    else:
        click.echo(f"Process {found.pid} since {found.since.astimezone():%Y-%m-%d %H:%M}, {found.memory >> 20} MiB")
        click.echo(plain_text(f"runs    {', '.join(found.runs) or '-'}"))
        click.echo(plain_text(f"models  {', '.join(found.models) or '-'}"))
        click.echo(plain_text(f"socket  {found.socket}"))


@command.command()
@workspace_option()
@json_option("Print an object: pid of the engine that was ended (null: there was none), runs that had not ended.")
def stop(workspace: Path | None, as_json: bool) -> None:
    """End the engine. Its run is saved; that one and those in line can be resumed."""
    from engine.client import Client
    from engine.workspace import Workspace
    from tui.engine_calls import with_engine_if_there
    from tui.json_output import print_json
    from tui.plain_text import plain_text

    async def end(engine: Client) -> "EngineStatus":
        ended = await engine.status()
        await engine.shutdown()
        return ended

    ended = with_engine_if_there(Workspace(workspace), end, any_version=True)
    if as_json:
        print_json({"pid": ended.pid if ended else None, "runs": ended.runs if ended else []})
    elif not ended:
        click.echo("There is no engine for this workspace.")
    else:
        click.echo(f"The engine, process {ended.pid}, has ended.")
        for run in ended.runs:
            click.echo(plain_text(f"Not finished: {run}. Go on with: tunetui resume {run}"))


def no_engine() -> dict[str, Any]:
    """The status where there is none."""
    return {"pid": None, "socket": None, "since": None, "runs": [], "models": [], "memory": 0, "device": ""}
