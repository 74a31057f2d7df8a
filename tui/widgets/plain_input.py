"""A line to type in that shows whatever is in it, also what a terminal would obey."""

from rich.text import Text
from textual.suggester import SuggestionReady
from textual.widgets import Input

from tui.plain_text import plain_text


class PlainInput(Input):
    """Textual's `Input` writes control characters of its value to the terminal. This one writes their symbols."""

    @property
    def _value(self) -> Text:
        # `Input` draws and measures this text; a symbol stands for each character, so that positions stay the same.
        return Text(plain_text(self.value), no_wrap=True, overflow="ignore", end="")

    def _on_suggestion_ready(self, event: SuggestionReady) -> None:  # type: ignore[override]
        """Let a completion pass only if it can be drawn as it is."""
        if plain_text(event.suggestion) != event.suggestion:
            event.prevent_default()
