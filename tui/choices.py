"""What can be named on the command line: scenarios and runs. For completion, so a workspace out of order names none."""

from contextlib import suppress
from pathlib import Path


def scenario_names() -> list[str]:
    """Names of the built-in scenarios and the user's own."""
    from engine.scenario_library import built_in, own

    return sorted(built_in() | own())


def run_names(workspace: Path | None) -> list[str]:
    """`latest` and the ids of the workspace's runs, newest first."""
    from engine.errors import EngineError, InputError
    from engine.workspace import Workspace

    with suppress(EngineError, InputError):
        return ["latest", *(run.id for run in Workspace(workspace).runs())]
    return []
