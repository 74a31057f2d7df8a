"""The terminal app: its screens, its themes, and the keys that mean the same everywhere."""

import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from textual import events
from textual.app import SystemCommand
from textual.binding import Binding
from textual.screen import Screen

from engine.client import Client
from engine.errors import EngineError, InputError
from engine.requests import Engine
from engine.scenario_library import find
from engine.workspace import Workspace
from tui import themes
from tui.clipboard import CopiesThroughTmux
from tui.palette import ActionCommands
from tui.plain_text import plain_text
from tui.remembered import remembered
from tui.screens.help import HelpScreen
from tui.screens.main import MainScreen
from tui.screens.runs import RunsScreen
from tui.screens.settings import SettingsScreen
from tui.settings import Settings, load, save, settings_file
from tui.stray_output import write_stray

DEFAULT = "arithmetic_reversal"
"""The scenario that is opened where there is no last one."""

LOOK_AT_TERMINAL = 1.0
"""Seconds between two looks whether the terminal is still there."""


class TunetuiApp(CopiesThroughTmux):
    """A scenario, its trainings and their models on one screen. Imports no torch: that is the engine process's."""

    TITLE = "tunetui"
    CSS_PATH = ["app.tcss", "screens/main.tcss"]
    COMMANDS = {ActionCommands}
    BINDINGS = [
        Binding("o", "open", "Open", id="app.open", show=False, tooltip="Open another scenario, or make a new one."),
        Binding("r", "runs", "Runs", id="app.runs", show=False, tooltip="All runs of the workspace."),
        Binding("f1,question_mark", "help", "Help", id="app.help", tooltip="What works here."),
        Binding("comma", "settings", "Settings", id="app.settings", show=False,
                tooltip="Theme, chart marks, how often the screen is drawn, motion."),
        Binding("ctrl+z", "suspend_process", "Suspend", id="app.suspend", show=False,
                tooltip="Go to the background; fg in the shell brings tunetui back."),
        Binding("q", "quit", "Quit", id="app.quit", show=False, tooltip="Leave tunetui. Runs go on without it."),
    ]  # fmt: skip

    def __init__(
        self,
        scenario: Path | None = None,
        *,
        workspace: Workspace,
        engine: Engine | None = None,
        settings: Path | None = None,
    ) -> None:
        """An app on a workspace.

        Args:
            scenario: the file to open; None opens the last one, or the default one.
            workspace: where runs, journals and the place one was at are kept.
            engine: what computes; None finds or starts that of the workspace.
            settings: the file of the settings; None is that of the user.
        """
        super().__init__()
        # Files are read and examined in threads: they hand over to the screen after this many seconds of work.
        sys.setswitchinterval(0.001)
        self.scenario, self.workspace = scenario, workspace
        self.engine = engine or Client(workspace)
        self.settings_path = settings or settings_file()
        self.settings, self._wrong_settings = Settings(), ""
        try:
            self.settings = load(self.settings_path)
        except InputError as error:
            self._wrong_settings = str(error)
        for theme in themes.OWN_THEMES:
            self.register_theme(theme)
        self.use_settings()

    def use_settings(self) -> None:
        """Make the settings hold."""
        self.theme = themes.NAMES[self.settings.theme]
        if self.settings.reduced_motion:
            self.animation_level = "none"
        self.set_keymap(self.settings.keys)

    def get_default_screen(self) -> Screen[Any]:
        """Start with the main screen, on the scenario that was asked for, the last one, or the default one."""
        path = self.scenario
        if path is None:
            recent = [Path(name) for name in remembered(self.workspace).recent]
            path = next((path for path in recent if path.is_file()), find(DEFAULT))
        return MainScreen(self.workspace, self.engine, path)

    def on_mount(self) -> None:
        """Say what is wrong with the settings, and be ready to lose the terminal."""
        if self._wrong_settings:
            self.notify(plain_text(self._wrong_settings), severity="warning", markup=False)
        signal.signal(signal.SIGHUP, self._terminal_gone)
        self.app_resume_signal.subscribe(self, lambda _: self.screen.refresh(layout=True))
        self.begin_capture_print(self)
        if not self.is_headless:
            self.set_interval(LOOK_AT_TERMINAL, self._look_at_terminal)

    def on_print(self, event: events.Print) -> None:
        """What a library prints goes where all stray output goes."""
        if not self.is_headless:
            write_stray(event.text)

    def _fatal_error(self) -> None:
        """Textual would print a traceback; whoever started the app says it in a sentence, with a file."""
        self._close_messages_no_wait()

    @property
    def failure(self) -> Exception | None:
        """The mistake that ended the app, if one did."""
        return self._exception

    def _terminal_gone(self, *_: object) -> None:
        """Every edit is in the journal already; remember the place and be gone. Nobody can see a screen any more."""
        try:
            self.main.keep_place()
        finally:
            os._exit(128 + signal.SIGHUP)

    def _look_at_terminal(self) -> None:
        """Not every terminal that goes says so; reading from one that is gone would take a whole core."""
        if sys.__stdin__ is not None and not sys.__stdin__.isatty():
            self._terminal_gone()

    @property
    def main(self) -> MainScreen:
        """The main screen, which is always there."""
        screen = self.screen_stack[0]
        assert isinstance(screen, MainScreen)
        return screen

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Nothing besides the actions."""
        return ()

    # --- what works everywhere ----------------------------------------------------------------------------------------

    def action_open(self) -> None:
        """Choose another scenario."""
        if self.screen is self.main:
            self.main.choose_scenario()

    def action_help(self) -> None:
        """What works here."""
        self.push_screen(HelpScreen(self.screen))

    def action_runs(self) -> None:
        """All runs of the workspace."""
        if self.screen is self.main:
            self.push_screen(RunsScreen(self.workspace, self.main.all_runs))
            self.main.look_at_runs()

    def on_runs_screen_resume(self, message: RunsScreen.Resume) -> None:
        """Let a run go on."""
        self.main.ask_engine(self.engine.resume(message.run))

    def on_runs_screen_remove(self, message: RunsScreen.Remove) -> None:
        """Remove a run."""
        self.main.ask_engine(self.engine.remove(message.run))

    def action_settings(self) -> None:
        """Change the settings."""
        self.push_screen(SettingsScreen(self.settings))

    def on_settings_screen_changed(self, message: SettingsScreen.Changed) -> None:
        """Use a setting at once, and keep it."""
        self.settings = msgspec.structs.replace(self.settings, **{message.name: message.value})
        self.use_settings()
        try:
            save(self.settings_path, **{message.name: message.value})
        except EngineError as error:
            self.notify(plain_text(f"It holds until you leave: {error}"), severity="warning", markup=False)

    async def action_quit(self) -> None:
        """Leave; ask first where something would be lost."""
        if self.screen is self.main:
            self.main.leave()
        else:
            self.pop_screen()
