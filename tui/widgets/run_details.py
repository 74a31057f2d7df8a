"""What is told of the run in hand on the screen of all runs: its display, its facts, its scenario."""

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from engine.requests import RunSummary
from tui.plain_text import plain_text
from tui.run_record import RunRecord, facts
from tui.run_words import how_to_go_on
from tui.state import RunView
from tui.widgets.hanging import hanging
from tui.widgets.quiet_static import QuietStatic
from tui.widgets.run_display import RunDisplay

NAME = 12
"""Cells of a fact's name."""

PAGES = ("curves", "facts", "scenario")


class RunDetails(Vertical):
    """Curves above, facts or scenario below; where there is no room for both, one at a time (`-paged`)."""

    DEFAULT_CSS = """
    RunDetails .facts { height: auto; max-height: 14; margin-top: 1; scrollbar-size-vertical: 1; }
    RunDetails.-damaged RunDisplay { display: none; }
    RunDetails.-paged .facts { display: none; max-height: 100%; height: 1fr; margin-top: 0; }
    RunDetails.-paged.-facts .facts, RunDetails.-damaged .facts { display: block; }
    RunDetails.-paged.-facts RunDisplay { display: none; }
    """

    page = PAGES[0]
    """What is shown, one of `PAGES`. Without `-paged`, curves are also there with the others."""

    _run: RunSummary | None = None
    _record: RunRecord | None = None

    def compose(self) -> ComposeResult:
        yield RunDisplay()
        with VerticalScroll(classes="facts"):
            yield QuietStatic()

    def turn(self) -> None:
        """To the next page."""
        pages = PAGES if self.has_class("-paged") else PAGES[1:]
        self.page = pages[(pages.index(self.page) + 1) % len(pages)] if self.page in pages else pages[1]

    def show(self, run: RunSummary, view: RunView, drawn: Mapping[str, RunView], record: RunRecord | None) -> None:
        """Show a run; `record` is None as long as it is being read."""
        self._run, self._record = run, record
        self.remove_class("-damaged")
        self.set_class(self.page != "curves", "-facts")
        known = record.known if record else {}
        display = self.query_one(RunDisplay)
        display.show(view, drawn=drawn, known=known, advice=how_to_go_on(view), empty="Nothing has happened yet.")
        self._write()

    def on_resize(self) -> None:
        """Fit the facts to the new width."""
        if not self.has_class("-damaged"):
            self._write()

    def show_damaged(self, reason: str) -> None:
        """Say why there is nothing to show."""
        self.add_class("-damaged")
        self._tell(Content(f"This run cannot be read: {plain_text(reason)}"))

    def _write(self) -> None:
        if self._run and self._record:
            self._tell(self._words(self._run, self._record))
        elif self._run:
            self._tell(Content.styled("reading …", "dim"))

    def _words(self, run: RunSummary, record: RunRecord) -> Content:
        if self.page == "scenario":
            return Content("\n").join(Content(plain_text(line)) for line in record.scenario.splitlines())
        width = max(2 * NAME, self.size.width - 2)
        told = ((Content.styled(f"{name:<{NAME}}", "dim"), value) for name, value in facts(record, run.label))
        return Content("\n").join(
            line for name, value in told for line in hanging(name, Content(plain_text(value)), width)
        )

    def _tell(self, text: Content) -> None:
        self.query_one(".facts QuietStatic", QuietStatic).show_text(text)
