"""Answers on their way: what was asked and is not answered yet, shown as its tokens come."""

from dataclasses import dataclass

from textual.message import Message

from engine.protocol import Answer, Token
from tui.exchange import Exchange, ended, with_answer, with_token
from tui.panes.answer_export import AnswerExport
from tui.settings import settings_of
from tui.widgets.answer_list import AnswerList
from tui.widgets.throttle import Throttle


class ComingAnswers(AnswerExport):
    """The part of the console that takes tokens and answers. It draws no more often than the settings say."""

    @dataclass
    class Answered(Message):
        """An exchange has changed: for whoever shows the last answer elsewhere."""

        exchange: Exchange

    def __init__(self, *, id: str | None = None, classes: str = "pane") -> None:
        super().__init__(id=id, classes=classes)
        self._coming: dict[int, Exchange] = {}
        self._changed: set[int] = set()
        self._throttle = Throttle(self, 0.1, self._show_changes)

    def expect(self, exchange: Exchange) -> None:
        """A prompt is asked: show it, and take what comes of it."""
        self._coming[exchange.number] = exchange
        self.query_one(AnswerList).show(exchange)
        self.query_one(AnswerList).go_to_newest()
        self.post_message(self.Answered(exchange))
        self.refresh_bindings()

    @property
    def coming(self) -> list[int]:
        """The numbers of the prompts that are not answered yet, oldest first."""
        return list(self._coming)

    def add_token(self, number: int, model: str, token: Token) -> None:
        """One more token of a model's answer to the prompt of this number."""
        if number in self._coming:
            self._coming[number] = with_token(self._coming[number], model, token)
            self._changed.add(number)
            self._throttle.seconds = 1 / settings_of(self.app).updates
            self._throttle.ask()

    def add_answer(self, number: int, model: str, answer: Answer | None, error: str = "") -> None:
        """A model's whole answer, or why it gave none."""
        if number in self._coming:
            self._coming[number] = with_answer(self._coming[number], model, answer, error)
            self._show(number)

    def end(self, number: int, *, error: str = "") -> None:
        """Nothing more comes for this prompt. What is not answered yet was cancelled, or failed for this reason."""
        if number in self._coming:
            self._coming[number] = ended(self._coming[number], error=error)
            self._show(number)

    def _show_changes(self) -> None:
        for number in list(self._changed):
            self._show(number)

    def _show(self, number: int) -> None:
        self._changed.discard(number)
        exchange = self._coming[number]
        self.query_one(AnswerList).show(exchange)
        self.post_message(self.Answered(exchange))
        if exchange.is_over:
            del self._coming[number]
            self.refresh_bindings()
