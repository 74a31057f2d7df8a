from hypothesis import given
from hypothesis import strategies as st

from tui.selection import Selection

places = st.integers(0, 19)
ranges = st.builds(range, places, places, st.sampled_from([1, -1]))


@given(st.lists(places | ranges | st.lists(places)))
def test_it_is_a_set_of_places(steps: list[int | range | list[int]]) -> None:
    selection, plain = Selection(20), set[int]()
    for step in steps:
        if isinstance(step, int):
            selection.toggle(step)
            plain ^= {step}
        else:
            selection.add(step)
            plain |= set(step)

        assert list(selection) == list(selection.places()) == sorted(plain)
        assert len(selection) == len(plain)
        assert [place in selection for place in range(20)] == [place in plain for place in range(20)]
        if plain:
            assert selection.ends() == (min(plain), max(plain))


def test_a_copy_goes_its_own_way() -> None:
    selection = Selection(3, [1])
    copy = selection.copy()
    selection.toggle(1)

    assert (list(selection), list(copy), copy.size) == ([], [1], 3)
