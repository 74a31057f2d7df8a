import pytest

from tests.tui.stage import Stage
from tui.state import RunView
from tui.training_state import TuningRow
from tui.widgets.run_list import RunList


@pytest.mark.parametrize(("width", "shown"), [(60, "instruction…ith-replay"), (100, "instruction-tune-with-replay")])
async def test_a_long_name_is_cut_only_where_there_is_no_room(width: int, shown: str) -> None:
    runs = RunList()
    async with Stage(runs).run_test(size=(width, 10)):
        runs.show([TuningRow("instruction-tune-with-replay", "", RunView())])
        assert shown in runs.written()[0].plain
