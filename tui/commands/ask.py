"""`tunetui ask`."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.options import FiniteRange, device_option, json_option, run_argument, workspace_option

if TYPE_CHECKING:
    from engine.protocol import Answer
    from engine.runs import Run
    from engine.workspace import Workspace


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
    An answer that the model did not end by itself has … behind it. A run that is training in the background answers
    with its weights of this moment, any other with its newest checkpoint; so does every run with --device.

    \b
    tunetui ask latest "Add 12 and 34" "Reverse cat"
    tunetui ask latest - --json < prompts.txt
    """
    from engine.workspace import Workspace
    from tui.figures import shown
    from tui.json_output import print_json_line
    from tui.plain_text import plain_text
    from tui.prompt_input import prompts_of

    home = Workspace(workspace)
    found = home.find(run, with_model=True)

    def show(answer: "Answer") -> None:
        if as_json:
            print_json_line(answer)
            return
        if answer.note:
            click.echo(plain_text(f"{answer.prompt}: {answer.note}"), err=True)
        click.echo(shown(answer))

    asked = prompts_of(prompts)
    if not device and answered_in_training(home, found, asked, show, **options):
        return

    from engine import headless

    for answer in headless.ask(found, asked, device=device or "auto", **options):
        show(answer)


def answered_in_training(
    workspace: "Workspace", run: "Run", prompts: Iterable[str], show: "Callable[[Answer], None]", **options: Any
) -> bool:
    """Let the engine answer for a run that it is training; false, with nothing asked, where it is not.

    Raises:
        EngineError: the engine cannot be reached, or the run has ended meanwhile and has no checkpoint.
        InputError: a prompt cannot be read.
    """
    from engine.client import Client
    from engine.errors import EngineError
    from engine.requests import ModelAnswer
    from tui.engine_calls import with_engine_if_there

    async def ask(engine: Client) -> bool:
        if run.id not in (await engine.status()).runs:
            return False
        for prompt in prompts:
            async for told in engine.ask([run.id], prompt, **options):
                if isinstance(told, ModelAnswer):
                    if not told.answer:
                        raise EngineError(told.error)
                    show(told.answer)
        return True

    return run.state() in ("running", "paused") and bool(with_engine_if_there(workspace, ask))
