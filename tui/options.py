"""Options and arguments that several commands share."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from tui.choices import run_names, scenario_names

Decorator = Callable[[Any], Any]


def workspace_option(envvar: str | None = None) -> Decorator:
    """`--workspace FOLDER`; a command that is not given one takes that of `tunetui` itself."""
    return click.option(
        "--workspace",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="FOLDER",
        envvar=envvar,
        show_envvar=True,
        callback=_inherited,
        help="Folder that keeps the runs; `tunetui info` says which one is used without it.",
    )


def _inherited(ctx: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
    return value or (ctx.parent.params.get("workspace") if ctx.parent else None)


def json_option(description: str) -> Decorator:
    """`--json`, with what it prints."""
    return click.option("--json", "as_json", is_flag=True, help=description)


def device_option() -> Decorator:
    """`--device`."""
    return click.option(
        "--device",
        metavar="auto|cpu|cuda|mps",
        help="What computes (`tunetui info` lists what is there). Without it: the best, or what a resumed run had.",
    )


def scenario_argument(required: bool = True) -> Decorator:
    """SCENARIO: a name or the path of a file, completed by name."""
    return click.argument("scenario", required=required, type=ScenarioName())


def run_argument() -> Decorator:
    """RUN: an id, a unique prefix of one, or `latest`, completed by id."""
    return click.argument("run", type=RunName())


class ScenarioName(click.Path):
    """Text whose completions are the scenarios' names and the files of the current folder."""

    name = "scenario"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        names = [CompletionItem(name) for name in scenario_names() if name.startswith(incomplete)]
        return names or super().shell_complete(ctx, param, incomplete)


class RunName(click.types.StringParamType):
    """Text whose completions are the ids of the workspace's runs."""

    name = "run"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        names = run_names(ctx.params.get("workspace"))
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


class FiniteRange(click.FloatRange):
    """A number within bounds; `nan` and `inf` are none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is not a number to count with.", param, ctx)
        return number
