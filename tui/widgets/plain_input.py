"""A line to type in that shows whatever is in it, also what a terminal would obey."""

from rich.text import Text
from textual import events
from textual.widgets import Input

from tui.plain_text import plain_text


class PlainInput(Input):
    """Textual's `Input` writes control characters of its value to the terminal. This one writes their symbols."""

    @property
    def _value(self) -> Text:
        # `Input` draws and measures this text; a symbol stands for each character, so that positions stay the same.
        return Text(plain_text(self.value), no_wrap=True, overflow="ignore", end="")

    def _on_paste(self, event: events.Paste) -> None:
        """Take all of what was pasted: line ends stay, as symbols. `Input` would drop all but the first line."""
        event.stop()
        event.prevent_default()
        text = event.text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
        self.replace(text, *self.selection)
