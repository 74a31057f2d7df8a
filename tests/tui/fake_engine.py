"""An engine that replays recordings: no process, no torch, no clock.

Nothing happens by itself. A test says how much of a run's story is told (`advance`, `finish`), and sees in `calls` what
the app asked for.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from engine.errors import EngineError
from engine.matrix import AskedQuestion, GivenAnswer, Group, Matrix
from engine.protocol import (
    LAST_WORDS,
    Answer,
    AnyEvent,
    Paused,
    Resumed,
    Scores,
    Started,
    Stopped,
    Token,
    decode_lines,
)
from engine.requests import Connection, EngineStatus, ModelAnswer, RunSummary, StreamedToken
from engine.scenario import Scenario
from tui.state import RunView, apply_all

RECORDINGS = Path(__file__).parent / "recordings"
CREATED = datetime(2026, 1, 1, tzinfo=UTC)


def recording(name: str, run: str = "") -> list[AnyEvent]:
    """The events of `recordings/NAME.jsonl`, told of the run of this id where one is given."""
    events = decode_lines((RECORDINGS / f"{name}.jsonl").read_bytes())
    for event in events:
        event.run = run or event.run
    return events


class Told:
    """What a run's story has told so far, and what is still to come."""

    def __init__(self, told: Sequence[AnyEvent] = (), to_come: Sequence[AnyEvent] = ()) -> None:
        self.told = list(told)
        self.to_come = list(to_come)
        self.more = asyncio.Condition()

    def view(self) -> RunView:
        """What the events that were told make of the run."""
        return apply_all(RunView(), self.told)

    async def tell(self, *events: AnyEvent) -> None:
        """Tell more, and wake who listens."""
        for event in events:
            event.n = len(self.told)
            self.told.append(event)
        async with self.more:
            self.more.notify_all()


class FakeEngine:
    """Fulfils `engine.requests.Engine`."""

    def __init__(
        self,
        runs: Mapping[str, Told] | None = None,
        *,
        answers: Mapping[str, str] | None = None,
        matrix: Matrix | None = None,
        scenario: str = "two_tasks",
    ) -> None:
        """An engine with these runs, the newest last.

        Args:
            runs: by their ids.
            answers: prompt -> what every model answers; other prompts are answered with `?`.
            matrix: what `compare` gives.
            scenario: the name of the runs' scenario.
        """
        self.told = dict(runs or {})
        self.answers = dict(answers or {})
        self.matrix = matrix
        self.scenario = scenario
        self.refuse: str = ""
        """What every request is refused with, if it is not empty."""
        self.is_there = False
        """Whether somebody has started it again after the connection was lost."""
        self.calls: list[tuple[object, ...]] = []
        """Name and arguments of what was asked, in order."""
        self.connection: Connection = "connecting"
        self.on_connection: Callable[[Connection, str], None] = lambda connection, sentence: None

    # --- what a test does ---------------------------------------------------------------------------------------------

    async def advance(self, run: str, events: int = 1) -> None:
        """Tell so many more events of the run."""
        story = self.told[run]
        now, story.to_come = story.to_come[:events], story.to_come[events:]
        await story.tell(*now)

    async def finish(self, run: str) -> None:
        """Tell all that is still to come."""
        await self.advance(run, len(self.told[run].to_come))

    def change(self, connection: Connection, sentence: str = "") -> None:
        """Lose the connection, or have it again."""
        self.connection = connection
        self.on_connection(connection, sentence)

    # --- the engine ---------------------------------------------------------------------------------------------------

    async def connect(self) -> None:
        self._asked("connect")
        self.change("connected")

    async def connect_if_there(self) -> bool:
        if self.is_there and self.connection == "gone":
            self.change("connected")
        return self.connection == "connected"

    async def close(self) -> None:
        self._asked("close")

    async def runs(self) -> list[RunSummary]:
        return [self._summary(run, told.view()) for run, told in reversed(self.told.items())]

    async def queue(self, runs: Sequence[str]) -> None:
        """A run that is new gets the recording of its tuning, with everything still to come."""
        self._asked("queue", *runs)
        for run in runs:
            if run not in self.told:
                self.told[run] = Told(to_come=recording("add" if "fine-tune-add" in run else "finished", run))

    async def pause(self, run: str) -> None:
        self._asked("pause", run)
        await self._tell(run, Paused(step=self.told[run].view().step))

    async def resume(self, run: str) -> None:
        self._asked("resume", run)
        await self._tell(run, Resumed(step=self.told[run].view().step))

    async def stop(self, run: str) -> None:
        self._asked("stop", run)
        self.told[run].to_come.clear()
        await self._tell(run, Stopped(step=self.told[run].view().step))

    async def step(self, run: str) -> None:
        self._asked("step", run)
        await self.advance(run)

    async def save(self, run: str) -> int:
        self._asked("save", run)
        return self.told[run].view().step

    async def remove(self, run: str) -> None:
        self._asked("remove", run)
        del self.told[run]

    async def set_learning_rate(self, run: str, rate: float) -> None:
        self._asked("set_learning_rate", run, rate)

    async def events(self, run: str, after: int = -1) -> AsyncIterator[list[AnyEvent]]:
        story, sent = self.told[run], after + 1
        while True:
            if sent < len(story.told):
                fresh, sent = story.told[sent:], len(story.told)
                yield fresh
                if isinstance(fresh[-1], LAST_WORDS):
                    return
            async with story.more:
                if sent == len(story.told):
                    await story.more.wait()

    async def ask(
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
        self._asked("ask", tuple(models), prompt)
        response = self.answers.get(prompt, "?")
        tokens = [Token(letter, 0.75, [(letter, 0.75), ("x", 0.25)]) for letter in response]
        for model in models:
            for token in tokens:
                yield StreamedToken(model, token)
            yield ModelAnswer(model=model, answer=Answer(prompt, response, tokens, stopped=True))

    async def evaluate(self, run: str, *, splits: Sequence[str] = (), tasks: Sequence[str] = ()) -> Scores:
        self._asked("evaluate", run)
        return self.told[run].view().scores

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
        self._asked("compare", *models)
        if self.matrix is None:
            raise EngineError("This engine compares nothing.")
        return self.matrix

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
        self._asked("answers_of_cell", *models, group, task)
        return [AskedQuestion(f"Do {task}", "right", [GivenAnswer(model, "right", True, False) for model in models])]

    async def load(self, models: Sequence[str]) -> None:
        self._asked("load", *models)

    async def unload(self, models: Sequence[str]) -> None:
        self._asked("unload", *models)

    async def status(self) -> EngineStatus:
        live = [run for run, told in self.told.items() if told.view().live]
        return EngineStatus(
            pid=1,
            socket="engine.sock",
            since=CREATED,
            runs=live,
            models=[],
            memory=312_000_000,
            device="cpu",
        )

    async def shutdown(self) -> None:
        self._asked("shutdown")

    def _asked(self, *call: object) -> None:
        self.calls.append(call)
        if self.refuse:
            raise EngineError(self.refuse)

    async def _tell(self, run: str, event: AnyEvent) -> None:
        story = self.told[run]
        event.run, event.time = run, story.told[-1].time if story.told else 0.0
        await story.tell(event)

    def _summary(self, run: str, view: RunView) -> RunSummary:
        began = next((event for event in self.told[run].told if isinstance(event, Started)), None)
        return RunSummary(
            id=run,
            name=self.scenario,
            tuning=view.tuning or run.partition("-")[2],
            state=view.state,
            step=view.step,
            steps=view.steps,
            saved=view.saved,
            created=datetime.fromtimestamp(began.time, UTC) if began else CREATED,
            seconds=view.seconds,
            scores=view.scores,
            parent="",
            title=view.title,
            error=view.notices[-1].message if view.state == "failed" else "",
        )


def trained() -> FakeEngine:
    """An engine with one finished run."""
    return FakeEngine({"ab12-tuning": Told(recording("finished", "ab12-tuning"))}, scenario="greetings")


def training(kind: type[FakeEngine] = FakeEngine, told: int = 20) -> FakeEngine:
    """An engine with a run that goes on: so many of its events were told."""
    story = recording("finished", "ab12-tuning")
    return kind({"ab12-tuning": Told(story[:told], story[told:])}, scenario="greetings")
