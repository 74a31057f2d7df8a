"""The list of all runs, one a line."""

from collections.abc import Collection, Sequence

from rich.cells import cell_len
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from engine.requests import RunSummary
from tui.figures import exact_match
from tui.plain_text import plain_text
from tui.run_words import COLOURS, MARKS, held_out, whole_percent
from tui.widgets.cells import fitted


class RunTable(OptionList):
    """Sign, name, scenario, step, exact match, date. The order is the caller's."""

    DEFAULT_CSS = """
    RunTable {
        height: 1fr; border: none; padding: 0; background: transparent;
        &:focus { border: none; background: transparent; background-tint: transparent; }
        & > .option-list--option { padding: 0; }
        & > .option-list--option-highlighted { background: $panel; color: $foreground; text-style: none; }
        &:focus > .option-list--option-highlighted { background: $panel; color: $foreground; text-style: bold; }
    }
    """
    BINDINGS = [
        Binding("j", "cursor_down", "Down", id="table.down", show=False, tooltip="The next run."),
        Binding("k", "cursor_up", "Up", id="table.up", show=False, tooltip="The run before."),
    ]

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._runs: list[RunSummary] = []
        self._names: dict[str, str] = {}
        self._chosen: Collection[str] = ()

    @property
    def current(self) -> RunSummary | None:
        """The highlighted run."""
        number = self.highlighted
        return self._runs[number] if number is not None and number < len(self._runs) else None

    def show(self, runs: Sequence[RunSummary], names: dict[str, str], chosen: Collection[str]) -> None:
        """Show these runs.

        Args:
            runs: in this order.
            names: run -> what a person calls it, where that is not its tuning.
            chosen: those whose curves are drawn together; they have a `+`.
        """
        here = self.current.id if self.current else ""
        same = [run.id for run in runs] == [run.id for run in self._runs]
        self._runs, self._names, self._chosen = list(runs), dict(names), chosen
        if same:
            self._write()
            return
        self.set_options(Option(line) for line in self._written())
        if runs:
            self.highlighted = next((number for number, run in enumerate(runs) if run.id == here), 0)

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Move the sign of the row in hand: not every terminal shows its colour."""
        super().watch_highlighted(highlighted)
        self._write()

    def on_resize(self) -> None:
        """Write the lines for the new width."""
        self._write()

    def _write(self) -> None:
        # While options are exchanged there are fewer of them than rows.
        for number, line in enumerate(self._written()[: self.option_count]):
            if self.get_option_at_index(number).prompt != line:
                self.replace_option_prompt_at_index(number, line)

    def header(self) -> str:
        """What the columns are."""
        name, scenario = self._widths()
        between = f" {fitted('scenario', scenario)}" if scenario else ""
        return f"    {fitted('run', name)}{between} {'step':>7} {'%':>4} begun"

    def _widths(self) -> tuple[int, int]:
        """Cells for the name and for the scenario, which is left out where there are too few."""
        room = max(30, self.size.width) - 30
        longest = max((cell_len(self._name_of(run)) for run in self._runs), default=0)
        name = min(longest, 26, room)
        scenario = min(room - name - 1, 30)
        return (name, scenario) if scenario >= 8 else (room, 0)

    def _name_of(self, run: RunSummary) -> str:
        return plain_text(self._names.get(run.id) or run.tuning or run.id)

    def _written(self) -> list[Content]:
        widths = self._widths()
        return [self._line(run, *widths) for run in self._runs]

    def _line(self, run: RunSummary, name: int, scenario: int) -> Content:
        mark = Content.styled(MARKS[run.state], f"bold {COLOURS[run.state]}")
        sign = Content.styled("›" if run == self.current else " ", "$accent")
        start = Content.assemble(sign, "+" if run.id in self._chosen else " ", mark, " ")
        line = start + Content(fitted(self._name_of(run), name))
        if run.damaged:
            return line + Content.styled("  cannot be read", "dim")
        shares = held_out(run.scores)
        best = whole_percent(exact_match(shares)) if shares else "–"
        if scenario:
            line += Content.styled(f" {fitted(plain_text(run.name), scenario)}", "dim")
        date = f"{run.created.astimezone():%d %b %H:%M}"
        return line + Content(f" {run.step:>7,} {best:>4} ") + Content.styled(date, "dim")
