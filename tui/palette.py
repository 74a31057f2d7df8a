"""The command palette: every action that works where the focus is, found by any of its words."""

from collections.abc import Callable
from functools import partial

from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider, SearchIcon

from tui.screens.help import Key, keys_of
from tui.screens.quiet_screen import QuietScreen


class Palette(CommandPalette, QuietScreen[None]):
    """Textual's; keys that come before its list is laid out, or after it is closed, do nothing there."""

    DEFAULT_CSS = """
    Palette SearchIcon { color: $accent; }
    """

    def on_mount(self) -> None:
        """Not every terminal has Textual's magnifying glass."""
        self.query_one(SearchIcon).icon = "›"

    def _action_command_list(self, action: str) -> None:
        if not action.startswith("page") or self.query_one(CommandList).scrollable_content_region:
            super()._action_command_list(action)

    def _gather_commands(self, search_value: str) -> None:  # type: ignore[override]
        if self.is_active:
            super()._gather_commands(search_value)


class ActionCommands(Provider):
    """The actions of the bindings; choosing one is pressing its key."""

    async def discover(self) -> Hits:
        """All of them."""
        for key in self._actions():
            yield DiscoveryHit(self._title(key), self._runner(key), help=self._text(key))

    async def search(self, query: str) -> Hits:
        """Those whose name or explanation fits."""
        matcher = self.matcher(query)
        for key in self._actions():
            score = max(matcher.match(self._title(key)), matcher.match(key.text) * 0.8)
            if score > 0:
                yield Hit(score, matcher.highlight(self._title(key)), self._runner(key), help=self._text(key))

    def _actions(self) -> list[Key]:
        return [key for key in keys_of(self.screen) if not key.id.startswith(("list.", "lines.", "textual."))]

    @staticmethod
    def _title(key: Key) -> str:
        return f"{key.label}  ({key.keys})"

    @staticmethod
    def _text(key: Key) -> str:
        """What it does, and the id by which the settings give it another key."""
        return f"{key.text}  {key.id}"

    def _runner(self, key: Key) -> Callable[[], object]:
        for active in self.screen.active_bindings.values():
            if active.binding.id == key.id:
                return partial(self.app.run_action, active.binding.action, active.node)
        return partial(self.app.bell)
