from engine.tasks import RULES
from engine.tasks.splits import drawn


def test_a_split_puts_every_rule_in_one_part() -> None:
    split = drawn(1, development=5, report=3)
    assert (len(split.development), len(split.report)) == (5, 3)
    assert sorted(split.trained + split.development + split.report) == sorted(RULES)


def test_the_rules_of_the_specialists_are_always_trained() -> None:
    assert all({"add", "reverse"} <= set(drawn(seed).trained) for seed in range(50))


def test_a_seed_draws_the_same_split_and_another_seed_another() -> None:
    assert drawn(2026) == drawn(2026)
    assert drawn(2026) != drawn(2027)
