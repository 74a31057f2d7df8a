"""`tunetui evaluate`."""

from pathlib import Path

import click

from tui.options import device_option, json_option, run_argument, workspace_option


@click.command("evaluate")
@run_argument()
@click.option(
    "--split",
    "splits",
    multiple=True,
    type=click.Choice(["train", "validation", "unseen"]),
    help="Only this split; may be given several times.",
)
@click.option("--task", "tasks", multiple=True, metavar="TASK", help="Only this task; may be given several times.")
@device_option()
@workspace_option()
@json_option('Print the scores: {SPLIT: {TASK: {"exact_match", "did_not_stop", "loss", "examples"}}}.')
def command(
    run: str,
    splits: tuple[str, ...],
    tasks: tuple[str, ...],
    device: str | None,
    workspace: Path | None,
    as_json: bool,
) -> None:
    """Score a run's last checkpoint again, on all of its examples.

    RUN is an id, the beginning of one, or `latest`. Exact match counts an answer that equals the response and ends
    there; "did not stop" counts one that was right but went on. Loss is in nats a token.
    """
    from engine.workspace import Workspace
    from tui.figures import score_table
    from tui.json_output import print_json

    home = Workspace(workspace)
    found = home.find(run, with_model=True)

    from engine import headless

    scores = headless.evaluate(found, workspace=home, device=device or "auto", splits=splits, tasks=tasks)
    if as_json:
        print_json(scores)
    else:
        click.echo(score_table(scores))
