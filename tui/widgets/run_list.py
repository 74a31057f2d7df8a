"""The tunings of the scenario, one a line, each with its newest run: sign, step, scores, how they rose."""

from collections.abc import Collection, Sequence

from rich.cells import cell_len, set_cell_size
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.plain_text import plain_text
from tui.run_words import COLOURS, MARKS, best_scores, score_words, spark_line
from tui.training_state import TuningRow
from tui.widgets.cells import fitted

NAME = 22
"""Cells of a name at most."""
SPARK = 8


class RunList(OptionList):
    """Rows stay where they are while their runs go on; the highlighted one is the one that is shown below."""

    DEFAULT_CSS = """
    RunList {
        height: auto; max-height: 7; border: none; padding: 0; background: transparent;
        &:focus { border: none; background: transparent; background-tint: transparent; }
        & > .option-list--option { padding: 0; }
        & > .option-list--option-highlighted { background: $panel; color: $foreground; text-style: none; }
        &:focus > .option-list--option-highlighted { background: $panel; color: $foreground; text-style: bold; }
    }
    """
    BINDINGS = [
        Binding("j", "cursor_down", "Down", id="runs.down", show=False, tooltip="The next tuning."),
        Binding("k", "cursor_up", "Up", id="runs.up", show=False, tooltip="The tuning before."),
    ]

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._rows: Sequence[TuningRow] = ()
        self._overlaid: Collection[str] = ()

    @property
    def current(self) -> TuningRow | None:
        """The highlighted row."""
        number = self.highlighted
        return self._rows[number] if number is not None and number < len(self._rows) else None

    def show(self, rows: Sequence[TuningRow], overlaid: Collection[str] = ()) -> None:
        """Show these rows. `overlaid` are the tunings whose curves are drawn together."""
        same = [row.tuning for row in rows] == [row.tuning for row in self._rows]
        name = self.current.tuning if self.current else ""
        before, self._rows, self._overlaid = (self._rows, self._overlaid), rows, overlaid
        if not same:
            self.set_options(Option(line) for line in self._written())
            names = [row.tuning for row in rows]
            if rows:
                self.highlighted = names.index(name) if name in names else 0
        elif before != (rows, overlaid):
            self._write()

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Move the sign of the row in hand: not every terminal shows its colour."""
        super().watch_highlighted(highlighted)
        self._write()

    def on_resize(self) -> None:
        """Write the rows for the new width."""
        self._write()

    def _write(self) -> None:
        # While options are exchanged there are fewer of them than rows.
        for number, line in enumerate(self._written()[: self.option_count]):
            if self.get_option_at_index(number).prompt != line:
                self.replace_option_prompt_at_index(number, line)

    def _written(self) -> list[Content]:
        width = max(30, self.size.width)
        name = min(NAME, max((cell_len(plain_text(row.tuning)) for row in self._rows), default=0))
        steps = max((len(steps_of(row)) for row in self._rows), default=0)
        room = width - name - steps - 7
        scores = [score_words(best_scores(row.view), room) for row in self._rows]
        # The scores come first; what they leave is for the spark line.
        longest = max(map(cell_len, scores), default=0)
        spark = min(SPARK, room - longest - 2)
        return [
            self._line(row, fitted(plain_text(row.tuning), name), steps, set_cell_size(words, longest), spark)
            for row, words in zip(self._rows, scores, strict=True)
        ]

    def _line(self, row: TuningRow, name: str, steps: int, scores: str, spark: int) -> Content:
        view = row.view
        sign = Content.styled("›" if row == self.current else " ", "$accent")
        start = sign + Content(f"{'+' if row.tuning in self._overlaid else ' '}{name} ")
        if not row.run:
            return start + Content.styled("  not trained yet", "dim")
        line = start + Content.styled(MARKS[view.state], f"bold {COLOURS[view.state]}")
        line += Content.styled(f" {steps_of(row):>{steps}}  ", "dim") + Content(scores)
        return line + Content("  ") + Content.styled(spark_line(view, spark), "$accent") if spark > 3 else line


def steps_of(row: TuningRow) -> str:
    """`640/1,200`, of a finished run `1,200`."""
    view = row.view
    if not row.run:
        return ""
    return f"{view.step:,}/{view.steps:,}" if view.state != "finished" and view.steps else f"{view.step:,}"
