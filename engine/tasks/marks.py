"""Rules that write a word another way: in capitals, with marks, with an ending."""

from engine.tasks.rule import rule


@rule("upper", "shout", "capitals")
def upper(word: str) -> str:
    """All letters as capitals."""
    return word.upper()


@rule("capitalise", "title", "proper")
def capitalise(word: str) -> str:
    """The first letter as a capital."""
    return word[:1].upper() + word[1:]


@rule("alternate", "zigzag", "wave")
def alternate_case(word: str) -> str:
    """Every other letter as a capital, from the first."""
    return "".join(letter.upper() if place % 2 == 0 else letter for place, letter in enumerate(word))


@rule("spell", "dash", "hyphenate")
def spell(word: str) -> str:
    """The letters with a dash between each two."""
    return "-".join(word)


@rule("snake", "underscore", "slither")
def snake(word: str) -> str:
    """The letters with an underscore between each two."""
    return "_".join(word)


@rule("censor", "star", "hide")
def censor(word: str) -> str:
    """The first letter, and a star for each of the others."""
    return word[0] + "*" * (len(word) - 1)


@rule("bracket", "wrap", "box")
def bracket(word: str) -> str:
    """The word in square brackets."""
    return f"[{word}]"


@rule("paren", "enclose", "round")
def paren(word: str) -> str:
    """The word in round brackets."""
    return f"({word})"


@rule("exclaim", "yell", "cheer")
def exclaim(word: str) -> str:
    """The word with an exclamation mark."""
    return f"{word}!"


@rule("hash", "tag", "label")
def hash_(word: str) -> str:
    """The word with a number sign before it."""
    return f"#{word}"


@rule("plural", "many", "several")
def plural(word: str) -> str:
    """The word with s at the end, or es after s, x or z."""
    return word + ("es" if word[-1] in "sxz" else "s")
