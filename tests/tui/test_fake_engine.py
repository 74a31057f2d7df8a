import asyncio

from engine.protocol import AnyEvent
from engine.requests import Engine
from tests.tui.fake_engine import FakeEngine, Told, recording
from tui.state import RunView, apply_all

RUN = "fini-instruction-tune"


def fake() -> FakeEngine:
    story = recording("finished")
    return FakeEngine({RUN: Told(story[:10], story[10:])}, answers={"Reverse cat": "tac"})


def test_it_is_an_engine_to_the_type_checker() -> None:
    engine: Engine = fake()
    assert engine.connection == "connecting"


async def test_the_story_so_far_comes_first_then_what_is_told_until_the_end() -> None:
    engine = fake()
    heard: list[AnyEvent] = []

    async def listen() -> None:
        async for events in engine.events(RUN):
            heard.extend(events)

    listening = asyncio.create_task(listen())
    await engine.advance(RUN, 5)
    await engine.pause(RUN)
    await engine.resume(RUN)
    await engine.finish(RUN)
    await listening

    assert [event.n for event in heard] == list(range(len(recording("finished")) + 2))
    assert apply_all(RunView(), heard).state == "finished"


async def test_runs_are_summed_up_newest_first() -> None:
    engine = fake()
    await engine.queue(["new2-fine-tune-add"])

    waiting, running = await engine.runs()

    assert (waiting.tuning, waiting.state, waiting.step) == ("fine-tune-add", "queued", 0)
    assert (running.tuning, running.state, running.steps) == ("instruction-tune", "running", 700)
    assert engine.calls == [("queue", "new2-fine-tune-add")]
