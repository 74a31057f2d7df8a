"""The methods of the engine process: what each is given and answered with, as typed structs.

`engine.client` calls them, `engine.serving` answers, `engine.messages` puts both into lines.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from engine.matrix import AskedQuestion, Group
from engine.protocol import AnyEvent, Token
from engine.requests import ModelAnswer
from engine.scenario import Scenario
from engine.scenario_table import Count, Positive, Rate, Seed

PROTOCOL = 1
"""Of the methods. Both sides must have the same."""


class Params(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of a method without any."""


class Hello(Params, frozen=True, kw_only=True):
    """Of `hello`, which comes first."""

    protocol: int
    version: str
    """Of tunetui, for the sentence about a mismatch."""


class Greeting(msgspec.Struct, frozen=True, kw_only=True):
    """What `hello` is answered with."""

    protocol: int
    version: str
    pid: int
    since: datetime


class OfRuns(Params, frozen=True, kw_only=True):
    """Of `queue`."""

    runs: list[str]


class OfRun(Params, frozen=True, kw_only=True):
    """Of what is done to one run: `pause`, `resume`, `stop`, `step`, `save`, `remove`, `unsubscribe`."""

    run: str


class Subscribe(Params, frozen=True, kw_only=True):
    """Of `subscribe`."""

    run: str
    after: int = -1


class SetLearningRate(Params, frozen=True, kw_only=True):
    """Of `set_learning_rate`."""

    run: str
    rate: Rate


class Ask(Params, frozen=True, kw_only=True):
    """Of `ask`."""

    models: list[str]
    prompt: str
    temperature: Annotated[float, Meta(ge=0)] = 0.0
    top_k: Count = 0
    top_p: Annotated[float, Meta(gt=0, le=1)] = 1.0
    seed: Seed = 0
    length: Positive | None = None


class Cancel(Params, frozen=True, kw_only=True):
    """Of `cancel`: the id of a request of the same connection."""

    request: int | str


class Evaluate(Params, frozen=True, kw_only=True):
    """Of `evaluate`."""

    run: str
    splits: list[str] = []
    tasks: list[str] = []


class Compare(Params, frozen=True, kw_only=True):
    """Of `compare`."""

    models: list[str]
    scenario: Scenario | None = None
    folder: str = ""
    tasks: list[str] = []
    groups: list[Group] = []
    count: Positive = 20
    development: bool = False


class OfCell(Params, frozen=True, kw_only=True):
    """Of `answers_of_cell`."""

    models: list[str]
    group: Group
    task: str
    scenario: Scenario | None = None
    folder: str = ""
    count: Positive = 20
    development: bool = False


class OfModels(Params, frozen=True, kw_only=True):
    """Of `load` and `unload`."""

    models: list[str]


class Saved(msgspec.Struct, frozen=True):
    """What `save` is answered with."""

    step: int


class Answers(msgspec.Struct, frozen=True):
    """What `ask` is answered with."""

    answers: list[ModelAnswer]


class CellAnswers(msgspec.Struct, frozen=True):
    """What `answers_of_cell` is answered with."""

    questions: list[AskedQuestion]


class TokenOf(msgspec.Struct, frozen=True):
    """The notification `token`: one more of an answer to a request of this connection."""

    request: int | str
    model: str
    token: Token


class EventsOf(msgspec.Struct, frozen=True):
    """The notification `events`: more of the story that was subscribed to by a request of this connection."""

    request: int | str
    run: str
    events: list[AnyEvent]
    end: bool = False
    """Nobody works on the run any more, and all of its story has been told."""
