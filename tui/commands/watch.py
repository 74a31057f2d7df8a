"""`tunetui watch`."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.options import json_option, run_argument, workspace_option

if TYPE_CHECKING:
    from engine.protocol import AnyEvent
    from engine.story import Story

INTERVAL = 0.1
"""Seconds between two looks at the run's log."""


@click.command("watch")
@run_argument()
@workspace_option()
@json_option("Print the events of the run and nothing else, one JSON object a line.")
@click.pass_context
def command(ctx: click.Context, run: str, workspace: Path | None, as_json: bool) -> None:
    """Follow a run to its end, wherever it is trained.

    What has happened so far is told first. RUN is an id, the beginning of one, or `latest`. Ctrl-C leaves; the run
    goes on. The exit status is 0 when the run is finished or was stopped, and 1 when it failed or was interrupted.
    """
    from engine.protocol import Failed, Finished, Interrupted, Stopped, encode
    from engine.story import Story
    from engine.workspace import Workspace
    from tui.engine_calls import with_engine_if_there
    from tui.follow import advice, result, watcher, written

    home = Workspace(workspace)
    found = home.find(run)
    story = Story(found)

    def is_in_line() -> bool:
        status = with_engine_if_there(home, lambda engine: engine.status())
        return status is not None and found.id in status.runs

    if not as_json and found.state() == "queued":
        when = "is in line" if is_in_line() else f"is not in line: `tunetui resume {found.id}` begins it"
        click.echo(f"{found.id} has not begun. It {when}.", err=True)
    last: AnyEvent | None = None
    with watcher(as_json) as watching:
        for event in told(story, is_in_line, every=as_json):
            last = event
            if as_json and not written(encode(event)):
                ctx.exit(0)
            watching.show(event)
    match last:
        case Finished() if not as_json:
            click.echo(result(found, last))
        case Failed():
            hint = f" ({last.hint})" if last.hint else ""
            click.echo(f"{found.id} failed at step {last.step:,}: {last.message}{hint}", err=True)
        case Stopped():
            click.echo(f"{found.id} was stopped after step {last.step:,}.", err=True)
        case Interrupted():
            click.echo(advice(found, last, workspace), err=True)
    ctx.exit(0 if isinstance(last, Finished | Stopped) else 1)


def told(story: "Story", is_in_line: Callable[[], bool], *, every: bool) -> "Iterator[AnyEvent]":
    """A run's events as they come, until nobody works on it and it does not wait in line either.

    Args:
        story: not begun yet.
        is_in_line: asked when nobody works on the run.
        every: whether each step is told; otherwise many are left out of what has happened in a long time.
    """
    from engine.story import MOST_STEPS

    while True:
        is_over = story.is_over() and not is_in_line()
        for events in story.news(None if every else MOST_STEPS):
            is_over = False
            yield from events
        if is_over:
            return
        time.sleep(INTERVAL)
