import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data_check import CASES, Case, Finding, check
from engine.examples import SPLITS, Example

GOOD = [Example("a", "1"), Example("b", "2"), Example("c", "3", split="validation")]


class Alphabet:
    """Knows the letters a to z and the digits; one character is one token."""

    def unknown(self, text: str) -> str:
        return "".join(letter for letter in text if not letter.isascii())

    def length(self, example: Example) -> int:
        return len(example.instruction) + len(example.response) + 2


def found(examples: list[Example], **how: object) -> dict[str, Finding]:
    return {finding.kind: finding for finding in check(examples, **how)}  # type: ignore[arg-type]


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    assert check(GOOD, Alphabet(), context=4) == []


@pytest.mark.parametrize(
    ("more", "kind", "message", "text"),
    [
        ([Example("", "4")], "empty", "1 example with an empty instruction or response", " → 4"),
        ([Example("d", " ")], "empty", "1 example with an empty instruction or response", "d →  "),
        ([Example("b", "2")], "duplicate", "1 example with the same text as an earlier one", "b → 2: as example 2"),
        (
            [Example("b", "3")],
            "conflict",
            "1 example with the instruction of an earlier one, but another response",
            "b → 3, but 2 in example 2",
        ),
        (
            [Example("b", "2", split="unseen")],
            "leak",
            "1 example with an instruction that is both trained on and held out",
            "b: unseen, and train in example 2",
        ),
        ([Example("é", "ü")], "unknown", "1 example with text that the tokenizer does not know", "é in: é → ü"),
        ([Example("d", "ü")], "unknown", "1 example with text that the tokenizer does not know", "ü in: d → ü"),
        (
            [Example("d", "44")],
            "too-long",
            "1 example longer than the model can read",
            "5 tokens, 4 at most: d → 44",
        ),
    ],
)
def test_a_doubtful_example_is_found_and_shown(more: list[Example], kind: str, message: str, text: str) -> None:
    findings = found(GOOD + more, tokenizer=Alphabet(), context=4)
    assert list(findings) == [kind]
    finding = findings[kind]
    assert (finding.count, finding.message) == (1, message)
    assert finding.first == [Case(4, text)]
    assert finding.hint


def test_an_example_may_be_doubtful_in_two_ways() -> None:
    assert list(found([*GOOD, Example("b", "3", split="validation")])) == ["conflict", "leak"]


def test_the_same_text_in_two_splits_that_are_held_out_is_fine() -> None:
    assert check([*GOOD, Example("c", "3", split="unseen")]) == []


@pytest.mark.parametrize(
    ("more", "kind", "text"),
    [
        ([Example("d", "4", "t"), Example("e", "5", "t", "unseen")], "few", "t: 1"),
        ([Example("e", "5", "t", "validation")], "few", "t: 0"),
        ([Example("d", "4", "t"), Example("e", "5", "t")], "none-held-out", "t"),
    ],
)
def test_a_task_with_too_few_examples_is_found(more: list[Example], kind: str, text: str) -> None:
    findings = found(GOOD + more)
    assert list(findings) == [kind]
    assert findings[kind].first == [Case(0, text)]


def test_a_task_that_is_held_out_needs_nothing_to_train_on() -> None:
    assert check([*GOOD, Example("d", "4", "t", "unseen")]) == []


def test_only_what_cannot_be_trained_on_is_an_error() -> None:
    examples = [*GOOD, Example("a long one", "ü"), Example("a", "2"), Example("", "")]
    severities = {kind: finding.severity for kind, finding in found(examples, tokenizer=Alphabet(), context=4).items()}
    assert severities == {"empty": "warning", "conflict": "warning", "unknown": "warning", "too-long": "error"}
    assert found(examples, tokenizer=Alphabet(), context=4, cuts=True)["too-long"].severity == "warning"


def test_all_are_counted_and_the_first_are_shown_short() -> None:
    finding = found([Example("x" * 1000, "y") for _ in range(3001)])["duplicate"]
    assert (finding.count, finding.message[:14]) == (3000, "3,000 examples")
    assert [case.row for case in finding.first] == [2, 3, 4]
    assert finding.first[0].text == "x" * 60 + "… → y: as example 1"


texts = st.text("ab", max_size=2)


@given(st.lists(st.builds(Example, texts, texts, texts, st.sampled_from(SPLITS)), max_size=30))
def test_findings_agree_with_a_plain_count(examples: list[Example]) -> None:
    findings = found(examples)
    pairs = [(example.instruction, example.response, example.split) for example in examples]
    sides = {(example.instruction, example.split == "train") for example in examples}
    assert ("leak" in findings) == (len(sides) > len({example.instruction for example in examples}))
    assert ("conflict" in findings) == (
        len({pair[:2] for pair in pairs}) > len({example.instruction for example in examples})
    )
    assert ("empty" in findings) == any(not pair[0] or not pair[1] for pair in pairs)
    assert ("duplicate" not in findings) or len(set(pairs)) < len(pairs)
    assert all(len(finding.first) == min(finding.count, CASES) for finding in findings.values())
