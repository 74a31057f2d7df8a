"""Answers as models give them, and an app with nothing but a console: what tests of the console need."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.widgets import Static

from engine.examples import Example
from engine.protocol import Answer, Token
from tests.tui.stage import STYLES
from tui import themes
from tui.clipboard import CopiesThroughTmux
from tui.exchange import AskableModel
from tui.known_answers import KnownAnswers
from tui.panes.coming_answers import ComingAnswers
from tui.panes.console import ConsolePane
from tui.prompt_history import PromptHistory
from tui.widgets.answer_list import AnswerList
from tui.widgets.key_line import KeyLine
from tui.widgets.last_answer import LastAnswer
from tui.widgets.prompt_line import PromptLine

BASE = AskableModel("base:skills", "base")
ADD = AskableModel("ab12-fine-tune-add", "fine-tune-add")
BOTH = AskableModel("cd34-instruction-tune", "instruction-tune")
MODELS = (BASE, ADD, BOTH)
KNOWN = [Example("Reverse hello", "olleh", "reverse"), Example("Add 1 and 2", "3", "add")]
ODD = "[red]no[/] \x1b[31mESC\x07\r\ttab 你好 e\u0301 👩\u200d🚀 שלום \u202e!"
"""Markup, control sequences, wide, combining, joined and right-to-left characters."""


def said(text: str, *probabilities: float, stops: bool = True, note: str = "") -> Answer:
    """An answer with one token a character; where no probability is given it is 0.99."""
    shares = [*probabilities, *[0.99] * len(text)][: len(text)]
    tokens = [Token(c, p, [("x", (1 - p) * 0.75), ("<end>", (1 - p) * 0.2)]) for c, p in zip(text, shares, strict=True)]
    return Answer("", text, [*tokens, Token("", 0.998)] if stops else tokens, stops, note)


class ConsoleApp(CopiesThroughTmux):
    """A console as the main screen has it: above it nothing, below it the last answer. It keeps what is posted."""

    CSS_PATH: ClassVar = STYLES
    CSS = """
    #nothing { height: 1fr; }
    Screen.-narrow #nothing { display: none; }
    Screen.-narrow #console { height: 1fr; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 -- as Textual declares it
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, history: PromptHistory | None = None, theme: str = themes.DARK.name) -> None:
        super().__init__()
        for own in themes.OWN_THEMES:
            self.register_theme(own)
        self.theme = theme
        self.history = history
        self.asked: list[ConsolePane.Ask] = []
        self.cancelled: list[int] = []
        self.added: list[Example] = []
        self.chosen: list[tuple[str, ...]] = []

    def compose(self) -> ComposeResult:
        yield Static("", id="nothing")
        yield ConsolePane(self.history, id="console")
        yield LastAnswer()
        yield KeyLine()

    def on_mount(self) -> None:
        self.pane.set_models(MODELS, [model.ref for model in MODELS])
        self.pane.set_known(KnownAnswers(KNOWN))
        self.prompt.focus()

    @property
    def pane(self) -> ConsolePane:
        return self.query_one(ConsolePane)

    @property
    def prompt(self) -> PromptLine:
        return self.query_one(PromptLine)

    @property
    def answers(self) -> AnswerList:
        return self.query_one(AnswerList)

    @property
    def lines(self) -> list[str]:
        """What the list of answers shows."""
        return [self.answers.render_line(y).text.rstrip() for y in range(self.answers.size.height)]

    def on_console_pane_ask(self, message: ConsolePane.Ask) -> None:
        self.asked.append(message)

    def on_console_pane_cancel(self, message: ConsolePane.Cancel) -> None:
        self.cancelled.append(message.number)

    def on_console_pane_add_example(self, message: ConsolePane.AddExample) -> None:
        self.added.append(message.example)

    def on_console_pane_chosen(self, message: ConsolePane.Chosen) -> None:
        self.chosen.append(message.models)

    def on_coming_answers_answered(self, message: ComingAnswers.Answered) -> None:
        self.query_one(LastAnswer).exchange = message.exchange


def app_of(pilot: Pilot[None]) -> ConsoleApp:
    assert isinstance(pilot.app, ConsoleApp)
    return pilot.app


async def ask(pilot: Pilot[None], prompt: str) -> None:
    app_of(pilot).prompt.put(prompt)
    app_of(pilot).prompt.focus()
    await pilot.press("enter")
    await pilot.pause()


async def ask_and_answer(pilot: Pilot[None], prompt: str = "Reverse hello", *texts: str) -> None:
    """Ask every model; each answers with one of the texts."""
    await ask(pilot, prompt)
    app = app_of(pilot)
    for model, text in zip(MODELS, texts or ("hello", "11", "olleh"), strict=True):
        app.pane.add_answer(app.asked[-1].number, model.ref, said(text, 0.6))
    await pilot.pause()
