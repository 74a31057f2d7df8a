"""How an instruction is worded: wordings to train on, composed from parts, and others that training never meets.

A training wording is composed afresh for every example, half of them with the argument first, so that there is no
list of wordings to learn by heart. The held-out wordings differ in build and, nearly all, hold words that no
training text has; those for development guide the choice of a recipe, those for the report only measure it.
"""

import random
from dataclasses import dataclass

OPENERS = (
    "", "", "please", "can you", "could you", "kindly", "hey ,", "try to", "ok ,", "you must", "let us", "go and",
    "will you", "help me", "just",
)  # fmt: skip
NOUNS = ("", "", "the word", "this :", "the text", ":", "these letters :", "for me")
LEADS = (
    "take {x}", "here is {x}", "given {x}", "look at {x}", "the word is {x}", "i have {x}", "for {x}", "{x} ,",
    "{x} .", "with {x}", "from {x}", "{x}",
)  # fmt: skip
LINKS = (", and", ".", "", "so", ": please", ", can you", ", you must")
VERBS = ("{n} it", "{n} that", "{n} this", "{n}", "{n} the letters")
CLOSERS = ("", "", "", "?", "!", ".", "please", "for me", "thanks", "at once")


@dataclass(frozen=True)
class Wordings:
    """Fixed wordings, `{n}` for the name and `{x}` for the argument, by what comes first."""

    name_first: tuple[str, ...]
    argument_first: tuple[str, ...]


DEVELOPMENT = Wordings(
    name_first=(
        "now {n} {x} please",
        "i want you to {n} {x}",
        "you can {n} this word : {x}",
        "would somebody {n} the term {x}",
        "my wish is to {n} {x} , friend",
        "carefully {n} {x} again",
    ),
    argument_first=(
        "take {x} , {n} the word",
        "{x} : {n} it",
        "there was {x} ; {n} it now",
        "about {x} - should we {n} that thing ?",
        "use {x} when they {n}",
    ),
)
REPORT = Wordings(
    name_first=(
        "your job is to {n} {x}",
        "what do you get if you {n} {x} ?",
        "do me a favour : {n} the string {x}",
        "we need someone to {n} {x} today",
        "quickly {n} {x} or else !",
    ),
    argument_first=(
        "my word is {x} - i would like you to {n} it",
        "{x} needs work ; {n} it",
        "see {x} ? {n} that one",
        "this is {x} and your job is to {n} it",
        "{x} ! {n} , quickly !",
    ),
)


def name_first(rng: random.Random, name: str, argument: str) -> str:
    """A training wording such as `could you reverse the word cat ?`."""
    return _joined(rng.choice(OPENERS), name, rng.choice(NOUNS), argument, rng.choice(CLOSERS))


def argument_first(rng: random.Random, name: str, argument: str) -> str:
    """A training wording such as `here is cat , can you reverse it`."""
    lead = rng.choice(LEADS).format(x=argument)
    return _joined(lead, rng.choice(LINKS), rng.choice(VERBS).format(n=name), rng.choice(CLOSERS))


def training(rng: random.Random, name: str, argument: str) -> str:
    """A training wording, one half with the argument first."""
    return rng.choice((name_first, argument_first))(rng, name, argument)


def held_out(rng: random.Random, wordings: tuple[str, ...], name: str, argument: str) -> str:
    """One of some fixed wordings, such as `REPORT.name_first`."""
    return rng.choice(wordings).format(n=name, x=argument)


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
