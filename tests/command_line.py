"""`tunetui` as a user starts it: a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

TUNETUI = str(Path(sys.executable).with_name("tunetui"))


def tunetui(
    *arguments: str, cwd: Path, stdin: str = "", program: tuple[str, ...] = (TUNETUI,), **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run it to its end; its output is decoded, its exit status is not checked."""
    return subprocess.run(
        [*program, *arguments],
        cwd=cwd,
        input=stdin,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
