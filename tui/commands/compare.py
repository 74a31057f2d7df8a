"""`tunetui compare`."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.options import RunName, ScenarioName, device_option, json_option, workspace_option

if TYPE_CHECKING:
    from engine.matrix import ComparedModel
    from engine.protocol import Answer


@click.command("compare")
@click.argument("runs", nargs=-1, required=True, metavar="RUN...", type=RunName())
@click.option("--task", "tasks", multiple=True, metavar="TASK", help="Only this task; may be given several times.")
@click.option("--prompt", metavar="TEXT", help="Ask every model this, and nothing else.")
@click.option(
    "--scenario",
    type=ScenarioName(),
    metavar="SCENARIO",
    help="Take the questions and the base from it. Without it: from the scenario of the first run.",
)
@click.option(
    "--development", is_flag=True, help="The unseen tasks and wordings for choices, not those for the report."
)
@click.option(
    "--examples",
    type=click.IntRange(min=1),
    metavar="N",
    default=20,
    show_default=True,
    help="Questions of each task in each group.",
)
@device_option()
@workspace_option()
@json_option('Print an object: {"models", "cells", "summary", "lost", "instead"}; with --prompt a list of answers.')
def command(
    runs: tuple[str, ...],
    tasks: tuple[str, ...],
    prompt: str | None,
    scenario: str | None,
    development: bool,
    examples: int,
    device: str | None,
    workspace: Path | None,
    as_json: bool,
) -> None:
    """Ask several models the same, and show how each of them does.

    RUN is an id, the beginning of one, `latest`, or `base` for the base of the scenario. Each model answers with its
    own weights, whose hash is shown. All are asked the same questions, about numbers and words that no training has
    seen: the trained tasks, in new wordings, by new names, unseen tasks, and more. What a model lost is told against
    what it started from.

    \b
    tunetui compare base latest
    tunetui compare base ab12 cd34 --task reverse --task upper
    tunetui compare base latest --prompt "please flip cat"
    """
    from msgspec.structs import asdict

    from engine.workspace import Workspace
    from tui.json_output import print_json
    from tui.matrix_text import matrix_text
    from tui.prompt_input import text

    home = Workspace(workspace)
    for name in set(runs) - {"base"}:
        home.find(name)

    from engine.compare_runs import Asked, ask_each, compare_runs

    asked = Asked(*found_scenario(scenario)) if scenario else None
    where: dict[str, Any] = {"workspace": home, "asked": asked, "device": device or "auto"}
    if prompt is not None:
        answers = ask_each(runs, text(prompt.encode("utf-8", "surrogateescape"), "--prompt"), **where)
        if as_json:
            print_json([asdict(model) | asdict(answer) for model, answer in answers])
        else:
            click.echo(answer_lines(answers))
        return
    matrix = compare_runs(runs, tasks=tasks, count=examples, development=development, **where)
    if as_json:
        print_json(matrix)
    else:
        click.echo(matrix_text(matrix, every_group=bool(tasks)))


def found_scenario(name: str) -> tuple[Any, Path]:
    """A scenario by name or path, and its folder."""
    from engine.scenario_file import load
    from engine.scenario_library import find

    path = find(name)
    return load(path), path.parent


def answer_lines(answers: Iterable[tuple["ComparedModel", "Answer"]]) -> str:
    """One line for each model: its answer, and each token with its probability in percent."""
    from tui.figures import shown
    from tui.matrix_text import whole_percent
    from tui.plain_text import plain_text
    from tui.table import table

    rows = []
    for model, answer in answers:
        tokens = [f"{plain_text(token.text) or '⏹'} {whole_percent([token.probability])}" for token in answer.tokens]
        rows.append([plain_text(model.run), shown(answer) or "-", "  ".join(tokens) or plain_text(answer.note)])
    return table(["model", "answer", "its tokens, each with its probability in percent"], rows)
