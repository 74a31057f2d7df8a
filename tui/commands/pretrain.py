"""`tunetui pretrain`."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.options import RunName, device_option, json_option, scenario_argument, workspace_option

if TYPE_CHECKING:
    from tui.follow import Job


@click.command("pretrain")
@scenario_argument(required=False)
@device_option()
@click.option("--steps", type=click.IntRange(min=1), metavar="N", help="In place of the scenario's steps.")
@workspace_option()
@click.option("--resume", metavar="RUN", type=RunName(), help="Go on with this run from its last checkpoint.")
@json_option("Print the events of the run and nothing else, one JSON object a line.")
@click.pass_context
def command(
    ctx: click.Context,
    scenario: str | None,
    device: str | None,
    steps: int | None,
    workspace: Path | None,
    resume: str | None,
    as_json: bool,
) -> None:
    """Make a base model from plain text.

    The table [pretraining] of a scenario says how. The text tells what rules do and never asks for anything. The
    scores say how often the model completes such a text about arguments that it has never read. The run, or what
    `tunetui export` makes of it, can be the `base` of a scenario. Ctrl-C finishes the step and saves; --resume goes on
    from there.
    """
    from engine.workspace import Workspace
    from tui.commands.train import answers_to_prompts, resumed_run
    from tui.follow import follow

    home = Workspace(workspace)
    job: Job
    if resume:
        if steps is not None:
            raise click.UsageError("a run goes on as it was begun: --resume takes no --steps")
        job = resumed_run(home, resume, scenario, device)
    elif scenario:
        from engine.scenario_file import load
        from engine.scenario_library import find

        path = find(scenario)
        loaded = load(path)

        from engine import headless

        job = partial(headless.pretrain, loaded, path.stem, workspace=home, device=device or "auto", steps=steps)
    else:
        raise click.UsageError("say which SCENARIO to make a base from, or which run to --resume")
    ctx.exit(follow([job], answers_to_prompts, as_json=as_json, workspace=workspace))
