"""What a person reads when something went wrong, and the exit status that goes with it."""

import tempfile
import time
import traceback
from pathlib import Path

from platformdirs import user_log_path

from engine.errors import EngineError, InputError
from tui.plain_text import plain_text


def report(error: Exception) -> int:
    """Say on standard error what happened. Returns the exit status: 2 for wrong input, 1 for everything else."""
    import click  # the app's first frame does not wait for it

    if isinstance(error, InputError):
        for problem in error.problems:
            click.echo(plain_text(str(problem)), err=True)
        return 2
    if isinstance(error, EngineError):
        click.echo(f"tunetui: {plain_text(str(error))}", err=True)
    elif isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        click.echo(f"tunetui: {plain_text(f'{place}{error.strerror or error}')}", err=True)
    else:
        path = write_traceback(error)
        advice = f"Please report it with the file {path}" if path else plain_text(repr(error))
        click.echo(f"tunetui: a mistake in tunetui itself ended it. {advice}", err=True)
    return 1


def write_traceback(error: Exception) -> Path | None:
    """Write the traceback to a new file, in the log folder or in the temporary one; None where that cannot be done."""
    text = "".join(traceback.format_exception(error))
    name = time.strftime("crash-%Y%m%d-%H%M%S-")
    for folder in (crash_folder(), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", errors="replace", dir=folder, prefix=name, suffix=".txt", delete=False
            ) as file:
                file.write(text)
            return Path(file.name)
        except OSError:
            continue
    return None


def crash_folder() -> Path:
    """Where the tracebacks of crashes are kept."""
    return user_log_path("tunetui", appauthor=False)
