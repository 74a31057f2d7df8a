import pytest

from engine.errors import InputError
from engine.scenario import Scenario, Tuning
from engine.tuning_order import in_order

SCENARIO = Scenario(
    title="Chain",
    tunings={
        "third": Tuning(start="second"),
        "alone": Tuning(),
        "second": Tuning(start="first"),
        "first": Tuning(start="k3ab"),
    },
)


@pytest.mark.parametrize(
    ("names", "done", "ordered"),
    [
        (["third", "alone", "second", "first"], "", "first second third alone"),
        (["third", "alone", "second", "first"], "first second third", "first second third alone"),
        (["alone"], "", "alone"),
        (["third"], "", "first second third"),
        (["third"], "second", "third"),
        (["third"], "first", "second third"),
        (["third", "first"], "second", "third first"),
        (["first", "first"], "", "first"),
    ],
)
def test_a_tuning_comes_after_the_one_that_it_starts_from(names: list[str], done: str, ordered: str) -> None:
    assert in_order(SCENARIO, names, lambda name: name in done.split()) == ordered.split()


def test_a_tuning_that_the_scenario_does_not_have_is_wrong_input() -> None:
    with pytest.raises(InputError, match=r"tuning: thrid; expected one of .* \(did you mean `third`\?\)"):
        in_order(SCENARIO, ["first", "thrid"], lambda name: False)
