import random
from collections.abc import Iterator
from itertools import pairwise

from engine.tasks import RULES
from engine.tasks.arguments import held_out
from engine.tasks.plain_text import DELIMITERS, SEPARATORS, Part, PlainText

BY_NAME = {name: rule for rule in RULES.values() for name in rule.names}


def documents(count: int, writer: PlainText | None = None) -> list[list[Part]]:
    writer, rng = writer or PlainText(list(RULES.values())), random.Random(0)
    return [writer.document(rng) for _ in range(count)]


def facts(document: list[Part]) -> Iterator[tuple[str, str, str]]:
    """The name in force, the argument and the answer of each item of a document with names."""
    name = argument = ""
    for text, role in document:
        if role == "name":
            name = text
        elif role == "argument":
            argument = text
        elif role == "answer":
            yield name, argument, text


def test_what_the_text_tells_is_true_and_never_held_out() -> None:
    told = 0
    for document in documents(1500, PlainText(list(RULES.values()), nameless=0)):
        for name, argument, answer in facts(document):
            rule = BY_NAME[name]
            words = argument.split(" and ")
            arguments = tuple(int(word) for word in words) if rule.kind == "numbers" else tuple(words)
            assert rule.apply(*arguments) == answer
            assert not held_out(arguments)  # type: ignore[arg-type]
            told += 1
    assert told > 3000


def test_every_name_of_every_rule_is_told() -> None:
    assert {text for document in documents(3000) for text, role in document if role == "name"} == set(BY_NAME)


def test_a_document_ends_with_an_answer_and_ends_stand_between_items() -> None:
    for document in documents(500):
        assert document[-1].role == "answer"
        roles = [role for _, role in document]
        assert roles.count("end") == roles.count("answer") - 1
        assert {text for text, role in document if role == "end"} <= set(SEPARATORS)


def test_a_delimiter_stands_before_every_answer() -> None:
    for document in documents(500):
        for before, part in pairwise(document):
            if part.role == "answer":
                assert before.text in DELIMITERS


def test_four_documents_in_ten_are_lists_and_one_list_in_ten_has_no_name() -> None:
    made = documents(4000)
    nameless = [document for document in made if document[0].role == "argument" and document[1].text in DELIMITERS]
    assert 0.02 < len(nameless) / len(made) < 0.06
    named = [document for document in made if document[0].role == "name" and document[1].text == ":"]
    assert 0.30 < len(named) / len(made) < 0.42


def test_the_same_seed_writes_the_same_text() -> None:
    assert documents(50) == documents(50)
