"""`tunetui info`."""

from pathlib import Path
from typing import Any

import click

from tui.options import json_option, workspace_option

PACKAGES = ("torch", "textual", "rich", "click", "msgspec", "tomlkit", "safetensors", "numpy", "pyarrow")


@click.command("info")
@workspace_option()
@json_option("Print an object: versions, devices, paths.")
def command(workspace: Path | None, as_json: bool) -> None:
    """Show versions, devices, and every path that tunetui uses."""
    from tui.json_output import print_json
    from tui.plain_text import plain_text

    facts = {"versions": versions(), "devices": devices(), "paths": paths(workspace)}
    if as_json:
        print_json(facts)
        return
    for group, values in facts.items():
        click.echo(group)
        lines = (f"{name:<18} {value}" for name, value in values.items()) if isinstance(values, dict) else values
        for line in lines:
            click.echo("  " + plain_text(line))


def versions() -> dict[str, str]:
    """Of tunetui, Python, the system and the libraries; what is not installed is left out."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    from engine import __version__

    found = {"tunetui": __version__, "python": platform.python_version(), "system": platform.platform()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def devices() -> list[str]:
    """What torch can compute on here."""
    from engine import headless

    return headless.devices()


def paths(workspace: Path | None) -> dict[str, str]:
    """Every folder that tunetui reads or writes by itself."""
    from engine.scenario_library import built_in_folder, own_folder
    from engine.workspace import Workspace
    from tui.failure import crash_folder
    from tui.settings import settings_file

    folders: dict[str, Any] = {
        "workspace": Workspace(workspace).folder,
        "own scenarios": own_folder(),
        "built-in scenarios": built_in_folder(),
        "settings": settings_file().parent,
        "crash reports": crash_folder(),
    }
    return {name: str(folder) for name, folder in folders.items()}
