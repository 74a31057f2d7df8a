"""A list of lines of which one is in hand; the lines may change while it stays."""

from collections.abc import Sequence

from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList


class LineList(OptionList):
    """What `written` gives is shown. The line in hand has a sign, too: not every terminal shows its colour."""

    DEFAULT_CSS = """
    LineList {
        border: none; padding: 0;
        &:focus { border: none; background: transparent; }
        & > .option-list--option { padding: 0; }
    }
    """
    BINDINGS = [
        Binding("down,j", "cursor_down", "Down", id="lines.down", show=False, tooltip="The next line."),
        Binding("up,k", "cursor_up", "Up", id="lines.up", show=False, tooltip="The line before."),
    ]

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)

    @property
    def room(self) -> int:
        """Cells for a line: the scroll bar, where there is one, leaves fewer."""
        return self.scrollable_content_region.width

    def watch_show_vertical_scrollbar(self) -> None:
        """Write the lines for what the scroll bar leaves."""
        self.call_after_refresh(self.write)

    def written(self) -> Sequence[Content]:
        """The lines, for the width and the line in hand of this moment."""
        return ()

    def sign(self, in_hand: bool) -> Content:
        """What stands at the start of a line."""
        return Content.styled("›" if in_hand else " ", "$accent")

    def write(self) -> None:
        """Show the lines that changed."""
        # While options are exchanged there are fewer of them than lines.
        for number, line in enumerate(self.written()[: self.option_count]):
            if self.get_option_at_index(number).prompt != line:
                self.replace_option_prompt_at_index(number, line)

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Move the sign."""
        super().watch_highlighted(highlighted)
        self.write()

    def on_resize(self) -> None:
        """Write the lines for the new width."""
        self.write()

    def action_page_up(self) -> None:
        """A page up, where there is room for a page at all: `OptionList` fails without."""
        if self.scrollable_content_region:
            super().action_page_up()  # type: ignore[no-untyped-call]

    def action_page_down(self) -> None:
        """A page down, likewise."""
        if self.scrollable_content_region:
            super().action_page_down()  # type: ignore[no-untyped-call]
