"""`tunetui scenarios`."""

from pathlib import Path
from typing import Any

import click

from tui.options import json_option


@click.command("scenarios")
@json_option("Print a list of objects: name, title, tunings, path, own, problems.")
def command(as_json: bool) -> None:
    """List the scenarios that come with tunetui, and your own.

    `tunetui info` names the folder for your own.
    """
    from engine.scenario_library import built_in, own
    from tui.json_output import print_json
    from tui.plain_text import plain_text
    from tui.table import table

    found = [
        entry(name, path, is_own)
        for is_own, folder in ((False, built_in()), (True, own()))
        for name, path in folder.items()
    ]
    if as_json:
        print_json(found)
        return
    rows = [
        [one["name"], "own" if one["own"] else "built-in", ", ".join(one["tunings"]), one["title"]] for one in found
    ]
    click.echo(table(["name", "from", "tunings", "title"], [[plain_text(cell) for cell in row] for row in rows]))


def entry(name: str, path: Path, is_own: bool) -> dict[str, Any]:
    """What the list says of one scenario; of one that cannot be loaded it says so in place of the title."""
    from engine.errors import InputError
    from engine.scenario import tunings_of
    from engine.scenario_file import load

    title, tunings, problems = "", [], []
    try:
        scenario = load(path)
        title, tunings = scenario.title, list(tunings_of(scenario))
    except InputError as error:
        title, problems = (
            f"has mistakes: `tunetui check {name}` lists them",
            [str(problem) for problem in error.problems],
        )
    return {"name": name, "title": title, "tunings": tunings, "path": str(path), "own": is_own, "problems": problems}
