"""Writes prompts and answers to a file."""

from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Footer, Input, Static

from engine import atomic
from engine.errors import EngineError
from tui.plain_text import plain_text
from tui.widgets.plain_input import PlainInput

NAME = "console.txt"


class WriteTranscriptScreen(ModalScreen[None]):
    """Asks for the file's name. A file that is there is only replaced when Enter is pressed twice."""

    DEFAULT_CSS = """
    WriteTranscriptScreen {
        align: center middle;
        & #form { width: 76; max-width: 100%; height: auto; border: round $border; padding: 1 2 0 2; }
        & #form { background: $surface; }
        & PlainInput { height: 1; border: none; padding: 0 1; background: $panel; }
        & PlainInput:focus { border: none; height: 1; }
        & #problem { color: $text-muted; height: auto; min-height: 1; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="write-transcript.leave", tooltip="Write nothing."),
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self._agreed: Path | None = None

    def compose(self) -> ComposeResult:
        with Vertical(id="form") as form:
            form.border_title = "Write prompts and answers to a file"
            yield PlainInput(NAME)
            yield Static("Enter writes the file, in the folder where tunetui was started.", id="problem", markup=False)
        yield Footer()

    def on_input_changed(self) -> None:
        """Another name is another file."""
        self._agreed = None

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Write, unless that would replace a file without a second Enter."""
        path = Path(event.value.strip())
        try:
            path = path.expanduser()
            is_folder, is_there = path.is_dir(), path.exists()
        except (OSError, RuntimeError, ValueError) as error:
            self._say(f"This cannot be the name of a file: {error}")
            return
        if is_folder:
            self._say("This is a folder; expected the name of a file.")
        elif is_there and path != self._agreed:
            self._agreed = path
            self._say(f"{path} is there already. Enter once more replaces it.")
        else:
            self._write(path)

    @work(thread=True, exclusive=True)
    def _write(self, path: Path) -> None:
        try:
            atomic.write_text(path, self._text)
        except EngineError as error:
            self.app.call_from_thread(self._say, str(error))
        else:
            self.app.call_from_thread(self._written, path)

    def _written(self, path: Path) -> None:
        self.notify(plain_text(f"Written: {path}"), markup=False)
        self.dismiss(None)

    def _say(self, text: str) -> None:
        self.query_one("#problem", Static).update(plain_text(text))

    def action_leave(self) -> None:
        """Write nothing."""
        self.dismiss(None)
