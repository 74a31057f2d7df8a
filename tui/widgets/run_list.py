"""The tunings of the scenario, one a line, each with its newest run: sign, step, scores, how they rose."""

from collections.abc import Collection, Sequence

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widgets.option_list import Option

from tui.plain_text import plain_text
from tui.run_words import COLOURS, MARKS, best_scores, score_words, spark_line
from tui.training_state import TuningRow
from tui.widgets.cells import fitted, middle_cut
from tui.widgets.line_list import LineList

NAME = 22
"""Cells of a name at most, in a pane that is not wide."""
SPARK = 8


class RunList(LineList):
    """Rows stay where they are while their runs go on; the highlighted one is the one that is shown below."""

    DEFAULT_CSS = """
    RunList { height: auto; max-height: 7; }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: Sequence[TuningRow] = ()
        self._overlaid: Collection[str] = ()

    @property
    def current(self) -> TuningRow | None:
        """The highlighted row."""
        number = self.highlighted
        return self._rows[number] if number is not None and number < len(self._rows) else None

    def show(self, rows: Sequence[TuningRow], overlaid: Collection[str] = (), first: str = "") -> None:
        """Show these rows.

        Args:
            rows: one a tuning.
            overlaid: the tunings whose curves are drawn together.
            first: the tuning to have in hand, where the one that was is not there.
        """
        same = [row.tuning for row in rows] == [row.tuning for row in self._rows]
        name = self.current.tuning if self.current else ""
        before, self._rows, self._overlaid = (self._rows, self._overlaid), rows, overlaid
        if not same:
            self.set_options(Option(line) for line in self.written())
            names = [row.tuning for row in rows]
            if rows:
                self.highlighted = next((names.index(each) for each in (name, first) if each in names), 0)
        elif before != (rows, overlaid):
            self.write()

    def written(self) -> list[Content]:
        """One line a row."""
        width = max(30, self.room)
        name = min(max(NAME, width // 2 - 16), max((cell_len(plain_text(row.tuning)) for row in self._rows), default=0))
        steps = max((len(steps_of(row)) for row in self._rows), default=0)
        room = width - name - steps - 7
        scores = [score_words(best_scores(row.view), room) for row in self._rows]
        # The scores come first; what they leave is for the spark line.
        longest = max(map(cell_len, scores), default=0)
        spark = min(SPARK, room - longest - 2)
        return [
            self._line(
                row, fitted(middle_cut(plain_text(row.tuning), name), name), steps, set_cell_size(words, longest), spark
            )
            for row, words in zip(self._rows, scores, strict=True)
        ]

    def _line(self, row: TuningRow, name: str, steps: int, scores: str, spark: int) -> Content:
        view = row.view
        sign = self.sign(row == self.current)
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
