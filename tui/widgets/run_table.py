"""The list of all runs, one a line."""

from collections.abc import Collection, Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.widgets.option_list import Option

from engine.requests import RunSummary
from tui.figures import exact_match
from tui.plain_text import plain_text
from tui.run_words import COLOURS, MARKS, held_out, whole_percent
from tui.widgets.cells import fitted, middle_cut
from tui.widgets.line_list import LineList


class RunTable(LineList):
    """Sign, name, scenario, step, exact match, date. The order is the caller's."""

    DEFAULT_CSS = """
    RunTable { height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._runs: list[RunSummary] = []
        self._chosen: Collection[str] = ()

    @property
    def current(self) -> RunSummary | None:
        """The highlighted run."""
        number = self.highlighted
        return self._runs[number] if number is not None and number < len(self._runs) else None

    def show(self, runs: Sequence[RunSummary], chosen: Collection[str]) -> None:
        """Show these runs.

        Args:
            runs: in this order.
            chosen: those whose curves are drawn together; they have a `+`.
        """
        here = self.current.id if self.current else ""
        same = [run.id for run in runs] == [run.id for run in self._runs]
        self._runs, self._chosen = list(runs), chosen
        if same:
            self.write()
            return
        self.set_options(Option(line) for line in self.written())
        if runs:
            self.highlighted = next((number for number, run in enumerate(runs) if run.id == here), 0)

    def header(self) -> str:
        """What the columns are."""
        name, scenario = self._widths()
        between = f" {fitted('scenario', scenario)}" if scenario else ""
        return f"    {fitted('run', name)}{between} {'step':>7} {'%':>4} begun"

    def _widths(self) -> tuple[int, int]:
        """Cells for the name and for the scenario, which is left out where there are too few."""
        room = max(30, self.room) - 30
        longest = max((cell_len(name_of(run)) for run in self._runs), default=0)
        name = min(longest, 26, room)
        scenario = min(room - name - 1, 30)
        return (name, scenario) if scenario >= 8 else (room, 0)

    def written(self) -> list[Content]:
        """One line a row."""
        widths = self._widths()
        return [self._line(run, *widths) for run in self._runs]

    def _line(self, run: RunSummary, name: int, scenario: int) -> Content:
        mark = Content.styled(MARKS[run.state], f"bold {COLOURS[run.state]}")
        sign = self.sign(run == self.current)
        start = Content.assemble(sign, "+" if run.id in self._chosen else " ", mark, " ")
        line = start + Content(fitted(middle_cut(name_of(run), name), name))
        if run.damaged:
            return line + Content.styled(" cannot be read", "dim")
        shares = held_out(run.scores)
        best = whole_percent(exact_match(shares)) if shares else "–"
        if scenario:
            line += Content.styled(f" {fitted(plain_text(run.name), scenario)}", "dim")
        date = f"{run.created.astimezone():%d %b %H:%M}"
        return line + Content(f" {run.step:>7,} {best:>4} ") + Content.styled(date, "dim")


def name_of(run: RunSummary) -> str:
    """What a person calls the run, otherwise its tuning."""
    return plain_text(run.label.name or run.tuning or run.id)
