import pytest

from engine.matrix import Cell, mean, means


def test_every_task_counts_alike_however_many_examples_it_has() -> None:
    cells = [
        Cell("one", "trained", "add", 1.0, 90, 0.0),
        Cell("one", "trained", "copy", 0.0, 10, 0.0),
        Cell("one", "longer", "copy", 0.25, 10, 0.0),
        Cell("two", "trained", "add", 0.75, 90, 0.0),
    ]
    assert means(cells) == {"one": {"trained": 0.5, "longer": 0.25}, "two": {"trained": 0.75}}
    assert means([]) == {}


def test_the_mean_lies_between_the_values() -> None:
    assert mean(iter([0.0, 0.5, 1.0])) == pytest.approx(0.5)
