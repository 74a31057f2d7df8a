import pytest

from tui.run_words import how_it_stands, how_to_go_on, what_to_do
from tui.state import Loss, RunView

HEARD = Loss(9, 1.0)


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (RunView(state="interrupted", step=9, saved=5, loss=HEARD), "space goes on from step 5, where it was saved."),
        (RunView(state="interrupted", step=9, loss=HEARD), "Nothing was saved yet: space begins it anew."),
        (RunView(state="interrupted", step=9), "space goes on where it was saved."),
        (RunView(state="interrupted"), "space puts it in line."),
        (RunView(state="paused", step=9), "space goes on."),
        (RunView(state="finished", step=9), ""),
    ],
)
def test_a_run_goes_on_from_where_it_was_saved(view: RunView, words: str) -> None:
    assert how_to_go_on(view) == words


def test_beside_its_tuning_more_can_be_done() -> None:
    assert what_to_do(RunView(state="paused")) == "space goes on, . does one step, s ends it."
    assert what_to_do(RunView(state="failed")) == "t trains it anew."
    assert what_to_do(RunView(state="interrupted")) == "space puts it in line."


def test_why_a_run_is_paused_is_said_unless_somebody_asked_for_it() -> None:
    assert how_it_stands(RunView(state="paused", step=9, reason="asked for")) == "Paused after step 9."
    assert how_it_stands(RunView(state="paused", step=9, reason="The disk is full.")) == (
        "Paused after step 9: The disk is full."
    )
