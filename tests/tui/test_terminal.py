"""The app in a terminal of its own that goes away, and what else would be written over its screen."""

import os
import pty
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tui.stray_output import stray_output_to

APP = """
import os, sys
from pathlib import Path
from tests.tui.apps import app_on
from tui.app import TunetuiApp
from tui.stray_output import stray_output_to

folder = Path(sys.argv[1])
def on_ready(app):
    print("a library speaks", file=sys.stderr)
    os.write(2, b"a C library speaks\\n")
    folder.joinpath("ready").touch()
TunetuiApp.on_ready = on_ready
with stray_output_to(folder / "log.txt"):
    app_on(folder).run()
"""


class Terminal:
    """The app on the greetings, in a pseudo-terminal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shown = b""
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:  # the app's process; a session leader, as a shell is
            os.environ["TERM"] = "xterm-256color"
            os.execv(sys.executable, [sys.executable, "-c", APP, str(folder)])
        self.wait_for("ready")

    def wait_for(self, pattern: str) -> None:
        """Take what the app draws until a file is there."""
        while not list(self.folder.glob(pattern)):
            self.read()

    def read(self) -> None:
        """Take what the app draws, if it draws something."""
        if select.select([self._terminal], [], [], 0.05)[0]:
            self.shown += os.read(self._terminal, 65536)

    def press(self, keys: str) -> None:
        """Press keys."""
        os.write(self._terminal, keys.encode())

    def close(self) -> int:
        """The terminal goes away. Returns the signal or exit status that the app ended with."""
        os.close(self._terminal)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def kill(self) -> int:
        """The app is asked to end. Returns what it ended with."""
        os.kill(self.pid, signal.SIGTERM)
        with suppress(OSError):  # when nobody is at the other end any more
            while True:
                self.read()
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def test_a_terminal_that_goes_away_takes_the_app_along_and_no_edit(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    while b"farewell" not in terminal.shown:
        terminal.read()
    terminal.press("jd")
    terminal.wait_for("workspace/journals/*")

    assert terminal.close() == 128 + signal.SIGHUP
    assert list(tmp_path.glob("workspace/journals/*"))
    assert '"rows":{' in (tmp_path / "workspace" / "app.json").read_text()


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_what_was_typed_into_a_form_is_an_edit_of_the_journal(tmp_path: Path, number: signal.Signals) -> None:
    terminal = Terminal(tmp_path)
    terminal.press("aHow do you do\x1b[11~")  # F1, whose help is drawn when the letters are there
    while b"Esc goes back" not in terminal.shown:
        terminal.read()

    ended = terminal.close() if number == signal.SIGHUP else terminal.kill()
    assert ended == 128 + number
    (journal,) = tmp_path.glob("workspace/journals/*.jsonl")
    assert "How do you do" in journal.read_text()


def test_what_libraries_write_to_standard_error_goes_to_the_log(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    log = tmp_path / "log.txt"
    while not {"a library speaks\n", "a C library speaks\n"} <= set(log.read_text().splitlines(keepends=True)):
        terminal.read()
    terminal.close()

    assert b"speaks" not in terminal.shown


def test_standard_error_is_as_before_when_the_app_has_ended(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from tui.stray_output import stray_output_to\n"
        "with stray_output_to(Path(sys.argv[1])): os.write(2, b'stray '); print('drawn', file=sys.__stderr__)\n"
        "print('after', file=sys.stderr)"
    )
    log = tmp_path / "folder" / "log.txt"
    result = subprocess.run([sys.executable, "-c", code, str(log)], capture_output=True, text=True, check=True)

    assert (result.stderr, log.read_text()) == ("drawn\nafter\n", "stray ")


def test_a_log_that_cannot_be_written_is_no_reason_not_to_start(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()

    with stray_output_to(tmp_path / "file" / "log.txt"):
        os.write(2, b"lost")

    assert capfd.readouterr().err == ""
