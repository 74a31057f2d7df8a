"""Which tunings are meant, and in which order they are trained: each after the one that it starts from."""

from collections.abc import Callable, Iterable

from engine.errors import InputError, Problem, did_you_mean
from engine.scenario import Scenario, tunings_of


def in_order(scenario: Scenario, names: Iterable[str], is_done: Callable[[str], bool]) -> list[str]:
    """The tunings of these names, in their order, but none before the one that it starts from.

    One that another starts from is trained too, unless it is done already. The chains must have an end, which
    `engine.scenario_check` sees to.

    Raises:
        InputError: the scenario has no tuning of such a name.
    """
    wanted = list(names)
    refuse_unknown(scenario, wanted)
    tunings = tunings_of(scenario)
    ordered: dict[str, None] = {}

    def add(name: str) -> None:
        start = tunings[name].start
        if start in tunings and start not in ordered and (start in wanted or not is_done(start)):
            add(start)
        ordered.setdefault(name)

    for name in wanted:
        add(name)
    return list(ordered)


def refuse_unknown(scenario: Scenario, names: Iterable[str]) -> None:
    """Let names of tunings pass.

    Raises:
        InputError: the scenario has no tuning of such a name.
    """
    tunings = tunings_of(scenario)
    if unknown := [name for name in names if name not in tunings]:
        expected = f"one of {', '.join(tunings)}"
        raise InputError(
            Problem(key="tuning", found=name, expected=expected, hint=did_you_mean(name, tunings)) for name in unknown
        )
