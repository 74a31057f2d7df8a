"""A stage for one pane or screen: an app with the look of the real one and nothing else."""

from pathlib import Path, PurePath
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from tui import themes
from tui.app import TunetuiApp
from tui.settings import ChartMarks, Settings

TUI = Path(themes.__file__).parent
STYLES: list[str | PurePath] = [TUI / path for path in TunetuiApp.CSS_PATH]
"""The style sheets of the real app."""


class Stage(App[None]):
    """Shows a widget, or a screen."""

    CSS_PATH: ClassVar = STYLES

    def __init__(self, shown: Widget, theme: str = "dark", marks: ChartMarks = "braille") -> None:
        super().__init__()
        self.settings = Settings(chart_marks=marks)
        self._shown = shown
        for own in themes.OWN_THEMES:
            self.register_theme(own)
        self.theme = themes.NAMES[theme]

    def compose(self) -> ComposeResult:
        if not isinstance(self._shown, Screen):
            yield self._shown

    def on_mount(self) -> None:
        if isinstance(self._shown, Screen):
            self.push_screen(self._shown)
