"""The messages of the built-in scenario `customer_support`: what the script makes, and how the splits differ."""

import json
import re
import runpy
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from engine import dataset, headless, scenario_library
from engine.architectures import Tokenizer
from engine.scenario_file import load
from engine.tokenizer import build
from engine.workspace import Workspace

PATH = scenario_library.built_in()["customer_support"]
DATA = PATH.parent / "data"
PHRASES = tomllib.loads((DATA / "customer_support_phrases.toml").read_text(encoding="utf-8"))
ROWS = [json.loads(line) for line in (DATA / "customer_support.jsonl").read_text(encoding="utf-8").splitlines()]
TRAIN = [row for row in ROWS if row["split"] == "train"]
HELD_OUT = [row for row in ROWS if row["split"] != "train"]


def words(text: str) -> list[str]:
    """Without marks and capitals; a slot is one word."""
    return re.findall(r"\{\w+\}|\w+", text.lower())


def wordings(kind: str, part: Any) -> list[str]:
    """All wordings of this kind, however deep."""
    if not isinstance(part, dict):
        return []
    return [*part.get(kind, []), *(text for inner in part.values() for text in wordings(kind, inner))]


def pattern(wording: str) -> str:
    """What finds a wording in messages without marks and capitals: a budget has up to seven words, another slot two."""
    slots = {"{budget}": r"\w+(?: \w+){1,6}"}
    parts = [slots.get(word, r"\w+(?: \w+)?") if word[0] == "{" else word for word in words(wording)]
    return rf"\b{' '.join(parts)}\b"


def test_the_messages_are_those_that_the_script_makes() -> None:
    assert runpy.run_path(str(DATA / "customer_support.py"))["rows"]() == ROWS


def test_every_topic_has_every_split_and_everything_that_is_new() -> None:
    topics = {"shipping", "refunds", "connectivity", "suggestions", "summary"}
    assert {(row["task"], row["split"]) for row in ROWS} == {
        (topic, split) for topic in topics for split in ("train", "validation", "unseen")
    }
    unseen = {(row["task"], row["new"]) for row in ROWS if row["split"] == "unseen"}
    assert unseen == {(topic, new) for topic in topics for new in ("wording", "order", "politeness", "typos")}


def test_an_answer_follows_from_its_message() -> None:
    answers: dict[str, str] = {}
    for row in ROWS:
        assert answers.setdefault(row["instruction"], row["response"]) == row["response"]
    for row in HELD_OUT:
        for value in row["slots"].values():
            assert value in row["instruction"]
            assert value in row["response"]


def test_no_training_message_has_a_value_that_is_held_out() -> None:
    for topic in {row["task"] for row in ROWS}:
        said = [re.findall(r"\w+", row["instruction"]) for row in TRAIN if row["task"] == topic]
        known = {word for text in said for word in text} | {" ".join(two) for text in said for two in pairwise(text)}
        values = {value for row in HELD_OUT if row["task"] == topic for value in row["slots"].values()}
        assert not values & known


def test_no_training_message_has_a_phrase_that_is_held_out() -> None:
    messages = "\n".join(" ".join(words(row["instruction"])) for row in TRAIN)
    held_out = [*wordings("unseen", PHRASES), *wordings("reordered", PHRASES)]
    assert len(held_out) > 100
    assert not [wording for wording in held_out if re.search(pattern(wording), messages)]


def test_another_word_order_takes_no_other_words() -> None:
    parts = [part for topic in PHRASES["topics"].values() for part in topic.values()] + [
        PHRASES["suggestions"]["frames"]
    ]
    for part in parts:
        known = {word for text in part["train"] for word in words(text)}
        assert {word for text in part["reordered"] for word in words(text)} <= known
        assert not set(part["reordered"]) & set(part["train"])


def test_made_up_names_are_spelled_so_that_copying_can_be_learnt() -> None:
    known = build(Tokenizer(), dataset.build(load(PATH), PATH.parent)).ids
    names = [row["slots"][slot] for row in HELD_OUT for slot in ("city", "product", "device") if slot in row["slots"]]
    assert names
    assert not [name for name in names if name in known]


@pytest.mark.slow
def test_a_specialist_is_asked_about_every_topic(tmp_path: Path) -> None:
    scenario = load(PATH)
    workspace = Workspace(tmp_path)
    run = headless.train(scenario, PATH.stem, PATH.parent, "fine-tune-refunds", workspace=workspace, steps=2)
    assert set(run.scores()["unseen"]) == {row["task"] for row in ROWS}
    assert len([*headless.ask(run, scenario.prompts, length=3)]) == len(scenario.prompts)
