"""The list of examples: draws the lines that are on the screen and no others, so that a million scroll like ten."""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from engine.document import Document
from engine.marks import mark
from tui.plain_text import plain_text
from tui.selection import Selection

SIGNS = {"": " ", "new": "+", "changed": "~", "deleted": "−"}
"""What stands before an example that was edited."""

PROBLEM, CHOSEN = "!", "✓"
MARKS = 4
"""Cells before the task: selected, edited, doubtful, and a blank."""

PORTION = 50_000
"""Places that are selected before others get their turn: a few milliseconds."""

MOST_SHOWN = 400
"""Characters of a text that can be on a line at all."""


class ExampleList(ScrollView, can_focus=True):
    """Task, instruction and response in columns. It shows places of a document in a given order and edits nothing."""

    COMPONENT_CLASSES = {
        "example-list--header",
        "example-list--cursor",
        "example-list--chosen",
        "example-list--task",
        "example-list--made",
        "example-list--new",
        "example-list--changed",
        "example-list--deleted",
        "example-list--problem",
    }
    DEFAULT_CSS = """
    ExampleList {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        & > .example-list--header { color: $secondary; }
        & > .example-list--cursor { background: $block-cursor-blurred-background; }
        &:focus > .example-list--cursor {
            background: $accent 25%;
            color: $foreground;
            text-style: bold;
        }
        &:ansi > .example-list--cursor { background: ansi_default; text-style: underline; }
        &:ansi:focus > .example-list--cursor { background: ansi_default; text-style: bold reverse; }
        & > .example-list--chosen { background: $accent 18%; }
        & > .example-list--task { color: $secondary; }
        & > .example-list--made { color: $foreground; }
        & > .example-list--new { color: $success; }
        & > .example-list--changed { color: $warning; }
        & > .example-list--deleted { color: $error; text-style: strike; }
        & > .example-list--problem { color: $error; text-style: bold; }
    }
    """
    BINDINGS = [
        Binding("up,k", "cursor(-1)", "Up", id="list.up", show=False, tooltip="The example above."),
        Binding("down,j", "cursor(1)", "Down", id="list.down", show=False, tooltip="The example below."),
        Binding("pageup", "page(-1)", "Page up", id="list.page_up", show=False, tooltip="A screenful up."),
        Binding("pagedown", "page(1)", "Page down", id="list.page_down", show=False, tooltip="A screenful down."),
        Binding("home,g", "jump(0)", "First", id="list.first", show=False, tooltip="The first example."),
        Binding("end,G", "jump(-1)", "Last", id="list.last", show=False, tooltip="The last example."),
        Binding("x", "choose", "Select", id="list.choose", show=False, tooltip="Select this example, or not any more."),
        Binding("X", "choose_to_here", "Select to here", id="list.choose_to_here", show=False,
                tooltip="Select everything from the last selected example to this one."),
        Binding("asterisk", "choose_all", "Select all", id="list.choose_all", show=False,
                tooltip="Select every example in the list, or none any more."),
    ]  # fmt: skip

    class Moved(Message):
        """The cursor stands at another example."""

    class Opened(Message):
        """The example under the cursor was clicked twice."""

    class Chosen(Message):
        """Other examples are selected now."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.document: Document | None = None
        self.order: Sequence[int] = ()
        self.problems: Collection[int] = ()
        self.chosen = Selection()
        """Places of the document that are selected."""
        self.cursor = 0
        """Position in `order`."""
        self._last_chosen = 0
        self._task_width = 8

    # --- what is shown ------------------------------------------------------------------------------------------------

    def show(self, document: Document | None, order: Sequence[int], problems: Collection[int], at: int | None) -> None:
        """Show these places of a document, with the cursor at the place `at`, or as near as can be."""
        rows = len(document) if document else 0
        if rows != self.chosen.size:  # places are other examples now
            self.chosen = Selection(rows)
        self.document, self.order, self.problems = document, order, problems
        names = document.tasks() if document else []
        self._task_width = min(max([4, *(cell_len(plain_text(name[:30])) for name in names)]), 16)
        self.virtual_size = Size(self.size.width, len(order) + 1)
        if at is not None:
            with suppress(ValueError):
                self.cursor = order.index(at)
        self.move_to(self.cursor)
        self.refresh()

    @property
    def place(self) -> int | None:
        """Of the document, where the cursor stands."""
        return self.order[self.cursor] if self.cursor < len(self.order) else None

    def meant(self) -> Selection:
        """The selected examples, or the one under the cursor."""
        if self.chosen or self.place is None:
            return self.chosen.copy()
        return Selection(self.chosen.size, [self.place])

    def clear_chosen(self) -> None:
        """Select nothing."""
        self.chosen = Selection(self.chosen.size)
        self._tell_chosen()

    # --- moving -------------------------------------------------------------------------------------------------------

    def move_to(self, position: int) -> None:
        """Put the cursor at a position of the list and bring it into sight."""
        self.cursor = max(0, min(position, len(self.order) - 1))
        self._bring_into_sight()
        self.refresh()
        self.post_message(self.Moved())

    def _bring_into_sight(self) -> None:
        height = max(self.size.height - 1, 1)
        top = round(self.scroll_target_y)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, force=True)

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in sight."""
        self.virtual_size = Size(event.size.width, len(self.order) + 1)
        self._bring_into_sight()

    def action_cursor(self, by: int) -> None:
        """Move by so many lines."""
        self.move_to(self.cursor + by)

    def action_page(self, direction: int) -> None:
        """Move by a screenful."""
        self.move_to(self.cursor + direction * max(self.size.height - 2, 1))

    def action_jump(self, position: int) -> None:
        """Go to the first (0) or last (-1) line."""
        self.move_to(position if position >= 0 else len(self.order) - 1)

    def on_click(self, event: events.Click) -> None:
        """Go to the line that is clicked; a second click opens it."""
        position = event.y - 1 + round(self.scroll_offset.y)
        if event.y == 0 or position >= len(self.order):
            return
        again = position == self.cursor and event.chain > 1
        self.move_to(position)
        if again:
            self.post_message(self.Opened())

    # --- selecting ----------------------------------------------------------------------------------------------------

    def action_choose(self) -> None:
        """Select the example under the cursor or not, and go on to the next."""
        if self.place is not None:
            self.chosen.toggle(self.place)
            self._last_chosen = self.cursor
            self._tell_chosen()
            self.move_to(self.cursor + 1)

    async def action_choose_to_here(self) -> None:
        """Select everything between the last selected example and the cursor."""
        first, last = sorted((min(self._last_chosen, len(self.order)), self.cursor))
        await self._choose(self.chosen.copy(), self.order[first : last + 1])

    async def action_choose_all(self) -> None:
        """Select all that is listed; nothing, if that is so already."""
        if len(self.chosen) == len(self.order):
            self.clear_chosen()
        else:
            await self._choose(Selection(self.chosen.size), self.order)

    async def _choose(self, chosen: Selection, places: Sequence[int]) -> None:
        order = self.order
        for start in range(0, len(places), PORTION):
            chosen.add(places[start : start + PORTION])
            await asyncio.sleep(0)
        if order is self.order:
            self.chosen = chosen
            self._tell_chosen()

    def _tell_chosen(self) -> None:
        self.refresh()
        self.post_message(self.Chosen())

    # --- drawing ------------------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """One line of the screen: the header, an example, or nothing."""
        width = self.scrollable_content_region.width
        position = y - 1 + round(self.scroll_offset.y)
        if y == 0:
            style = self.get_component_rich_style("example-list--header")
            return Strip([Segment(self._columns(" " * MARKS, "task", "instruction", "response", width), style)], width)
        if self.document is None or position >= len(self.order):
            return Strip.blank(width, self.rich_style)
        place = self.order[position]
        if place >= len(self.document):
            return Strip.blank(width, self.rich_style)
        return self._example_line(self.document, place, position == self.cursor, width)

    def _example_line(self, document: Document, place: int, at_cursor: bool, width: int) -> Strip:
        row = document[place]
        said = mark(row)
        doubtful = place in self.problems and said != "deleted"
        sign = PROBLEM if doubtful and not said else SIGNS[said]
        left = (CHOSEN if place in self.chosen else " ") + sign + (PROBLEM if doubtful and said else " ") + " "
        text = self._columns(left, row.task, row.instruction, row.response, width)
        segments = [Segment(part, style) for part, style in self._coloured(text, said, sign)]
        strip = Strip(segments, width)
        if at_cursor:
            return Strip([Segment(text, self.get_component_rich_style("example-list--cursor"))], width)
        if place in self.chosen:
            return strip.apply_style(self.get_component_rich_style("example-list--chosen", partial=True))
        return strip

    def _coloured(self, text: str, said: str, sign: str) -> list[tuple[str, Style]]:
        """The line cut into its sign, its task and the rest, each in its colour."""
        base = self.rich_style
        if said == "deleted":
            return [(text, base + self.get_component_rich_style("example-list--deleted", partial=True))]
        kind = "problem" if sign == PROBLEM else said
        signed = self.get_component_rich_style(f"example-list--{kind}", partial=True) if kind else Style()
        task = self.get_component_rich_style("example-list--task", partial=True)
        # Sign and task come first and are one cell a character up to here, but for wide letters in a task's name.
        end = MARKS
        while end < len(text) and cell_len(text[:end]) < MARKS + 1 + self._task_width:
            end += 1
        return [(text[:MARKS], base + signed), (text[MARKS:end], base + task), (text[end:], base)]

    def _columns(self, left: str, task: str, instruction: str, response: str, width: int) -> str:
        """Exactly as many cells as the line has."""
        rest = max(width - MARKS - self._task_width - 4, 2)
        answer = min(max(rest * 2 // 5, 10), rest - 1)
        parts = [left, fitted(task, self._task_width), fitted(instruction, rest - answer), fitted(response, answer)]
        return set_cell_size(parts[0] + parts[1] + "  " + parts[2] + "  " + parts[3], width)


def fitted(text: str, width: int) -> str:
    """The text on one line of exactly `width` cells; what is cut off leaves an ellipsis."""
    line = plain_text(text[:MOST_SHOWN])
    if cell_len(line) <= width and len(text) <= MOST_SHOWN:
        return set_cell_size(line, width)
    return set_cell_size(line, width - 1) + "…"
