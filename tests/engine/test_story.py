from pathlib import Path

import pytest

from engine import story as stories
from engine.protocol import AnyEvent, Event, Started, Step
from engine.runs import Run
from engine.story import Story, thinned
from engine.workspace import Workspace
from tests.tui.stories import new_run, story


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return new_run(Workspace(tmp_path / "workspace"))


def step(number: int) -> Step:
    return Step(step=number, loss=1.5, learning_rate=0.01, gradient_norm=1.5, tokens=640, seconds=0.01)


def told(run: Run, *events: Event) -> None:
    with run.log() as log:
        for event in events:
            log.append(event)


def test_what_has_happened_comes_first_and_then_the_news(run: Run) -> None:
    told(run, *story()[:2])
    reader = Story(run)
    assert [type(event).__name__ for events in reader.so_far() for event in events] == ["Started", "Step"]
    assert reader.news() == []
    told(run, step(2))
    assert [event.n for event in reader.news()] == [2]


def test_of_a_long_story_steps_are_left_out_and_nothing_else(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories, "MOST_STEPS", 10)
    told(run, story()[0], *map(step, range(1, 201)), *story()[3:])
    events = [event for events in Story(run).so_far() for event in events]
    assert 5 <= sum(isinstance(event, Step) for event in events) <= 20
    assert [type(event) for event in events if not isinstance(event, Step)] == [
        Started,
        *(type(event) for event in story()[3:]),
    ]


def test_a_story_is_over_when_it_has_begun_and_nobody_works_on_the_run(run: Run) -> None:
    reader = Story(run)
    assert not reader.is_over()
    with run.lock():
        told(run, story()[0])
        reader.news()
        assert not reader.is_over()
    assert reader.is_over()


def test_a_reader_that_knows_the_beginning_is_told_the_rest(run: Run) -> None:
    told(run, story()[0], *map(step, range(1, 6)))
    assert [event.n for events in Story(run, after=3).so_far() for event in events] == [4, 5]
    assert Story(run, after=3).is_over()


def test_thinning_keeps_the_last_step_and_everything_else() -> None:
    events: list[AnyEvent] = [story()[0], *map(step, range(1, 101)), story()[-1]]  # type: ignore[list-item]
    kept = thinned(events, 10)
    assert (kept[0], kept[-1]) == (events[0], events[-1])
    assert [event.step for event in kept if isinstance(event, Step)] == list(range(10, 101, 10))
    assert thinned(events, 100) == events
