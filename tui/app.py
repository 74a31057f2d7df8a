"""The terminal app: its screens, its themes, and the keys that mean the same everywhere.

What is imported here is waited for by the first frame, so it is little. The main screen, and with it most of the code,
comes right after that frame (`_open_main`), and then, in a thread, every other screen.
"""

import asyncio
import importlib
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from textual import constants, events
from textual.app import SystemCommand
from textual.binding import Binding
from textual.filter import LineFilter, Monochrome, NoColor
from textual.screen import Screen

from engine.errors import EngineError, InputError
from tui import garbage, screens, themes
from tui.ascii_only import AsciiOnly
from tui.clipboard import CopiesThroughTmux
from tui.keys_in_order import KeysInOrder
from tui.notices import ShowsNotices
from tui.plain_text import plain_lines
from tui.screens.opening import OpeningScreen
from tui.settings import Settings, fitting, load, save, settings_file
from tui.stray_output import write_stray

if TYPE_CHECKING:
    from textual.command import Provider

    from engine.requests import Engine
    from engine.workspace import Workspace
    from tui.run_wishes import Pause, Resume
    from tui.screens.main import MainScreen
    from tui.screens.runs import RunsScreen
    from tui.screens.settings import SettingsScreen

SETTLED = 2.0
"""Seconds after which the first scenario is there: before, other screens would only hold it up."""

PATIENCE = 1.0
"""Seconds that keys wait for the first scenario, from when the main screen is there."""

LOOK_AT_TERMINAL = 1.0
"""Seconds between two looks whether the terminal is still there."""


def _palette() -> "type[Provider]":
    from tui.palette import ActionCommands

    return ActionCommands


class TunetuiApp(CopiesThroughTmux, KeysInOrder, ShowsNotices):
    """A scenario, its trainings and their models on one screen. Imports no torch: that is the engine process's."""

    TITLE = "tunetui"
    # All at once: a screen that brought its own would have the styles of every widget found anew.
    CSS_PATH = ["app.tcss", "screens/main.tcss", "screens/open.tcss", "screens/runs.tcss"]
    COMMANDS = {_palette}
    BINDINGS = [
        Binding("o", "open", "Open", id="app.open", tooltip="Open another scenario, or make a new one."),
        Binding("r", "runs", "Runs", id="app.runs", tooltip="All runs of the workspace."),
        Binding("f1,question_mark", "help", "Help", id="app.help", tooltip="What works here."),
        Binding("ctrl+r", "reconnect", "Reconnect", id="engine.reconnect",
                tooltip="Look for the engine again, or start it."),
        Binding("comma", "settings", "Settings", id="app.settings", show=False,
                tooltip="Theme, chart marks, how often the screen is drawn, motion."),
        Binding("ctrl+z", "suspend_process", "Suspend", id="app.suspend", show=False,
                tooltip="Go to the background; fg in the shell brings tunetui back."),
        Binding("q", "quit", "Quit", id="app.quit", show=False,
                tooltip="Back; from the main screen: leave. Runs go on."),
    ]  # fmt: skip

    def __init__(
        self,
        scenario: Path | None = None,
        *,
        workspace: "Workspace",
        engine: "Engine | None" = None,
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
        self.scenario, self.workspace, self._engine = scenario, workspace, engine
        self._main: MainScreen | None = None
        self.keys_wait = True
        self.settings_path = settings or settings_file()
        self.settings, self._wrong_settings = Settings(), ""
        self._only_ascii, self._colourless = AsciiOnly(), NoColor()
        try:
            self.settings = load(self.settings_path)
        except InputError as error:
            self._wrong_settings = str(error)
        self.settings = fitting(self.settings, sys.__stderr__.encoding if sys.__stderr__ else "utf-8")
        for theme in themes.OWN_THEMES:
            self.register_theme(theme)
        self.use_settings()

    def use_settings(self) -> None:
        """Make the settings hold."""
        self.theme = themes.NAMES[self.settings.theme]
        self._only_ascii.enabled = self.settings.chart_marks == "ascii"
        self.animation_level = "none" if self.settings.reduced_motion else constants.TEXTUAL_ANIMATIONS
        self.set_keymap(self.settings.keys)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every line goes through before it is drawn."""
        filters = [*super().get_line_filters(), *([self._only_ascii] if self._only_ascii.enabled else [])]
        if self.no_color and self.native_ansi_color:  # as greys, which Textual makes, these colours are all black
            return [*(each for each in filters if not isinstance(each, Monochrome)), self._colourless]
        return filters

    # --- starting -----------------------------------------------------------------------------------------------------

    def get_default_screen(self) -> OpeningScreen:
        """The first frame."""
        return OpeningScreen()

    def on_mount(self) -> None:
        """Bring the main screen, say what is wrong with the settings, and be ready to lose the terminal."""
        self.run_worker(self._open_main())
        if self._wrong_settings:
            self.notify(plain_lines(self._wrong_settings), severity="warning", markup=False)
        for number in (signal.SIGHUP, signal.SIGTERM):
            signal.signal(number, self._gone)
        self.app_resume_signal.subscribe(self, lambda _: self.screen.refresh(layout=True))
        self.begin_capture_print(self)
        if not self.is_headless:
            self.set_interval(LOOK_AT_TERMINAL, self._look_at_terminal)

    def on_print(self, event: events.Print) -> None:
        """What a library prints goes where all stray output goes."""
        if not self.is_headless:
            write_stray(event.text)

    async def _open_main(self) -> None:
        """One after another, as each takes a core: first frame, main screen, scenario. Then keys have an effect."""
        await self._seen()
        await asyncio.to_thread(importlib.import_module, "tui.screens.main")
        from engine.client import Client
        from tui.own_keys import say_wrong_keys
        from tui.remembered import first_scenario
        from tui.screens.main import MainScreen

        self._main = main = MainScreen(self.workspace, self._engine or Client(self.workspace))
        await self.push_screen(main)
        await self._seen()
        main.open(self.scenario or first_scenario(self.workspace))
        with suppress(TimeoutError):
            await asyncio.wait_for(main.opened.wait(), PATIENCE)
        await self.let_keys_pass()
        await say_wrong_keys(main, self.settings_path)
        if not self.is_headless:  # a test that opens many apps wants all of them collected
            await asyncio.sleep(SETTLED)
            await asyncio.to_thread(screens.import_all)
            garbage.collect_calmly(self)

    async def _seen(self) -> None:
        """Until what there is has been drawn."""
        drawn = asyncio.Event()
        self.call_after_refresh(drawn.set)
        await drawn.wait()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing works before the main screen is there; its keys wait. Some lead away from that one only."""
        if self._main in self.screen_stack and action in ("open", "runs"):
            above = self.screen_stack[self.screen_stack.index(self._main) + 1 :]
            return all(screen.is_modal for screen in above)
        return True if self._main else None

    def key_word(self, binding: Binding) -> str:
        """What a key does at this moment: the engine is looked for where it is gone."""
        is_gone = self._main is not None and self._main.engine.connection == "gone"
        return binding.description if is_gone or binding.id != "engine.reconnect" else ""

    # --- ending -------------------------------------------------------------------------------------------------------

    def _fatal_error(self) -> None:
        """Textual would print a traceback; whoever started the app says it in a sentence, with a file."""
        self._close_messages_no_wait()

    @property
    def failure(self) -> Exception | None:
        """The mistake that ended the app, if one did."""
        return self._exception

    def _gone(self, number: int, *_: object) -> None:
        """Edits are in the journal already; remember the place, keep a form that was being filled in, and be gone."""
        try:
            if self._main:
                self._main.keep_place()
            for screen in self.screen_stack:
                getattr(screen, "rescue", lambda: None)()
        finally:
            if number == signal.SIGHUP:  # nobody can see a screen any more
                os._exit(128 + number)
            sys.exit(128 + number)

    def _look_at_terminal(self) -> None:
        """Not every terminal that goes says so; reading from one that is gone would take a whole core."""
        if sys.__stdin__ is not None and not sys.__stdin__.isatty():
            self._gone(signal.SIGHUP)

    @property
    def main(self) -> "MainScreen":
        """The main screen. It lies under all others from the moment that keys work."""
        if self._main is None:
            raise RuntimeError("the main screen is not there yet")
        return self._main

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Nothing besides the actions."""
        return ()

    # --- what works everywhere ----------------------------------------------------------------------------------------

    def action_open(self) -> None:
        """Choose another scenario."""
        if self.screen is self.main:
            self.main.choose_scenario()

    def action_command_palette(self) -> None:
        """All actions, found by their words."""
        from tui.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def action_help(self) -> None:
        """What works here."""
        from tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.screen))

    def action_reconnect(self) -> None:
        """Look for the engine again, or start it."""
        self.main.reconnect()

    def action_runs(self) -> None:
        """All runs of the workspace."""
        from tui.screens.runs import RunsScreen

        if self.screen is self.main:
            self.push_screen(RunsScreen(self.workspace, self.main.all_runs))
            self.main.show_training()
            self.main.look_at_runs()

    def on_run_pause(self, message: "Pause") -> None:
        """Hold a run."""
        self.main.ask_engine(self.main.engine.pause(message.run))

    def on_run_resume(self, message: "Resume") -> None:
        """Let a run go on."""
        self.main.ask_engine(self.main.engine.resume(message.run))

    def on_runs_screen_remove(self, message: "RunsScreen.Remove") -> None:
        """Remove a run."""
        self.main.ask_engine(self.main.engine.remove(message.run))

    def action_settings(self) -> None:
        """Change the settings."""
        from tui.screens.settings import SettingsScreen

        self.push_screen(SettingsScreen(self.settings))

    def on_settings_screen_changed(self, message: "SettingsScreen.Changed") -> None:
        """Use a setting at once, and keep it."""
        self.settings = msgspec.structs.replace(self.settings, **{message.name: message.value})
        self.use_settings()
        self.refresh_css(animate=False)
        self.screen.refresh()  # every line: its signs may be others now
        try:
            save(self.settings_path, **{message.name: message.value})
        except (EngineError, InputError) as error:
            self.notify(plain_lines(f"It holds until you leave: {error}"), severity="warning", markup=False)

    async def action_quit(self) -> None:
        """Leave; ask first where something would be lost."""
        if self.screen is self.main:
            self.main.leave()
        elif not await self.run_action("leave", self.screen):  # a form asks about what was typed
            self.pop_screen()
