"""The line of tabs where only one pane fits on the screen."""

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static


class PaneTabs(Static):
    """`1 Examples  2 Training  3 Console`; the keys 1 to 3 are the screen's, a click is told with `Chosen`."""

    DEFAULT_CSS = """
    PaneTabs { height: 1; padding: 0 1; text-wrap: nowrap; }
    """

    current: reactive[int] = reactive(0)
    """Position of the pane that is shown."""

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, index: int) -> None:
            self.index = index
            super().__init__()

    def __init__(self, names: Sequence[str], id: str | None = None) -> None:
        super().__init__(id=id)
        self.names = list(names)

    def render(self) -> Content:
        """The names with their keys, the current one in the accent colour."""
        labels = [f"{index} {name}" for index, name in enumerate(self.names, 1)]
        parts = [
            Content.styled(f" {label} ", "bold underline $accent" if index == self.current else "$secondary")
            for index, label in enumerate(labels)
        ]
        return Content(" ").join(parts)

    def on_click(self, event: events.Click) -> None:
        """Find the tab under the mouse: each is as wide as its label and two blanks, with one blank between."""
        start = 1
        for index, name in enumerate(self.names):
            end = start + len(name) + 4
            if start <= event.x < end:
                self.post_message(self.Chosen(index))
            start = end + 1
