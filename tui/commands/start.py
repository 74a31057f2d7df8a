"""`tunetui [SCENARIO]`, without a command."""

import gc
import sys
from pathlib import Path

import click

from tui.options import scenario_argument, workspace_option


@click.command("start", hidden=True)
@scenario_argument(required=False)
@workspace_option()
def command(scenario: str | None, workspace: Path | None) -> None:
    """Open the terminal app."""
    from engine.scenario_library import DEFAULT, find
    from engine.workspace import Workspace

    home = Workspace(workspace)
    path = find(scenario) if scenario else None
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError(f"the app needs a terminal; without one: tunetui train {scenario or DEFAULT}")

    # The garbage collector would walk through everything several times while it is made, and find nothing. The app
    # switches it on again when all is there (`TunetuiApp._open_main`).
    gc.disable()
    from tui.app import TunetuiApp
    from tui.stray_output import stray_output_to

    with stray_output_to(home.folder / "app-log.txt"):
        app = TunetuiApp(path, workspace=home)
        app.run()
    if app.failure:
        raise app.failure
