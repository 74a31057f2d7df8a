import io

import pytest
from rich.console import Console

from engine.protocol import Paused, Resumed, Score, Started
from tests.tui.stories import story
from tui.progress import Bar, Lines, Silent, summary


def test_without_a_terminal_each_evaluation_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with Lines() as lines:
        for event in story():
            lines.show(event)

    assert capsys.readouterr().err.splitlines() == [
        "both: 64,224 parameters; 8 training examples; at most 2 steps; cpu (1 thread, float32)",
        "Warning: the loss␛ jumps (lower the rate)",
        "step 2 of at most 2  loss 2.2500  validation 50.0 %",
    ]


def test_few_tasks_are_told_one_by_one_and_many_together() -> None:
    def scores(*found: float) -> dict[str, Score]:
        return {
            f"task{n}": Score(exact_match=share, did_not_stop=0.0, loss=1.0, examples=4)
            for n, share in enumerate(found)
        }

    assert summary({"train": scores(0.0), "validation": scores(0.0, 1.0)}) == "validation task0 0.0 %, task1 100.0 %"
    assert (
        summary({"validation": scores(0.0, 1.0, 0.0, 1.0), "unseen": scores(0.5)}) == "validation 50.0 %  unseen 50.0 %"
    )
    assert summary({"train": scores(0.25)}) == "train 25.0 %"


def test_a_pause_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    screen = io.StringIO()
    with Lines() as lines, Bar(Console(file=screen, force_terminal=True, width=150)) as bar:
        for event in (
            Paused(step=1200, reason="the disk is full"),
            Paused(step=7, reason="asked for"),
            Resumed(step=1200),
        ):
            lines.show(event)
            bar.show(event)

    expected = ["Paused after step 1,200: the disk is full", "Paused after step 7", "Going on after step 1,200"]
    assert capsys.readouterr().err.splitlines() == expected
    assert all(line in screen.getvalue() for line in expected)


def test_on_a_terminal_the_bar_shows_loss_score_and_warnings() -> None:
    screen = io.StringIO()
    with Bar(Console(file=screen, force_terminal=True, width=150)) as bar:
        for event in story():
            bar.show(event)

    shown = screen.getvalue()
    last_bar = [line for line in shown.splitlines() if "━" in line][-1]
    assert "64,224 parameters" in shown
    assert "Warning: the loss␛ jumps (lower the rate)" in shown
    assert "loss 2.2500" in last_bar
    assert "validation 50.0 %" in last_bar
    assert "100%" in last_bar


def test_names_from_a_scenario_are_not_markup() -> None:
    screen = io.StringIO()
    started = story()[0]
    assert isinstance(started, Started)
    started.tuning = "[bold]both[/nothing]"
    with Bar(Console(file=screen, force_terminal=True, width=150)) as bar:
        bar.show(started)

    assert "[bold]both[/nothing]" in screen.getvalue()


def test_silence_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Silent() as silent:
        for event in story():
            silent.show(event)

    assert capsys.readouterr() == ("", "")
