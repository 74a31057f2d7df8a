"""The newest answer on one line, for a screen that has no room for the console."""

from textual.content import Content
from textual.reactive import reactive

from tui.exchange import Exchange
from tui.plain_text import plain_text
from tui.widgets.answer_styles import AnswerStyles
from tui.widgets.cells import middle_cut
from tui.widgets.exchange_text import NARROW_NAME, WAITING, answer_content, shortened, sign


class LastAnswer(AnswerStyles):
    """The prompt and what the last of the models said to it; nothing before the first prompt."""

    DEFAULT_CSS = """
    LastAnswer {
        height: 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    LastAnswer.-nothing { display: none; }
    """

    exchange: reactive[Exchange | None] = reactive(None)

    def on_mount(self) -> None:
        """No line is lost to an answer that was not given yet."""
        self.set_class(self.exchange is None, "-nothing")

    def watch_exchange(self) -> None:
        """The first one brings the line."""
        self.set_class(self.exchange is None, "-nothing")

    def render(self) -> Content:
        """The line."""
        if self.exchange is None:
            return Content("")
        prompt = shortened(plain_text(self.exchange.prompt), max(10, self.size.width // 2))
        reply = self.exchange.replies[-1]
        name = middle_cut(plain_text(reply.model.name), NARROW_NAME)
        parts = [answer_content(reply, shades=self.shades), sign(reply, self.exchange)]
        said = [part for part in parts if part] or [Content(WAITING)]
        return Content.assemble(
            Content.styled("› ", ".answers--prompt-sign"),
            Content.styled(prompt, ".answers--prompt"),
            "   ",
            Content.styled(f"{name}: ", ".answers--name"),
            Content(" ").join(said),
        )
