"""The engine as a command uses it: one thing asked, and the connection closed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from engine.client import Client
    from engine.runs import Run
    from engine.workspace import Workspace

T = TypeVar("T")

Ask = Callable[["Client"], Awaitable[T]]


def with_engine(workspace: "Workspace", ask: Ask[T]) -> T:
    """Ask the engine of a workspace, started if need be.

    Raises:
        InputError, EngineError: what it says, or why it cannot be had.
    """

    async def do(engine: "Client") -> T:
        await engine.connect()
        return await ask(engine)

    return asyncio.run(_closed(workspace, do, any_version=False))


def with_engine_if_there(workspace: "Workspace", ask: Ask[T], *, any_version: bool = False) -> T | None:
    """Ask the engine of a workspace; None where there is none.

    Raises:
        InputError, EngineError: what it says.
    """

    async def do(engine: "Client") -> T | None:
        return await ask(engine) if await engine.connect_if_there() else None

    return asyncio.run(_closed(workspace, do, any_version=any_version))


async def _closed(workspace: "Workspace", do: Ask[T], any_version: bool) -> T:
    from engine.client import Client

    engine = Client(workspace, any_version=any_version)
    try:
        return await do(engine)
    finally:
        await engine.close()


def tell_state(run: "Run", as_json: bool, state: str = "") -> None:
    """Print how it stands with a run now."""
    from tui.json_output import print_json

    state = state or run.state()
    if as_json:
        print_json({"run": run.id, "state": state})
    else:
        click.echo(f"{run.id} is {state}.")
