import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.axis import Axis, spanning


@pytest.mark.parametrize(
    ("axis", "ticks"),
    [
        (Axis(0, 1), [0, 0.5, 1]),
        (Axis(0, 2000), [0, 1000, 2000]),
        (Axis(0.3, 0.9), [0.4, 0.6, 0.8]),
        (Axis(0.01, 10, log=True), [0.01, 0.1, 1, 10]),
        (Axis(0.9, 3.1, log=True), [1, 2]),
    ],
)
def test_ticks_are_round_numbers(axis: Axis, ticks: list[float]) -> None:
    assert axis.ticks(4 if axis.log else 3) == pytest.approx(ticks)


@given(st.lists(st.floats(1e-6, 1e6), min_size=1), st.booleans(), st.integers(1, 20))
def test_every_value_has_its_place_and_no_tick_lies_outside(values: list[float], log: bool, most: int) -> None:
    axis = spanning(values, log=log)

    assert all(-1e-9 <= axis.place(value) <= 1 + 1e-9 for value in values)
    assert all(-1e-3 <= axis.place(tick) <= 1 + 1e-3 for tick in axis.ticks(most))
    assert len(axis.ticks(most)) <= 2 * most + 2


def test_a_logarithmic_axis_leaves_out_what_is_not_above_0() -> None:
    axis = spanning([0.0, -1.0, 0.1, 10.0], log=True)

    assert axis.place(0.0) == 0.0
    assert axis.low > 0


def test_an_axis_without_values_or_with_one_still_has_a_length() -> None:
    assert spanning([]) == Axis(0.0, 1.0)
    assert spanning([0.0]).high > spanning([0.0]).low
    assert spanning([], log=True).high > spanning([], log=True).low
