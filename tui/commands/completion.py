"""`tunetui completion`."""

import click
from click.shell_completion import get_completion_class


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script for completion in a shell.

    It completes commands, options, scenarios and runs.

    \b
    bash: add to ~/.bashrc    eval "$(tunetui completion bash)"
    zsh:  add to ~/.zshrc     eval "$(tunetui completion zsh)"
    fish: run once            tunetui completion fish > ~/.config/fish/completions/tunetui.fish
    """
    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(ctx.find_root().command, {}, "tunetui", "_TUNETUI_COMPLETE").source())
