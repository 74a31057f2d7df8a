"""What each group of the matrix asks, a line each, where there is room left for it."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from engine.matrix import Group
from tui.matrix_words import EXPLAINED, title_of
from tui.widgets.hanging import hanging


class GroupLegend(Static):
    """It stands at the lower end, or not at all: half a legend explains nothing, and one group is told above."""

    DEFAULT_CSS = """
    GroupLegend { height: 1fr; content-align: left bottom; padding-bottom: 1; color: $text-muted; }
    """

    def __init__(self, groups: Sequence[Group]) -> None:
        super().__init__()
        self._groups = groups

    def render(self) -> Content:
        """The titles of the groups with their sentences."""
        titles = [title_of(group) for group in self._groups]
        width = max(map(len, titles), default=0) + 3
        room = max(self.content_size.width, width + 20)
        lines = []
        for group, title in zip(self._groups, titles, strict=True):
            lines += hanging(Content.styled(f"{title:<{width}}", "bold"), Content(EXPLAINED[group]), room)
        fits = len(titles) > 1 and len(lines) < self.content_size.height
        return Content("\n").join(lines if fits else [])
