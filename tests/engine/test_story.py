from pathlib import Path

import pytest

from engine import event_log
from engine.protocol import Answer, AnyEvent, Evaluation, Event, Started, Step, Token, encode
from engine.runs import Run
from engine.story import STEPS_PER_ANSWERS, Story, thinned
from engine.workspace import Workspace
from tests.tui.stories import SCORES, new_run, story


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return new_run(Workspace(tmp_path / "workspace"))


def news(reader: Story, most: int | None = None) -> list[AnyEvent]:
    return [event for events in reader.news(most) for event in events]


def step(number: int, loss: float = 1.5) -> Step:
    return Step(step=number, loss=loss, learning_rate=0.01, gradient_norm=1.5, tokens=640, seconds=0.01)


def told(run: Run, *events: Event) -> None:
    with run.log() as log:
        for event in events:
            log.append(event)


def test_what_has_happened_comes_first_and_then_the_news(run: Run) -> None:
    told(run, *story()[:2])
    reader = Story(run)
    assert [type(event).__name__ for event in news(reader)] == ["Started", "Step"]
    assert news(reader) == []
    told(run, step(2))
    assert [event.n for event in news(reader)] == [2]


def test_of_a_long_story_steps_are_left_out_and_nothing_else(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log, "_BLOCK", 5000)
    told(run, story()[0], *map(step, range(1, 201)), *story()[3:])
    events = news(Story(run), 50)
    assert 25 <= sum(isinstance(event, Step) for event in events) <= 50
    assert [type(event) for event in events if not isinstance(event, Step)] == [
        Started,
        *(type(event) for event in story()[3:]),
    ]


def test_who_wants_every_step_is_told_every_step(run: Run) -> None:
    told(run, story()[0], *map(step, range(1, 201)))
    assert [event.n for event in news(Story(run))] == list(range(201))


def test_a_portion_is_no_larger_than_what_is_read_at_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log, "_BLOCK", 5000)
    told(run, story()[0], *map(step, range(1, 201)))
    assert max(len(encode(event)) * len(events) for events in Story(run).news() for event in events) < 10_000


def test_a_story_is_over_when_it_has_begun_and_nobody_works_on_the_run(run: Run) -> None:
    reader = Story(run)
    assert not reader.is_over()
    with run.lock():
        told(run, story()[0])
        news(reader)
        assert not reader.is_over()
    assert reader.is_over()


def test_a_reader_that_knows_the_beginning_is_told_the_rest(run: Run) -> None:
    told(run, story()[0], *map(step, range(1, 6)))
    assert [event.n for event in news(Story(run, after=3))] == [4, 5]
    assert Story(run, after=3).is_over()


def test_thinning_keeps_the_last_step_and_everything_else() -> None:
    events: list[AnyEvent] = [story()[0], *map(step, range(1, 101)), story()[-1]]  # type: ignore[list-item]
    kept = thinned(events, 10)
    assert (kept[0], kept[-2:]) == (events[0], events[-2:])
    assert [event.step for event in kept if isinstance(event, Step)] == [*range(1, 101, 20), 100]
    assert thinned(events, 100) == events


def test_thinning_loses_no_peak() -> None:
    events = [*map(step, range(1, 101)), step(101, loss=9.0), *map(step, range(102, 200)), step(200, loss=0.5)]
    assert {101, 200} <= {event.step for event in thinned(events, 10) if isinstance(event, Step)}


def test_of_many_evaluations_some_keep_their_answers_and_all_keep_their_scores() -> None:
    answers = [Answer("Add 1 and 2", "3", [Token("3", 0.9)], stopped=True)]
    events = [Evaluation(step=number, scores=SCORES, answers=answers, seconds=0.1) for number in range(1, 11)]
    kept = thinned(events, 2 * STEPS_PER_ANSWERS)
    assert [(event.step, event.scores) for event in kept if isinstance(event, Evaluation)] == [
        (number, SCORES) for number in range(1, 11)
    ]
    assert [event.step for event in kept if isinstance(event, Evaluation) and event.answers] == [5, 10]
