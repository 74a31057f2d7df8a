"""The JSON Schema of a scenario file, every key described by the docstring below it in the code."""

import ast
import inspect
from functools import cache
from typing import Any

import msgspec

from engine.scenario import Scenario
from engine.scenario_table import Table


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a scenario, for editors and other tools."""
    result = msgspec.json.schema(Scenario)
    for name, table in result["$defs"].items():
        for key, part in table["properties"].items():
            part["description"] = descriptions()[name].get(key, "Which kind of model this table describes.")
    # The reader takes a table without its architecture for the first one of the union.
    result["$defs"]["Transformer"]["required"].remove("architecture")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "tunetui scenario", **result}


@cache
def descriptions() -> dict[str, dict[str, str]]:
    """What each key means, by the name of its struct and its own."""
    tables = [node for table in Table.__subclasses__() for node in ast.parse(inspect.getsource(table)).body]
    return {node.name: _below_keys(node) for node in tables if isinstance(node, ast.ClassDef)}


def _below_keys(table: ast.ClassDef) -> dict[str, str]:
    found = {}
    for field, text in zip(table.body, table.body[1:], strict=False):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=key)), ast.Expr(value=ast.Constant(value=str(description))):
                found[key] = inspect.cleandoc(description)
    return found
