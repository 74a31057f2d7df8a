"""The first line of the main screen: which scenario, whether it has unsaved edits, how far the training is."""

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui.plain_text import plain_text


class TopLine(Static):
    """`tunetui  Arithmetic and reversal •`, and on the right the run that goes on, or how it stands with the engine."""

    DEFAULT_CSS = """
    TopLine { height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    title: reactive[str] = reactive("")
    """Of the scenario; empty while none is open."""
    edited: reactive[bool] = reactive(False)
    right: reactive[Content] = reactive(Content(""))
    """What stands at the right end."""

    def render(self) -> Content:
        """One line that fills the width; the title gives way to what is on the right."""
        left = Content.assemble(("tunetui", "bold $accent"), "  ", (plain_text(self.title), "bold"))
        if self.edited:
            left = left.append_text(" •", "bold $warning")
        room = max(self.content_size.width - self.right.cell_length - 2, 12)
        return left.truncate(room, ellipsis=True).pad_right(max(0, room - left.cell_length) + 2) + self.right
