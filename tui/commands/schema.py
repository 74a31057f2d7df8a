"""`tunetui schema`."""

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of a scenario file.

    Editors use it to complete and check keys: tunetui schema > scenario.schema.json
    """
    from engine.scenario_schema import schema
    from tui.json_output import print_json

    print_json(schema())
