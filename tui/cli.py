"""`tunetui`: a group of commands that imports a command only when it is asked for.

Each command is the module of its name in `tui.commands`, looked up when it is needed. So `--help` imports neither torch
nor Textual, and the app, which imports nothing of `tui.commands`, has no way to torch through it.
"""

import importlib
import os
import signal
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from io import TextIOWrapper
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from tui.choices import scenario_names
from tui.options import workspace_option

COMMANDS = (
    "scenarios",
    "check",
    "schema",
    "train",
    "pretrain",
    "watch",
    "pause",
    "resume",
    "stop",
    "ask",
    "evaluate",
    "compare",
    "runs",
    "show",
    "remove",
    "export",
    "engine",
    "info",
    "completion",
)
"""In the order of `--help`."""


class CommandGroup(click.Group):
    """The commands, and `tunetui [SCENARIO]` without one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return load_command(cmd_name) if cmd_name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name in COMMANDS or name.startswith("-"):
            return super().resolve_command(ctx, args)
        close = get_close_matches(name, COMMANDS, n=1, cutoff=0.7)
        if close and not Path(name).exists() and name not in scenario_names():
            raise click.UsageError(f"there is no command {name!r}; did you mean {close[0]!r}?", ctx)
        return "", load_command("start"), args

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        scenarios = [CompletionItem(name) for name in scenario_names() if name.startswith(incomplete)]
        return [*super().shell_complete(ctx, incomplete), *scenarios]


def load_command(name: str) -> click.Command:
    """The command of the module `tui.commands.NAME`."""
    command: click.Command = importlib.import_module(f"tui.commands.{name}").command
    return command


def show_version(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    """Print the version and end."""
    if wanted and not ctx.resilient_parsing:
        from engine import __version__

        click.echo(f"tunetui {__version__}")
        ctx.exit()


@click.group(
    cls=CommandGroup,
    invoke_without_command=True,
    subcommand_metavar="[SCENARIO] | COMMAND [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 done, 1 failed, 2 wrong usage or input, 130 or 143 stopped by a signal.",
)
@workspace_option(envvar="TUNETUI_WORKSPACE")
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=show_version, help="Show the version."
)
@click.pass_context
def tunetui(ctx: click.Context, workspace: Path | None) -> None:
    """Tune tiny language models in seconds, and see what fine-tuning and instruction tuning do.

    SCENARIO is the name of a scenario or the path of a scenario file. Without a command, tunetui opens it in the
    terminal app; without a name, the one that was open last.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(load_command("start"), scenario=None, workspace=workspace)


def open_streams() -> None:
    """Make the standard streams safe to use: also where one is closed, or cannot show every character."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status; nothing that goes wrong ends in a traceback."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    open_streams()
    try:
        status = tunetui.main(arguments, prog_name="tunetui", standalone_mode=False)
        return status if isinstance(status, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return 130
    except Exception as error:
        from tui.failure import report

        return report(error)
