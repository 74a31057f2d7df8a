"""A text that changes often and costs little: over a slow line every byte counts."""

from textual.content import Content
from textual.widgets import Static


class QuietStatic(Static):
    """Draws only what is new, and lets the screen be laid out anew only when its number of lines changes.

    Textual draws the whole screen after each layout: some ten thousand bytes.
    """

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__("", id=id, classes=classes, markup=False)
        self._shown_text = Content("")

    def show_text(self, text: Content) -> None:
        """Show this text from now on."""
        if text != self._shown_text:
            former, self._shown_text = self._shown_text, text
            width = self.size.width
            self.update(text, layout=not width or former.get_height({}, width) != text.get_height({}, width))
