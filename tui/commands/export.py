"""`tunetui export`."""

from pathlib import Path

import click

from tui.options import run_argument, workspace_option


@click.command("export")
@run_argument()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--half", is_flag=True, help="Write the weights in float16: half the size, rounded a little.")
@workspace_option()
def command(run: str, folder: Path, half: bool, workspace: Path | None) -> None:
    """Write a run's model to FOLDER for use elsewhere.

    The folder gets the weights as safetensors, the tokenizer, the prompt template, the configuration and a model card.
    RUN is an id, the beginning of one, or `latest`.
    """
    from engine.workspace import Workspace

    found = Workspace(workspace).find(run, with_model=True)

    from engine import headless

    headless.export(found, folder, half=half)
    click.echo(f"Exported {found.id} to {folder}.")
