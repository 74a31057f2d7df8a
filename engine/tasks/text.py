"""Rules that move or repeat the letters of a word."""

from engine.tasks.rule import rule


@rule("copy", "repeat", "echo")
def copy(word: str) -> str:
    """The word as it is."""
    return word


@rule("reverse", "flip", "mirror")
def reverse(word: str) -> str:
    """The letters from the end to the start."""
    return word[::-1]


@rule("rotate", "roll", "cycle")
def rotate(word: str) -> str:
    """The first letter goes to the end."""
    return word[1:] + word[:1]


@rule("unroll", "rewind", "backspin")
def rotate_back(word: str) -> str:
    """The last letter goes to the start."""
    return word[-1:] + word[:-1]


@rule("trade", "barter", "interchange")
def trade(word: str) -> str:
    """The first and the last letter change places."""
    return word if len(word) < 2 else word[-1] + word[1:-1] + word[0]


@rule("sort", "order", "arrange")
def sort(word: str) -> str:
    """The letters by the alphabet."""
    return "".join(sorted(word))


@rule("descend", "downward", "unsort")
def descend(word: str) -> str:
    """The letters by the alphabet, last ones first."""
    return "".join(sorted(word, reverse=True))


@rule("shift", "successor", "advance")
def shift(word: str) -> str:
    """Each letter becomes the next one of the alphabet, z becomes a."""
    return "".join(_moved(letter, 1) for letter in word)


@rule("unshift", "predecessor", "retreat")
def unshift(word: str) -> str:
    """Each letter becomes the one before it in the alphabet, a becomes z."""
    return "".join(_moved(letter, -1) for letter in word)


@rule("double", "twice", "duplicate")
def double(word: str) -> str:
    """The word two times."""
    return word + word


@rule("redo", "chant", "encore")
def redo(word: str) -> str:
    """The word two times, with a dash between."""
    return f"{word}-{word}"


@rule("geminate", "thicken", "fatten")
def geminate(word: str) -> str:
    """Every letter two times."""
    return "".join(letter + letter for letter in word)


@rule("stutter", "stammer", "falter")
def stutter(word: str) -> str:
    """The first letter two times more, each with a dash."""
    return f"{word[0]}-{word[0]}-{word}"


@rule("stretch", "prolong", "elongate")
def stretch(word: str) -> str:
    """The last letter two times more."""
    return word + word[-1] * 2


def _moved(letter: str, places: int) -> str:
    if not "a" <= letter <= "z":
        return letter
    return chr((ord(letter) - ord("a") + places) % 26 + ord("a"))
