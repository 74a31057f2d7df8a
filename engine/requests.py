"""The engine process as the app sees it: what can be asked of it, and what it answers.

`engine.client` asks it over a socket; `engine.methods` says how requests and answers travel.
"""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from engine.matrix import AskedQuestion, Group, Matrix
from engine.protocol import Answer, AnyEvent, Scores, Token
from engine.run_label import RunLabel
from engine.runs import State
from engine.scenario import Scenario

Connection = Literal["connecting", "connected", "gone"]


class RunSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One run in a list of runs."""

    id: str
    name: str
    """Of the scenario: its file's name without folder and ending."""
    tuning: str
    state: State
    step: int
    steps: int
    """At most; 0 as long as it is not known."""
    created: datetime
    saved: int = 0
    """Step of the newest checkpoint; 0 where there is none."""
    seconds: float
    """From the start of its last sitting to its last word; of a finished run those that training took."""
    scores: Scores
    parent: str
    title: str
    damaged: str = ""
    """Why its folder cannot be read, if it cannot. All else is empty then."""
    error: str = ""
    """What a failed run said."""
    label: RunLabel = RunLabel()
    """What a person calls it and notes about it."""


class ModelAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What one of the models that were asked answered, or why it could not."""

    model: str
    answer: Answer | None
    error: str = ""


class StreamedToken(msgspec.Struct, frozen=True):
    """One token of an answer as soon as it is chosen."""

    model: str
    token: Token


class EngineStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How it stands with the engine process."""

    pid: int
    socket: str
    since: datetime
    runs: list[str]
    """The run at work first, then those that wait, in order."""
    models: list[str]
    """Loaded for answers, the one asked last at the end."""
    memory: int
    """Bytes that the process holds."""
    device: str
    """What it computes on; empty until it is known."""


class Engine(Protocol):
    """The engine as the app sees it. `engine.client.Client` is the real one; tests bring their own."""

    connection: Connection
    on_connection: Callable[[Connection, str], None]
    """Told of every change, with a sentence for a person."""

    async def connect(self) -> None:
        """Find the engine of the workspace, or start it.

        Raises:
            EngineError: it cannot be had; the message says what to do.
        """

    async def connect_if_there(self) -> bool:
        """Find the engine, and start none. Returns whether there is one.

        Raises:
            EngineError: it is there and cannot be had.
        """
        ...

    async def close(self) -> None:
        """Leave. The engine and its runs go on."""

    async def runs(self) -> list[RunSummary]:
        """All runs, newest first."""
        ...

    async def queue(self, runs: Sequence[str]) -> None:
        """Put runs at the end of the line, also interrupted ones. Those that are there already keep their place."""

    async def pause(self, run: str) -> None:
        """Hold the run after its step, until `resume` or `stop`."""

    async def resume(self, run: str) -> None:
        """Let a paused run go on; an interrupted one is put in line."""

    async def stop(self, run: str) -> None:
        """End the run for good: it is saved first."""

    async def step(self, run: str) -> None:
        """Let a paused run do one step."""

    async def save(self, run: str) -> int:
        """Write a checkpoint of this moment. Returns its step."""
        ...

    async def remove(self, run: str) -> None:
        """Remove a run that is not at work, its checkpoints and its story."""

    async def set_learning_rate(self, run: str, rate: float) -> None:
        """Train on with another learning rate; the schedule keeps its shape. Muon's rate changes in proportion."""

    def events(self, run: str, after: int = -1) -> AsyncIterator[list[AnyEvent]]:
        """The story behind event `after` in few lists, long ones thinned, then what happens, until the run ends.

        Of a long story there are about 2,000 steps, evenly spread, and all other events. Lists of what happens come at
        most ten times a second. A lost connection leaves no gap.
        """
        ...

    def ask(
        self,
        models: Sequence[str],
        prompt: str,
        *,
        temperature: float = 0.0,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int = 0,
        length: int | None = None,
    ) -> AsyncIterator[StreamedToken | ModelAnswer]:
        """Tokens as they come, and one `ModelAnswer` for each model. Closing the iterator cancels.

        A model is the id of a run, or `base:` and the name of a base or the absolute path of its folder.
        """
        ...

    async def evaluate(self, run: str, *, splits: Sequence[str] = (), tasks: Sequence[str] = ()) -> Scores:
        """Score a run's model on all examples of these splits and tasks; none given: all."""
        ...

    async def compare(
        self,
        models: Sequence[str],
        *,
        scenario: Scenario | None = None,
        folder: Path | None = None,
        tasks: Collection[str] = (),
        groups: Collection[Group] = (),
        count: int = 20,
        development: bool = False,
    ) -> Matrix:
        """Ask several models the same questions, as `tunetui compare` does; the scenario's files are in `folder`."""
        ...

    async def answers_of_cell(
        self,
        models: Sequence[str],
        group: Group,
        task: str,
        *,
        scenario: Scenario | None = None,
        folder: Path | None = None,
        count: int = 20,
        development: bool = False,
    ) -> list[AskedQuestion]:
        """The questions behind the cells of one group and task, and what each model answers. As `compare` asks them."""
        ...

    async def load(self, models: Sequence[str]) -> None:
        """Load models, so that their first answer comes at once."""

    async def unload(self, models: Sequence[str]) -> None:
        """Let loaded models go."""

    async def status(self) -> EngineStatus:
        """How it stands with the process."""
        ...

    async def shutdown(self) -> None:
        """End the engine. Its run is saved and can be resumed."""
