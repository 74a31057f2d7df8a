"""A stage for one pane or screen: an app with the look of the real one and nothing else."""

from pathlib import Path

from textual.app import App, ComposeResult
from textual.message import Message
from textual.widget import Widget

from tui import themes

TUI = Path(themes.__file__).parent


class Stage(App[None]):
    """Shows a widget, and keeps in `heard` what it says to whoever is above it."""

    CSS_PATH = [TUI / "app.tcss", TUI / "screens" / "main.tcss"]

    def __init__(self, widget: Widget | None = None, theme: str = "dark") -> None:
        super().__init__()
        self._widget = widget
        self.heard: list[Message] = []
        for own in themes.OWN_THEMES:
            self.register_theme(own)
        self.theme = themes.NAMES[theme]

    def compose(self) -> ComposeResult:
        if self._widget:
            yield self._widget

    def _on_message(self, message: Message) -> object:  # type: ignore[override]
        self.heard.append(message)
        return super()._on_message(message)
