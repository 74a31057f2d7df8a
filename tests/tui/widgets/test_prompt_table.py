import pytest

from engine.protocol import Answer
from tui.state import Evaluated
from tui.widgets.prompt_table import prompt_table

PROMPT = "please censor the word house for me"


@pytest.mark.parametrize(("width", "shown"), [(60, "please censor the wor…  "), (144, f"{PROMPT}  ")])
def test_a_prompt_is_cut_only_where_there_is_no_room(width: int, shown: str) -> None:
    found = Evaluated(100, {}, (Answer(PROMPT, "h", [], stopped=True),))
    assert prompt_table([found], {}, width).plain.splitlines()[1].startswith(shown)
