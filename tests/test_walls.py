"""The walls between the rooms: contracts that read the code, and processes that look at what was imported."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

PROJECT = Path(__file__).parent.parent

RUN_COMMANDS = """
import json, sys
from tui.cli import main

imported = {"import": sorted({"torch", "textual"} & set(sys.modules))}
for arguments in json.loads(sys.argv[1]):
    status = main(arguments)
    imported[" ".join(arguments)] = [status, *sorted({"torch", "textual"} & set(sys.modules))]
print(json.dumps(imported))
"""

IMPORT_MODULES = """
import importlib, json, sys

for module in json.loads(sys.argv[1]):
    importlib.import_module(module)
print(json.dumps(sorted({"torch", "textual", "rich", "tui"} & set(sys.modules))))
"""


def in_a_process(code: str, argument: object) -> Any:
    result = subprocess.run(
        [sys.executable, "-c", code, json.dumps(argument)], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.splitlines()[-1])


def torch_room() -> tuple[str, ...]:
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (contract,) = (contract for contract in contracts if "torch" in contract.get("protected_modules", []))
    return tuple(contract["allowed_importers"])


def modules_of(package: str) -> list[str]:
    paths = sorted((PROJECT / package).rglob("*.py"))
    return [".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__") for path in paths]


def test_the_import_contracts_hold() -> None:
    assert lint_imports(str(PROJECT / "pyproject.toml"), no_logo=True) == EXIT_STATUS_SUCCESS


def test_commands_that_compute_nothing_import_neither_torch_nor_textual() -> None:
    commands = [
        ["--help"],
        ["--version"],
        ["train", "--help"],
        ["scenarios"],
        ["schema"],
        ["check", "notebook_instructions"],
        ["runs"],
        ["engine", "status"],
        ["completion", "fish"],
    ]

    imported = in_a_process(RUN_COMMANDS, commands)

    assert imported == {"import": []} | {" ".join(command): [0] for command in commands}


def test_the_engine_above_the_torch_line_imports_neither_torch_nor_a_screen() -> None:
    room = torch_room()
    above = [name for name in modules_of("engine") if not any(f"{name}.".startswith(f"{part}.") for part in room)]

    assert "engine.runs" in above
    assert in_a_process(IMPORT_MODULES, above) == []


def test_importing_every_part_of_the_app_imports_no_torch() -> None:
    assert "torch" not in in_a_process(IMPORT_MODULES, [name for name in modules_of("tui") if "__main__" not in name])


def test_importing_the_whole_engine_imports_no_screen() -> None:
    assert in_a_process(IMPORT_MODULES, modules_of("engine")) == ["torch"]
