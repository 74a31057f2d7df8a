"""Rules about two words."""

from engine.tasks.rule import rule


@rule("join", "concat", "glue")
def join(first: str, second: str) -> str:
    """The two words as one."""
    return first + second


@rule("swap", "exchange", "switch")
def swap(first: str, second: str) -> str:
    """The two words, the second one before the first."""
    return f"{second} {first}"


@rule("former", "primary", "earlier")
def former(first: str, second: str) -> str:
    """The first of the two words."""
    return first


@rule("latter", "secondary", "later")
def latter(first: str, second: str) -> str:
    """The second of the two words."""
    return second
