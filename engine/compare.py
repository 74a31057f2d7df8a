"""Models side by side: the same questions to each, exact match by group and task, and what was answered instead.

A model answers with its own weights, by greedy decoding. As in `engine.evaluate` one pass over prompt and response
decides whether an answer is right; answers are decoded only where their text is needed, which is for the first call of
a chain and for wrong answers.
"""

import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import msgspec

from engine.errors import EngineError, InputError
from engine.evaluate import judge
from engine.examples import Example
from engine.groups import ANSWER, Question, answers_of_other_tasks
from engine.inference.answer import Answerer
from engine.matrix import AskedQuestion, Cell, ComparedModel, GivenAnswer, Group, Instead, Matrix, Means, means
from engine.models import LanguageModel
from engine.prompt import longest, prompter_for
from engine.tokenizer import END

BASE = "base"
"""How the base of a scenario is named among runs."""

CHUNK = 256
"""Answers decoded at once."""

LONGEST_ANSWER = 32
"""Tokens after which an answer is given up. The right ones have about half as many at most."""

INSTRUCTED: tuple[Group, ...] = ("trained", "unseen_task")
"""The groups whose wrong answers are looked at."""


@dataclass(frozen=True)
class Entrant:
    """A model with the weights that it answers with."""

    model: ComparedModel
    answerer: Answerer
    started_from: str = ""
    """SHA-256 of the tensors that its tuning started from."""


@dataclass(frozen=True)
class Outcome:
    """How one answer turned out; wrong when neither holds."""

    exact: bool
    unstopped: bool


Load = Callable[[str], Entrant]


def compare(names: Iterable[str], questions: Sequence[Question], load: Load) -> Matrix:
    """Ask every model all questions, and the parents of models too, to tell what was lost.

    Args:
        names: of runs, or `base`. The same one twice is asked once.
        questions: as `engine.groups.questions` gives them.
        load: gives the model of a name. One is held in memory at a time.
    """
    models: dict[str, ComparedModel] = {}
    started_from: dict[str, str] = {}
    cells: list[Cell] = []
    instead: list[Instead] = []
    for name in names:
        entrant = load(name)
        run = entrant.model.run
        if run in models:
            continue
        models[run], started_from[run] = entrant.model, entrant.started_from
        outcomes = answered(entrant.answerer, questions)
        cells += _cells(run, questions, outcomes)
        instead += _instead(run, entrant.answerer, questions, outcomes)
    summary = means(cells)
    parents = _parents(models, summary, questions, load)
    lost: Means = {}
    for run, model in models.items():
        parent = parents.get(model.parent)
        if parent and parent.weights == started_from[run]:
            own = summary.get(run, {})
            lost[run] = {group: mean - own[group] for group, mean in parent.means.items() if group in own}
    return Matrix(list(models.values()), cells, summary, lost, instead)


def answered(answerer: Answerer, questions: Sequence[Question]) -> list[Outcome | None]:
    """How the answer to each question turned out; None where such a model cannot be asked that way."""
    is_language_model = isinstance(answerer.model, LanguageModel)
    asked = list(questions)
    for i, first in _firsts(answerer, questions).items():
        asked[i] = _second(questions[i], first)
    found: list[Outcome | None] = [None] * len(questions)
    instructions = [i for i, question in enumerate(questions) if not question.is_plain]
    known_forms = [i for i, question in enumerate(questions) if question.group == "known_form"]
    plain_texts = [i for i, question in enumerate(questions) if question.group == "plain_text"]
    if not is_language_model:
        instructions = [i for i in instructions if not questions[i].then]
        known_forms = plain_texts = []
    instructed, plain = _instructed(answerer), _plain(answerer)
    # An instruction has one answer, in whatever form; in plain text another sentence may follow.
    for way, rows, ends in (
        (instructed, instructions, [END]),
        (plain, known_forms, [END]),
        (plain, plain_texts, plain.prompter.ends),
    ):
        for i, outcome in zip(rows, _outcomes(way, [asked[i] for i in rows], ends), strict=True):
            found[i] = outcome
    return found


def cell_answers(names: Iterable[str], questions: Sequence[Question], load: Load) -> list[AskedQuestion]:
    """What models answered to the questions of one cell, all of one group. `compare` explains the arguments."""
    given: list[list[GivenAnswer]] = [[] for _ in questions]
    seen: set[str] = set()
    for name in names:
        entrant = load(name)
        if entrant.model.run in seen:
            continue
        seen.add(entrant.model.run)
        outcomes = answered(entrant.answerer, questions)
        firsts = _firsts(entrant.answerer, questions)
        rows = [i for i, outcome in enumerate(outcomes) if outcome]
        asked = [_second(questions[i], firsts[i]) if i in firsts else questions[i] for i in rows]
        for i, text in zip(rows, _said(entrant.answerer, asked), strict=True):
            outcome = outcomes[i]
            assert outcome is not None
            wrong = outcome == Outcome(False, False)
            right_for = _right_for(questions[i], text) if wrong else []
            given[i].append(
                GivenAnswer(entrant.model.run, text, outcome.exact, outcome.unstopped, right_for, firsts.get(i, ""))
            )
    return [
        AskedQuestion(question.text, question.response, answers, question.wording, question.then)
        for question, answers in zip(questions, given, strict=True)
    ]


def _firsts(answerer: Answerer, questions: Sequence[Question]) -> dict[int, str]:
    """Of each chain, by its position, what the model answers to the first call."""
    if not isinstance(answerer.model, LanguageModel):
        return {}
    chained = [i for i, question in enumerate(questions) if question.then]
    return dict(zip(chained, _decoded(_instructed(answerer), [questions[i].text for i in chained]), strict=True))


def _second(question: Question, first: str) -> Question:
    """The second call of a chain."""
    return msgspec.structs.replace(question, text=question.then.replace(ANSWER, first))


def _right_for(question: Question, text: str) -> list[str]:
    """The other tasks that this is the right answer to."""
    return [task for task, answer in answers_of_other_tasks(question).items() if answer == text]


def _said(answerer: Answerer, questions: Sequence[Question]) -> list[str]:
    """The text of the greedy answers to questions that are all plain text, or none of them."""
    texts = [question.text for question in questions]
    if not questions or not questions[0].is_plain:
        return _decoded(_instructed(answerer), texts)
    plain = _plain(answerer)
    ends = [END] if questions[0].group == "known_form" else plain.prompter.ends
    return _decoded(plain, texts, ends)


def _instructed(answerer: Answerer) -> Answerer:
    """The same model, asked with the mark that starts an answer, whatever it is used to."""
    own = answerer.prompter
    return replace(answerer, prompter=prompter_for(answerer.spec.config, own.tokenizer, own.template))


def _plain(answerer: Answerer) -> Answerer:
    """The same model, asked to go on with a text, without template or mark."""
    tokenizer = answerer.prompter.tokenizer
    return replace(answerer, prompter=prompter_for(answerer.spec.config, tokenizer, "{instruction}", plain=True))


def _outcomes(answerer: Answerer, questions: Sequence[Question], ends: Sequence[int]) -> list[Outcome]:
    """What the context of a language model cannot hold counts as wrong; the notebook's models cut it."""
    examples = [Example(question.text, question.response) for question in questions]
    most = longest(answerer.spec.config) if isinstance(answerer.model, LanguageModel) else sys.maxsize
    fitting = [i for i, example in enumerate(examples) if answerer.prompter.length(example) <= most]
    outcomes = [Outcome(False, False)] * len(questions)
    if fitting:
        found = judge(answerer, [examples[i] for i in fitting], ends)
        for i, exact, unstopped in zip(fitting, found.exact_N.tolist(), found.unstopped_N.tolist(), strict=True):
            outcomes[i] = Outcome(exact, unstopped)
    return outcomes


def _decoded(answerer: Answerer, instructions: Sequence[str], ends: Collection[int] = ()) -> list[str]:
    """The text of the greedy answers up to one of `ends`; one that does not end is cut."""
    texts: list[str] = []
    for start in range(0, len(instructions), CHUNK):
        rows = answerer.answers(instructions[start : start + CHUNK], most=LONGEST_ANSWER)
        for row in rows:
            end = next((i for i, index in enumerate(row) if index in ends), len(row))
            texts.append(answerer.text(row[:end]))
    return texts


def _cells(run: str, questions: Sequence[Question], outcomes: Sequence[Outcome | None]) -> list[Cell]:
    found: dict[tuple[Group, str, str], list[Outcome]] = {}
    for question, outcome in zip(questions, outcomes, strict=True):
        if outcome:
            found.setdefault((question.group, question.task, question.wording), []).append(outcome)
    return [
        Cell(
            run=run,
            group=group,
            task=task,
            exact_match=sum(outcome.exact for outcome in cell) / len(cell),
            examples=len(cell),
            did_not_stop=sum(outcome.unstopped for outcome in cell) / len(cell),
            wording=wording,
        )
        for (group, task, wording), cell in found.items()
    ]


def _instead(
    run: str, answerer: Answerer, questions: Sequence[Question], outcomes: Sequence[Outcome | None]
) -> list[Instead]:
    result = []
    for group in INSTRUCTED:
        wrong = [
            question
            for question, outcome in zip(questions, outcomes, strict=True)
            if question.group == group and question.argument and outcome == Outcome(False, False)
        ]
        if not wrong:
            continue
        said = _decoded(_instructed(answerer), [question.text for question in wrong])
        counts: Counter[str] = Counter()
        another = 0
        for question, text in zip(wrong, said, strict=True):
            tasks = _right_for(question, text)
            counts.update(tasks)
            another += bool(tasks)
        shares = {task: count / len(wrong) for task, count in counts.most_common()}
        result.append(Instead(run, group, len(wrong), another / len(wrong), shares))
    return result


@dataclass(frozen=True)
class _Parent:
    weights: str
    means: dict[Group, float]


def _parents(
    models: dict[str, ComparedModel], summary: Means, questions: Sequence[Question], load: Load
) -> dict[str, _Parent]:
    """The parents that are still there, each asked unless it is among the models anyway."""
    found: dict[str, _Parent] = {}
    for name in {model.parent: None for model in models.values() if model.parent}:
        if name in models:
            found[name] = _Parent(models[name].weights, summary.get(name, {}))
            continue
        try:
            entrant = load(name)
        except (EngineError, InputError):
            continue
        cells = _cells(name, questions, answered(entrant.answerer, questions))
        found[name] = _Parent(entrant.model.weights, means(cells).get(name, {}))
    return found
