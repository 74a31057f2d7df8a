"""What the model answered to the scenario's fixed prompts, evaluation by evaluation."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from engine.protocol import Answer
from tui.figures import shown
from tui.known_answers import RightAnswers
from tui.plain_text import plain_text
from tui.run_words import spread
from tui.state import Evaluated, RunView
from tui.widgets.cells import cut, fitted
from tui.widgets.quiet_static import QuietStatic

EMPTY = "∅"
"""An answer without a letter."""

PROMPT = 22
ANSWER = 10
"""Cells of a prompt and of an answer at most; a wide table has more room for prompts."""


class PromptTable(QuietStatic):
    """Prompts down, a few evaluations across, the newest at the right; ✓ and ✗ where the right answer is known."""

    DEFAULT_CSS = """
    PromptTable { height: auto; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    _shown: tuple[tuple[Evaluated, ...], RightAnswers] = ((), {})

    def show(self, view: RunView, known: RightAnswers) -> None:
        """Show the answers of this run; `known` are the right ones."""
        if (view.evaluations, known) != self._shown:
            self._shown = (view.evaluations, known)
            self._write()

    def on_resize(self) -> None:
        """Show as many evaluations as there is room for."""
        self._write()

    def _write(self) -> None:
        if self.size.width:
            self.show_text(prompt_table(*self._shown, self.size.width))


def prompt_table(evaluations: Sequence[Evaluated], known: RightAnswers, width: int) -> Content:
    """The table, so wide at most; empty where no prompt was answered yet."""
    answered = [found for found in evaluations if found.answers]
    if not answered:
        return Content("")
    prompts = [answer.prompt for answer in answered[-1].answers]
    first = min(max(PROMPT, width // 4), max(6, *(cell_len(plain_text(prompt)) for prompt in prompts)))
    columns = max(1, (width - first) // (ANSWER + 4))
    chosen = spread(answered, max(2, columns))[-columns:]
    steps = [f"{'step ' * (number == 0)}{found.step:,}" for number, found in enumerate(chosen)]
    head = fitted("prompt", first) + "".join(f"  {step:<{ANSWER + 2}}" for step in steps)
    lines = [Content.styled(head.rstrip(), "dim")]
    for prompt in prompts:
        cells = [_cell(found.answers, prompt, known.get(prompt)) for found in chosen]
        lines.append(Content(fitted(plain_text(prompt), first)) + Content("").join(cells))
    return Content("\n").join(lines)


def _cell(answers: Sequence[Answer], prompt: str, right: tuple[str, ...] | None) -> Content:
    answer = next((answer for answer in answers if answer.prompt == prompt), None)
    if answer is None:
        return Content(" " * (ANSWER + 4))
    text = cut(shown(answer), ANSWER) or EMPTY
    sign = Content("  ")
    if right is not None:
        is_right = answer.response in right and answer.stopped
        sign = Content.styled(" ✓", "$success") if is_right else Content.styled(" ✗", "$error")
    return Content("  ") + Content(text) + sign + Content(" " * (ANSWER - cell_len(text)))
