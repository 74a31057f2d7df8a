"""What `--json` prints: valid JSON (not a number is null), in the order of the fields."""

from typing import Any

import click
import msgspec


def print_json(value: Any) -> None:
    """Print one value, indented; structs become objects."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))


def print_json_line(value: Any) -> None:
    """Print one value on one line."""
    click.echo(msgspec.json.encode(value))
