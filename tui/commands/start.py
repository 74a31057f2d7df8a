"""`tunetui [SCENARIO]`, without a command."""

from pathlib import Path

import click

from tui.options import scenario_argument, workspace_option

DEFAULT = "arithmetic_reversal"


@click.command("start", hidden=True)
@scenario_argument(required=False)
@workspace_option()
@click.pass_context
def command(ctx: click.Context, scenario: str | None, workspace: Path | None) -> None:
    """Train a scenario and print what its models answer."""
    from engine.workspace import Workspace
    from tui.commands.train import answers_to_prompts, new_runs
    from tui.follow import follow

    jobs = new_runs(Workspace(workspace), scenario or DEFAULT)
    ctx.exit(follow(jobs, answers_to_prompts, workspace=workspace))
