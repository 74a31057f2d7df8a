"""What was asked and answered, oldest first: a list with a cursor over replies and their tokens."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from engine.protocol import Token
from tui.exchange import Exchange, Reply
from tui.widgets.answer_styles import AnswerStyles
from tui.widgets.exchange_text import Hand, Line, exchange_lines

KEPT = 100
"""Exchanges that stay on the screen."""

EMPTY = (
    "Type an instruction and press Enter: every chosen model answers, also while it is trained. "
    "↑ brings back what was asked before, → completes from the examples."
)
NO_MODEL = (
    "There is no model to ask yet. t beside the examples trains one, and it answers from its first step on: "
    "type an instruction here then, and press Enter."
)


class AnswerList(AnswerStyles, ScrollView, can_focus=True):
    """Exchanges, each a prompt and one line a model. The cursor stays at the newest until it is moved."""

    # Of several bases Textual takes the styles of the first one only: what `ScrollView` would say stands here.
    DEFAULT_CSS = """
    AnswerList {
        width: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "reply(-1)", "Reply up", show=False, id="answers.up", tooltip="The reply above."),
        Binding("down,j", "reply(1)", "Reply down", show=False, id="answers.down", tooltip="The reply below."),
        Binding(
            "left,h",
            "token(-1)",
            "Token left",
            show=False,
            id="answers.left",
            tooltip="The token before, and what else it might have been.",
        ),
        Binding(
            "right,l",
            "token(1)",
            "Token right",
            show=False,
            id="answers.right",
            tooltip="The next token, and what else it might have been.",
        ),
        Binding("home,g", "edge(0)", "First reply", show=False, id="answers.first", tooltip="The first reply of all."),
        Binding("end,G", "edge(-1)", "Last reply", show=False, id="answers.last", tooltip="The newest reply."),
    ]

    exchanges: reactive[tuple[Exchange, ...]] = reactive((), layout=False)
    can_ask: reactive[bool] = reactive(True, layout=False)
    """Whether there is a model; what is said before the first prompt depends on it."""

    class Moved(Message):
        """The cursor is at another reply or token, or what it is at has changed."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._place: tuple[int, int] | None = None  # number of an exchange, reply; None: the newest
        self._token = 0
        self._lines: list[Line] = []
        self._owners: list[int] = []
        self._blocks: dict[int, tuple[tuple[Exchange, int, Hand | None], list[Line]]] = {}

    @property
    def exchange(self) -> Exchange | None:
        """The one that the cursor is in."""
        if not self.exchanges:
            return None
        number = self._place[0] if self._place else self.exchanges[-1].number
        return next((e for e in self.exchanges if e.number == number), self.exchanges[-1])

    @property
    def reply(self) -> Reply | None:
        """The one that the cursor is at."""
        exchange = self.exchange
        return exchange.replies[self._reply_index(exchange)] if exchange else None

    @property
    def token(self) -> Token | None:
        """The one under the cursor."""
        reply = self.reply
        return reply.tokens[self.token_index] if reply and reply.tokens else None

    @property
    def token_index(self) -> int:
        """Where the token under the cursor stands in its reply; 0 while there is none."""
        reply = self.reply
        return min(self._token, len(reply.tokens) - 1) if reply and reply.tokens else 0

    def show(self, exchange: Exchange) -> None:
        """Put an exchange at the end, or in the place of the former state of the same one."""
        known = {former.number: former for former in self.exchanges} | {exchange.number: exchange}
        self.exchanges = tuple(known.values())[-KEPT:]

    def go_to_newest(self) -> None:
        """Move the cursor to the end, where it stays when something comes."""
        self._place, self._token = None, 0
        self._arrange()

    def watch_exchanges(self) -> None:
        self._arrange()

    def watch_can_ask(self) -> None:
        self._arrange()

    def on_resize(self) -> None:
        self._arrange()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._blocks.clear()
        if self.is_mounted:
            self._arrange()

    def on_focus(self) -> None:
        self._arrange()

    def on_blur(self) -> None:
        self._arrange()

    def action_reply(self, by: int) -> None:
        """Go so many replies down."""
        places = self._places()
        if places:
            at = places.index(self._current_place()) + by
            self._go(places[max(0, min(at, len(places) - 1))])

    def action_edge(self, at: int) -> None:
        """Go to the first or the last reply."""
        places = self._places()
        if places:
            self._go(places[at])

    def action_token(self, by: int) -> None:
        """Go so many tokens to the right."""
        reply = self.reply
        if reply and reply.tokens:
            self._token = max(0, min(self.token_index + by, len(reply.tokens) - 1))
            self._arrange()

    def on_click(self, event: events.Click) -> None:
        at = event.y + self.scroll_offset.y
        if at < len(self._lines) and self._lines[at].reply >= 0:
            self._go((self._owners[at], self._lines[at].reply))

    def render_line(self, y: int) -> Strip:
        at = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        content = self._lines[at].content if at < len(self._lines) else Content("")
        strips = Visual.to_strips(self, content, width, 1, self.visual_style, apply_selection=False, pad=True)
        return strips[0] if strips else Strip.blank(width, self.rich_style)

    def _places(self) -> list[tuple[int, int]]:
        return [(exchange.number, i) for exchange in self.exchanges for i in range(len(exchange.replies))]

    def _reply_index(self, exchange: Exchange) -> int:
        last = len(exchange.replies) - 1
        return min(self._place[1], last) if self._place and self._place[0] == exchange.number else last

    def _current_place(self) -> tuple[int, int]:
        exchange = self.exchange
        assert exchange is not None
        return exchange.number, self._reply_index(exchange)

    def _go(self, place: tuple[int, int]) -> None:
        self._place = None if place == self._places()[-1] else place
        self._token = 0
        self._arrange()

    def _arrange(self) -> None:
        """Lay out what has changed, keep the cursor in sight, and tell."""
        width = self.scrollable_content_region.width
        if width <= 0 or not self.is_mounted:
            return
        place = self._current_place() if self.exchanges else None
        self._lines, self._owners = [], []
        if not self.exchanges:
            words = EMPTY if self.can_ask else NO_MODEL
            self._lines = [Line(line, -1) for line in Content.styled(words, ".answers--quiet").wrap(width)]
        blocks = {}
        top = bottom = 0
        for exchange in self.exchanges:
            hand = None
            if place and place[0] == exchange.number:
                hand = Hand(place[1], self.token_index if self.has_focus else None)
            key = (exchange, width, hand)
            former = self._blocks.get(exchange.number)
            same = former and former[0][0] is exchange and former[0][1:] == key[1:]
            lines = former[1] if former and same else exchange_lines(exchange, width, hand, self.shades)
            blocks[exchange.number] = (key, lines)
            if hand:
                rows = [i for i, line in enumerate(lines) if line.reply == hand.reply]
                is_first = hand.reply == 0
                top = len(self._lines) + (0 if is_first else rows[0])
                bottom = len(self._lines) + rows[-1] + 1
            self._lines += lines
            self._owners += [exchange.number] * len(lines)
        self._blocks = blocks
        self.virtual_size = Size(width, len(self._lines))
        if self._place is None:
            self.scroll_end(animate=False, immediate=True, force=True)
        else:
            self.scroll_to_region(Region(0, top, 1, bottom - top), animate=False, immediate=True, force=True)
        self.refresh()
        self.post_message(self.Moved())
