"""The terminal app: its screens, its themes, and the keys that mean the same everywhere."""

from pathlib import Path
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.screen import Screen

from engine.client import Client
from engine.requests import Engine
from engine.scenario_library import find
from engine.workspace import Workspace
from tui import themes
from tui.remembered import remembered
from tui.screens.main import MainScreen

DEFAULT = "arithmetic_reversal"
"""The scenario that is opened where there is no last one."""


class TunetuiApp(App[None]):
    """A scenario, its trainings and their models on one screen. Imports no torch: that is the engine process's."""

    TITLE = "tunetui"
    CSS_PATH = ["app.tcss", "screens/main.tcss"]
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "quit", "Quit", id="app.quit", show=False, tooltip="Leave tunetui. Runs go on without it."),
    ]

    def __init__(self, scenario: Path | None = None, *, workspace: Workspace, engine: Engine | None = None) -> None:
        """An app on a workspace.

        Args:
            scenario: the file to open; None opens the last one, or the default one.
            workspace: where runs, journals and the place one was at are kept.
            engine: what computes; None finds or starts that of the workspace.
        """
        super().__init__()
        self.scenario = scenario
        self.workspace = workspace
        self.engine = engine or Client(workspace)
        for theme in themes.OWN_THEMES:
            self.register_theme(theme)
        self.theme = themes.DARK.name

    def get_default_screen(self) -> Screen[None]:
        """Start with the main screen, on the scenario that was asked for, the last one, or the default one."""
        path = self.scenario
        if path is None:
            recent = [Path(name) for name in remembered(self.workspace).recent]
            path = next((path for path in recent if path.is_file()), find(DEFAULT))
        return MainScreen(self.workspace, self.engine, path)

    async def action_quit(self) -> None:
        """Leave; ask first where something would be lost."""
        screen = self.screen_stack[0]
        if isinstance(screen, MainScreen):
            screen.leave()
