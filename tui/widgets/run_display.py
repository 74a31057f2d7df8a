"""One run on the screen: its curves, its figures, how it stands, its answers, its warnings."""

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from tui.known_answers import RightAnswers
from tui.plain_text import plain_text
from tui.run_words import COLOURS, how_it_stands
from tui.state import RunView
from tui.widgets.hanging import first_lines, hanging
from tui.widgets.loss_chart import LossChart
from tui.widgets.prompt_table import PromptTable
from tui.widgets.quiet_static import QuietStatic
from tui.widgets.run_figures import RunFigures

NOTICES = 3
"""Warnings and errors shown at a time, the newest."""

LINES = 6
"""That they take at most; on a low display half of it."""

LOW = 18
"""Lines. Below it blank lines go, and of the prompts only a few are seen at a time."""

BARE = 10
"""Lines. Below it there is room for curves and figures, and for nothing else; or for why a run failed."""


class RunDisplay(Vertical):
    """`show` takes views as they come. Who shows many a second throttles them; the chart does so by itself."""

    DEFAULT_CSS = """
    RunDisplay { height: 1fr; }
    RunDisplay .word { height: auto; }
    RunDisplay .notices { height: auto; }
    RunDisplay .prompts { height: auto; max-height: 40%; margin-top: 1; scrollbar-size-vertical: 1; }
    RunDisplay .-empty { display: none; }
    RunDisplay.-low .prompts { margin-top: 0; max-height: 3; }
    RunDisplay.-bare .prompts, RunDisplay.-bare .notices { display: none; }
    RunDisplay.-bare.-failed LossChart, RunDisplay.-bare.-failed RunFigures { display: none; }
    RunDisplay.-bare.-failed .notices { display: block; }
    """

    view = RunView()
    """What is shown."""

    def compose(self) -> ComposeResult:
        yield LossChart()
        yield RunFigures()
        yield QuietStatic(classes="word")
        with VerticalScroll(classes="prompts"):
            yield PromptTable()
        yield QuietStatic(classes="notices")

    def show(
        self,
        view: RunView,
        *,
        drawn: Mapping[str, RunView],
        known: RightAnswers | None = None,
        memory: int = 0,
        advice: str = "",
        empty: str = "",
    ) -> None:
        """Show a run.

        Args:
            view: whose figures, answers and warnings are shown.
            drawn: whose curves are drawn, by their names.
            known: what would be right.
            memory: bytes that the engine holds.
            advice: which key changes how it stands with the run, where it is shown.
            empty: what to say in place of curves where there are none.
        """
        self.view = view
        self.query_one(LossChart).show(drawn, empty=empty)
        self.query_one(RunFigures).show(view, memory)
        words = f"{how_it_stands(view)} {advice}".strip() if view.run else ""
        self._write(".word", Content.styled(plain_text(words), COLOURS[view.state]))
        self.query_one(PromptTable).show(view, known or {})
        self.query_one(".prompts").set_class(not any(found.answers for found in view.evaluations), "-empty")
        self.set_class(view.state == "failed", "-failed")
        self._write_notices()

    def on_resize(self) -> None:
        """Leave out what a low display has no room for."""
        self.set_class(self.size.height < LOW, "-low")
        self.set_class(self.size.height < BARE, "-bare")
        self._write_notices()

    def _write_notices(self) -> None:
        if width := self.size.width:
            self._write(".notices", notices(self.view, width, LINES // 2 if self.has_class("-low") else LINES))

    def _write(self, place: str, text: Content) -> None:
        line = self.query_one(place, QuietStatic)
        line.show_text(text)
        line.set_class(not text, "-empty")


def notices(view: RunView, width: int, room: int) -> Content:
    """The newest warnings and errors of a run, each with what to do, in so many lines at most.

    What to do stays in sight: where there is no room for all, older ones go first, then the end of a long message.
    """
    lines: list[Content] = []
    for notice in reversed(view.notices[-NOTICES:]):
        sign, colour = ("✗", "$error") if notice.kind == "error" else ("!", "$warning")
        left = room - len(lines)
        advice = hanging(Content.styled("  → ", "dim"), Content.styled(plain_text(notice.hint), "dim"), width)
        hint = first_lines(advice, left - 1, width) if notice.hint else []
        said = hanging(Content.styled(f"{sign} ", f"bold {colour}"), Content(plain_text(notice.message)), width)
        if lines and len(said) + len(hint) > left:
            break
        lines = [*first_lines(said, left - len(hint), width), *hint, *lines]
    return Content("\n").join(lines)
