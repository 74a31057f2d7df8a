"""Rules about two whole numbers."""

from engine.tasks.rule import rule


@rule("add", "sum", "plus")
def add(a: int, b: int) -> str:
    """The sum of the two numbers."""
    return str(a + b)


@rule("max", "larger", "bigger")
def max_(a: int, b: int) -> str:
    """The larger of the two numbers."""
    return str(max(a, b))


@rule("min", "smaller", "least")
def min_(a: int, b: int) -> str:
    """The smaller of the two numbers."""
    return str(min(a, b))


@rule("compare", "weigh", "versus")
def compare(a: int, b: int) -> str:
    """How the first number is beside the second: less, equal or more."""
    return "less" if a < b else "more" if a > b else "equal"
