"""Writes `customer_support.jsonl`: `python scenarios/data/customer_support.py`.

Messages to a shop, put together from the parts in `customer_support_phrases.toml`, each with the answer that follows
from the message alone. Slots (order numbers, cities, products, …) stand in the answer as the customer wrote them.

The split `validation` has the wordings of the training, and slot values that no training row has. So has `unseen`, and
what is `new` there besides: a `wording`, the word `order`, the `politeness` or a kind of `typos`.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

TRAIN = {"shipping": 1500, "refunds": 1100, "connectivity": 1000, "suggestions": 800, "summary": 1000}
"""Training rows: more where there is more to copy."""
VALIDATION, UNSEEN = 100, 25
"""Other rows of each topic; of `unseen` so many for each kind of what is new."""
NEW = ("wording", "order", "politeness", "typos")

PHRASES: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("customer_support_phrases.toml").read_text(encoding="utf-8")
)
TOPICS = (*PHRASES["topics"], "suggestions", "summary")

NEIGHBOURS = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wertyuioposdfghjklkxcvbnmn", strict=True))
TYPOS = {
    "swap": lambda word, i: word[: i - 1] + word[i] + word[i - 1] + word[i + 1 :],
    "drop": lambda word, i: word[:i] + word[i + 1 :],
    "double": lambda word, i: word[:i] + word[i] + word[i:],
    "neighbour": lambda word, i: word[:i] + NEIGHBOURS[word[i]] + word[i + 1 :],
}
TRAINED_TYPOS, UNSEEN_TYPOS = ("swap", "drop"), ("double", "neighbour")


class Slots:
    """Values to fill in: four fifths for the training, the others held out. Each comes before any comes again."""

    def __init__(self, rng: Random) -> None:
        given = PHRASES["slots"]
        values = {
            "order": [str(number) for number in rng.sample(range(1000, 100_000), 6000)],
            "city": given["cities"] + names(rng, 1000),
            "date": [f"{day} {month}" for day in range(1, 29) for month in given["months"]],
            "product": given["products"] + names(rng, 1000),
            "device": names(rng, 1600),
            "code": [f"{letter}{number}" for letter in "CEFHPR" for number in range(10, 100)],
            "amount": [str(number) for number in range(10, 400)],
        }
        self.trained: dict[str, Iterator[str]] = {}
        self.held_out: dict[str, Iterator[str]] = {}
        for name, every in values.items():
            shuffled = rng.sample(every, len(every))
            kept = len(every) // 5
            self.held_out[name], self.trained[name] = cycle(shuffled[:kept]), cycle(shuffled[kept:])

    def draw(self, names: list[str], *, held_out: bool) -> dict[str, str]:
        """A value for each of these slots."""
        source = self.held_out if held_out else self.trained
        return {name: next(source[name]) for name in dict.fromkeys(names)}


def names(rng: Random, count: int) -> list[str]:
    """Made-up names of towns, products and devices: too many to learn by heart, so that copying is learnt."""
    given = PHRASES["slots"]
    made: dict[str, None] = {}
    while len(made) < count:
        syllables = [rng.choice(given["starts"]) + rng.choice(given["vowels"]) for _ in range(rng.choice((1, 2, 2)))]
        made["".join([*syllables, rng.choice(given["ends"])]).capitalize()] = None
    return [name for name in made if len(name) > 3]


def rows(seed: int = 0) -> list[dict[str, Any]]:
    """The rows of the file."""
    rng = Random(seed)
    slots = Slots(rng)
    parts = [("train", topic, "", TRAIN[topic]) for topic in TOPICS]
    parts += [("validation", topic, "", VALIDATION) for topic in TOPICS]
    parts += [("unseen", topic, new, UNSEEN) for new in NEW for topic in TOPICS]
    result: list[dict[str, Any]] = []
    for split, topic, new, count in parts:
        taken = {row["instruction"] for row in result}
        made: dict[str, dict[str, Any]] = {}
        while len(made) < count:
            row = one_row(rng, slots, topic, split, new)
            if row["instruction"] not in taken:
                made[row["instruction"]] = row
        result += made.values()
    return result


def one_row(rng: Random, slots: Slots, topic: str, split: str, new: str) -> dict[str, Any]:
    """A message and its answer, with the values of its slots; `new`: what no training message has."""
    values = slots.draw(["amount"], held_out=split != "train") if topic == "suggestions" else {}
    if topic == "suggestions":
        requests, answer = suggestion(rng, new, int(values["amount"]))
    elif topic == "summary":
        requests, answer = complaint(rng, new)
    else:
        requests, answer = request(rng, new, topic)
    if not values:
        values = slots.draw(re.findall(r"{(\w+)}", answer), held_out=split != "train")
    message = typed(rng, framed(rng, new, requests), new)
    row = {"task": topic, "instruction": message.format(**values), "response": answer.format(**values), "split": split}
    return row | ({"new": new} if new else {}) | ({} if split == "train" else {"slots": values})


def request(rng: Random, new: str, topic: str) -> tuple[list[str], str]:
    """What is wanted, and the answer, both with slots in braces."""
    intent = rng.choice(list(PHRASES["topics"][topic].values()))
    return [rng.choice(intent[{"wording": "unseen", "order": "reordered"}.get(new, "train")])], intent["answer"]


def suggestion(rng: Random, new: str, amount: int) -> tuple[list[str], str]:
    """A need and a budget; the two decide the product."""
    given = PHRASES["suggestions"]
    need, products = rng.choice(list(given["needs"].items()))
    product = products[sum(amount >= limit for limit in given["limits"])]
    other = rng.choice(("frame", "budget")) if new == "wording" else ""
    frames = given["frames"]["reordered"] if new == "order" else worded(given["frames"], other == "frame")
    budget = rng.choice(worded(given["budgets"], other == "budget"))
    text = rng.choice(frames).replace("{need}", need).replace("{budget}", budget)
    return [text], given["answer"].replace("{need}", need).replace("{product}", product)


def complaint(rng: Random, new: str) -> tuple[list[str], str]:
    """An instruction and the sentences of a complaint; the problems keep their order in the summary."""
    given = PHRASES["summary"]
    problems = rng.sample(list(given["problems"]), rng.choice((1, 2, 2)))
    wish = rng.choice(list(given["wishes"]))
    parts = [
        given["instructions"],
        given["order"],
        *(given["problems"][name] for name in problems),
        given["wishes"][wish],
    ]
    other = rng.randrange(len(parts)) if new == "wording" else -1
    instruction, order, *told, wanted = (rng.choice(worded(part, i == other)) for i, part in enumerate(parts))
    sentences = [*told, wanted]
    sentences.insert(rng.randrange(len(sentences)), order)
    if new == "order":
        sentences = [wanted, order, *told]
    return [instruction, *sentences], "; ".join([*problems, "order {order}", wish])


def worded(part: dict[str, list[str]], other: bool) -> list[str]:
    """The wordings of a part that training has, or the others."""
    return part["unseen" if other else "train"]


def framed(rng: Random, new: str, requests: list[str]) -> str:
    """With an opening and a closing, or one of them, or neither; sentences begin with a capital."""
    other = new == "politeness"
    opens, closes = rng.choice(((True, True), (True, False), (False, True)) if other else BOTH_OR_LESS)
    opening = [rng.choice(worded(PHRASES["openings"], other))] if opens else []
    closing = [rng.choice(worded(PHRASES["closings"], other))] if closes else []
    text = " ".join([*opening, *requests, *closing])
    return re.sub(r"(^|[.?!] )([a-z])", lambda found: found[1] + found[2].upper(), text)


BOTH_OR_LESS = ((True, True), (True, False), (False, True), (False, False))


def typed(rng: Random, text: str, new: str) -> str:
    """As people type: some all in small letters and without the last mark, some with a typo. Slots stay as they are."""
    if rng.random() < 0.3:
        text = text.lower().rstrip(".?!")
    kinds = UNSEEN_TYPOS if new == "typos" else TRAINED_TYPOS
    count = 2 if new == "typos" else rng.choice((0, 0, 0, 1))
    words = list(re.finditer(r"(?<!{)\b[A-Za-z][a-z]{3,}\b(?!})", text))
    for found in sorted(rng.sample(words, min(count, len(words))), key=lambda found: -found.start()):
        word = found[0]
        text = text[: found.start()] + TYPOS[rng.choice(kinds)](word, rng.randrange(2, len(word))) + text[found.end() :]
    return text


if __name__ == "__main__":
    lines = [json.dumps(row) + "\n" for row in rows()]
    Path(__file__).with_suffix(".jsonl").write_text("".join(lines), encoding="utf-8")
