"""A run's model written as a folder of its own, by a process of its own: the app has no torch."""

import asyncio
import sys
from pathlib import Path

from engine.errors import EngineError
from engine.workspace import Workspace


async def export_run(run: str, folder: Path, workspace: Workspace) -> None:
    """Export a run's newest model, as `tunetui export` does.

    Raises:
        EngineError: it could not be exported; the message says why.
    """
    command = [sys.executable, "-P", "-m", "tui", "export", run, str(folder), "--workspace", str(workspace.folder)]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise EngineError(said.decode("utf-8", "replace").strip() or f"the export ended with {process.returncode}")
