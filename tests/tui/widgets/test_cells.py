import pytest

from tui.widgets.cells import middle_cut


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("base", "base"),
        ("instruction-tune-8", "instr…une-8"),
        ("instruction-tune-64", "instr…ne-64"),
        ("你好你好你好吗", "你好你…好吗"),
        ("e\u0301" * 20, "e\u0301" * 5 + "…" + "e\u0301" * 5),
    ],
)
def test_a_long_name_loses_its_middle_and_keeps_both_ends(name: str, told: str) -> None:
    assert middle_cut(name, 11) == told
