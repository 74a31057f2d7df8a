"""An example, or a file, in the editor that `$VISUAL` or `$EDITOR` names; the app comes back when the editor ends."""

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec
from textual.app import App, SuspendNotSupported

from engine.examples import Example

RULE = "--- response below this line ---"
"""Stands between instruction and response in the file that is edited."""


def edited_in_editor(app: App[Any], example: Example) -> Example | None:
    """The example as it was edited; None where nothing changed, or no editor could be started (which is said)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "example.txt")
        path.write_text(f"{example.instruction}\n{RULE}\n{example.response}\n", encoding="utf-8", errors="replace")
        if not opened_in_editor(app, path):
            return None
        instruction, rule, response = path.read_text(encoding="utf-8", errors="replace").partition(f"\n{RULE}\n")
    if not rule:
        app.notify(f"The line “{RULE}” is gone, so nothing was taken over.", severity="warning", markup=False)
        return None
    edited = msgspec.structs.replace(example, instruction=instruction, response=response.removesuffix("\n"))
    return None if edited == example else edited


def opened_in_editor(app: App[Any], path: Path) -> bool:
    """Let a file be edited. Whether that went well; if not, it is said why."""
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        with app.suspend():
            editor = [*shlex.split(command), str(path)]
            status = subprocess.run(editor, check=False, stderr=sys.__stderr__).returncode
    except (OSError, ValueError) as error:
        reason = f"{command} cannot be started: {error}. Set $EDITOR to an editor that can."
    except SuspendNotSupported:
        reason = "Another program cannot be started from here."
    else:
        if status == 0:
            return True
        reason = f"{command} ended with status {status}, so nothing was taken over."
    app.notify(reason, severity="warning", markup=False)
    return False
