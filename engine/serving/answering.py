"""What is asked of models, as the engine's thread does it between two steps."""

import threading
from collections.abc import Callable
from pathlib import Path

from engine.compare import BASE
from engine.compare_runs import NAMED_BASE, Asked, answers_of_cell, compare_runs
from engine.errors import EngineError, InputError
from engine.evaluate import evaluate
from engine.headless import chosen_examples
from engine.inference.generate import Sampling
from engine.matrix import Matrix
from engine.messages import CANCELLED, Refused
from engine.methods import Ask, CellAnswers, Compare, Evaluate, OfCell
from engine.protocol import Scores, Token
from engine.requests import ModelAnswer
from engine.serving.models import Models
from engine.workspace import Workspace

OnToken = Callable[[str, Token], None]
"""Called with the model and its token."""


def ask(models: Models, asked: Ask, on_token: OnToken, cancelled: threading.Event) -> list[ModelAnswer]:
    """What each model answers; one that cannot says why.

    Raises:
        Refused: it was cancelled.
    """

    def told(model: str) -> Callable[[Token], None]:
        def tell(token: Token) -> None:
            if cancelled.is_set():
                raise Refused(CANCELLED, "cancelled")
            on_token(model, token)

        return tell

    sampling = Sampling(asked.temperature, asked.top_k, asked.top_p, asked.seed)
    answers = []
    for model in asked.models:
        try:
            answerer = models.answerer(model)
            answer = answerer.answer(asked.prompt, sampling, most=asked.length, on_token=told(model))
            answers.append(ModelAnswer(model=model, answer=answer))
        except (EngineError, InputError) as error:
            answers.append(ModelAnswer(model=model, answer=None, error=str(error)))
    return answers


def score(workspace: Workspace, models: Models, asked: Evaluate) -> Scores:
    """Scores of a run's model as it is now.

    Raises:
        InputError: there is no such run, or no example of these splits and tasks.
        EngineError: it has no checkpoint yet.
    """
    examples = workspace.examples(workspace.find(asked.run))
    return evaluate(models.answerer(asked.run), chosen_examples(examples, asked.splits, asked.tasks))


def compare(workspace: Workspace, asked: Compare) -> Matrix:
    """Models side by side, each from its newest checkpoint."""
    return compare_runs(
        _compared(asked),
        workspace=workspace,
        asked=_asked_by(asked),
        tasks=asked.tasks,
        groups=asked.groups,
        count=asked.count,
        development=asked.development,
    )


def cell(workspace: Workspace, asked: OfCell) -> CellAnswers:
    """What models answer to the questions of one cell."""
    questions = answers_of_cell(
        _compared(asked),
        asked.group,
        asked.task,
        workspace=workspace,
        asked=_asked_by(asked),
        count=asked.count,
        development=asked.development,
    )
    return CellAnswers(questions)


def _compared(asked: Compare | OfCell) -> list[str]:
    """The names of the models, the base of the scenario under the short one that it has in a comparison."""
    base = asked.scenario.base if asked.scenario else ""
    own = {f"{NAMED_BASE}{base}", f"{NAMED_BASE}{Path(asked.folder) / base}"} if base else set()
    return [BASE if model in own else model for model in asked.models]


def _asked_by(asked: Compare | OfCell) -> Asked | None:
    return Asked(asked.scenario, Path(asked.folder)) if asked.scenario else None
