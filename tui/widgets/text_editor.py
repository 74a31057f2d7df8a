"""A multi-line editor for texts of a dataset: what would move or garble the terminal is shown as a symbol."""

from rich.text import Text
from textual.widgets import TextArea

from tui.plain_text import plain_text


class TextEditor(TextArea):
    """A `TextArea` whose text stays as it is; only the drawing puts a symbol of the same length for each control."""

    def get_line(self, line_index: int) -> Text:
        """The line as it is drawn."""
        # A tab stays: the widget draws it as blanks.
        shown = "\t".join(map(plain_text, self.document.get_line(line_index).split("\t")))
        return Text(shown, end="", no_wrap=True)
