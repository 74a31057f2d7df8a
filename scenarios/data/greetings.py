"""Writes `greetings.jsonl`, the larger set of `greeting_farewell`: `python scenarios/data/greetings.py`.

Sentences are put together from parts, each asked about in one of some wordings. A fifth of the sentences is held out
(split `validation`); sentences with openings that no training sentence has are the split `unseen`.
"""

import json
import random
from pathlib import Path

WORDINGS = (
    "Greeting or farewell? {}",
    "Is this a greeting or a farewell? {}",
    "{} Is that a greeting or a farewell?",
)
PEOPLE = (
    "", "", "", "Anna", "Ben", "Clara", "David", "Emma", "Finn", "Grace", "Hugo", "Ida", "Jonas", "Kate", "Leo",
    "my friend", "everyone", "all of you", "dear", "doctor", "neighbour", "team", "mum", "dad", "children", "stranger",
)  # fmt: skip
OPENINGS = {
    "greeting": (
        "Hello", "Hello there", "Hi", "Hi there", "Hey", "Good morning", "Good afternoon", "Good evening", "Welcome",
        "Welcome back", "Howdy", "Nice to meet you", "Good to see you", "How are you", "Long time no see",
    ),
    "farewell": (
        "Bye", "Bye bye", "Goodbye", "Good night", "See you", "See you later", "See you tomorrow", "See you soon",
        "Take care", "Farewell", "Until next time", "Have a nice day", "So long", "I have to go",
        "It was nice meeting you",
    ),
}  # fmt: skip
UNSEEN_OPENINGS = {"greeting": ("Greetings", "Good day to you"), "farewell": ("Catch you later", "Safe travels")}
CLOSINGS = {
    "greeting": ("", "", "come in", "how is it going", "what a surprise", "I am glad you are here", "please sit down"),
    "farewell": (
        "",
        "",
        "safe trip",
        "thanks for coming",
        "I will miss you",
        "call me when you are home",
        "sleep well",
    ),
}
MARKS = (".", "!", "")


def sentences(openings: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """All sentences with these openings, each with its label."""
    result = []
    for label, phrases in openings.items():
        for phrase in phrases:
            for person in dict.fromkeys(PEOPLE):
                for closing in dict.fromkeys(CLOSINGS[label]):
                    text = ", ".join(part for part in (f"{phrase} {person}".strip(), closing) if part)
                    result.append((text, label))
    return result


def rows(seed: int = 0) -> list[dict[str, str]]:
    """The rows of the file: 1,600 training, 400 held-out, 200 unseen ones."""
    rng = random.Random(seed)
    known, unseen = sentences(OPENINGS), sentences(UNSEEN_OPENINGS)
    rng.shuffle(known)
    rng.shuffle(unseen)
    chosen = [(*pair, "train") for pair in known[:1600]] + [(*pair, "validation") for pair in known[1600:2000]]
    chosen += [(*pair, "unseen") for pair in unseen[:200]]
    return [
        {
            "task": "tell-apart",
            "instruction": rng.choice(WORDINGS).format(text + rng.choice(MARKS)),
            "response": label,
            "split": split,
        }
        for text, label, split in chosen
    ]


if __name__ == "__main__":
    lines = [json.dumps(row) + "\n" for row in rows()]
    Path(__file__).with_suffix(".jsonl").write_text("".join(lines), encoding="utf-8")
