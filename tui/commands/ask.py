"""`tunetui ask`."""

from pathlib import Path
from typing import Any

import click

from tui.options import FiniteRange, device_option, json_option, run_argument, workspace_option


@click.command("ask")
@run_argument()
@click.argument("prompts", nargs=-1, required=True, metavar="PROMPT...")
@click.option(
    "--temperature",
    type=FiniteRange(min=0),
    metavar="T",
    default=0.0,
    show_default=True,
    help="0 takes the most likely token each time; higher draws more freely.",
)
@click.option(
    "--top-k",
    type=click.IntRange(min=0),
    metavar="K",
    default=0,
    show_default=True,
    help="Draw from so many of the most likely tokens; 0 draws from all.",
)
@click.option(
    "--top-p",
    type=FiniteRange(min=0, max=1, min_open=True),
    metavar="P",
    default=1.0,
    show_default=True,
    help="Draw from the most likely tokens that together have this probability.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    metavar="N",
    default=0,
    show_default=True,
    help="The same seed draws the same answer.",
)
@click.option("--length", type=click.IntRange(min=1), metavar="N", help="Tokens of an answer at most.")
@device_option()
@workspace_option()
@json_option('Print one object a line: {"prompt", "response", "tokens": [{"text", "probability"}], "stopped"}.')
def command(
    run: str, prompts: tuple[str, ...], as_json: bool, device: str | None, workspace: Path | None, **options: Any
) -> None:
    """Let a run's model answer prompts, one answer a line.

    RUN is an id, the beginning of one, or `latest`. The PROMPT - reads prompts from standard input, one a line.
    An answer that the model did not end by itself has … behind it.

    \b
    tunetui ask latest "Add 12 and 34" "Reverse cat"
    tunetui ask latest - --json < prompts.txt
    """
    from engine.workspace import Workspace
    from tui.figures import shown
    from tui.json_output import print_json_line
    from tui.plain_text import plain_text
    from tui.prompt_input import prompts_of

    found = Workspace(workspace).find(run)

    from engine import headless

    for answer in headless.ask(found, prompts_of(prompts), device=device or "auto", **options):
        if as_json:
            print_json_line(answer)
            continue
        if answer.note:
            click.echo(plain_text(f"{answer.prompt}: {answer.note}"), err=True)
        click.echo(shown(answer))
