"""The line of figures of a run and the bar of its progress."""

from textual.content import Content

from tui.figures import duration
from tui.run_words import COLOURS
from tui.settings import settings_of
from tui.state import RunView
from tui.widgets.quiet_static import QuietStatic

SHORTEST_BAR = 16
"""Cells, the gap included; rather than a shorter bar fewer words."""


def figures(view: RunView, memory: int = 0, width: int = 80) -> str:
    """`loss 0.0184   rate 0.0053   gradient 0.41   61 k tok/s   312 MB`, as far as it is known and there is room."""
    if not view.loss:
        return ""
    parts = [f"loss {view.loss.loss:.4f}", f"rate {view.learning_rate:.2g}", f"gradient {view.gradient_norm:.2g}"]
    parts.append(f"{speed(view.tokens_per_second)} tok/s")
    if memory and view.live:
        parts.append(megabytes(memory))
    while len("  ".join(parts)) > width:
        parts.pop()
    return ("   " if len("   ".join(parts)) <= width else "  ").join(parts)


def speed(tokens: float) -> str:
    """`840`, `6.1 k`, `61 k`, `1.2 M`."""
    if tokens < 1000:
        return f"{tokens:.0f}"
    value, unit = (tokens / 1e3, "k") if tokens < 1e6 else (tokens / 1e6, "M")
    return f"{value:.1f} {unit}" if value < 10 else f"{value:.0f} {unit}"


def megabytes(size: int) -> str:
    """`312 MB`."""
    return f"{size / 1e6:,.0f} MB"


def bar(share: float, width: int, *, ascii_only: bool = False) -> tuple[str, str]:
    """The part that is done and the part that is not, together so many cells."""
    full, half, rest = ("#", "", "-") if ascii_only else ("━", "╸", "━")
    halves = round(max(0.0, min(1.0, share)) * width * 2)
    done = full * (halves // 2) + (half if halves % 2 else "")
    return done, rest * (width - len(done))


def progress(view: RunView, width: int, *, ascii_only: bool = False) -> Content:
    """The bar, the share, the step, the time that it took and what is left at most; less of it where room is short."""
    took, left = duration(view.seconds), view.seconds_left
    share = f"{int(view.share * 100)} %"
    time = took if left is None else f"{took}, {duration(left)} left"
    full = f"{share}   step {view.step:,} of {view.steps:,}   {time}{' at most' * (left is not None)}"
    short = f"{share}   {view.step:,}/{view.steps:,}   {time}"
    fitting = (words for words in (full, short, f"{share}   {time}") if len(words) + SHORTEST_BAR <= width)
    words = next(fitting, share)
    done, rest = bar(view.share, max(1, width - len(words) - 3), ascii_only=ascii_only)
    colour = COLOURS[view.state]
    return Content.assemble((done, colour), (rest, "dim"), "   ", words)


class RunFigures(QuietStatic):
    """Two lines: the figures, and the bar. Empty before the run began."""

    DEFAULT_CSS = """
    RunFigures { height: 2; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def show(self, view: RunView, memory: int = 0) -> None:
        """Show these figures."""
        self._view, self._memory = view, memory
        self._write()

    def on_resize(self) -> None:
        """Make the bar as long as the line."""
        self._write()

    def _write(self) -> None:
        view = self._view
        self.display = bool(view.steps and view.run)
        if self.display and self.size.width:
            ascii_only = settings_of(self.app).chart_marks == "ascii"
            bar_line = progress(view, self.size.width, ascii_only=ascii_only)
            self.show_text(Content(figures(view, self._memory, self.size.width)) + Content("\n") + bar_line)

    _view = RunView()
    _memory = 0
