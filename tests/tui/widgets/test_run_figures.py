from engine.requests import Connection
from tui.state import RunView
from tui.widgets.run_figures import progress
from tui.widgets.run_progress import run_progress

LIVE = RunView(run="a", tuning="both", device="cpu", state="running", step=116, steps=700, seconds=2.5)


def test_of_the_words_beside_the_bar_the_step_goes_last_but_the_share() -> None:
    assert "116 of 700" in str(progress(LIVE, 80))
    assert "116/700" in str(progress(LIVE, 56))
    assert str(progress(LIVE, 20)).endswith("16 %")


def test_the_first_line_has_the_engine_s_memory_where_it_is_known() -> None:
    there: Connection = "connected"

    assert str(run_progress(LIVE, there, 312_000_000)).endswith("cpu 312 MB")
    assert str(run_progress(LIVE, there)).endswith("cpu")
