import random

import pytest
import torch

from engine.pretraining import tokenizer_of_base
from engine.scenario import LossWeights, Scenario, spelled_out
from engine.tasks import RULES
from engine.tasks.plain_text import PlainText, Role
from engine.text_rows import TextRows
from engine.tokenizer import ANSWER, END, PAD, UNKNOWN

TOKENIZER = tokenizer_of_base(Scenario(title="Base"))
WEIGHTS = spelled_out(LossWeights())
TEXT = PlainText(list(RULES.values()))


def rows(seed: int = 0, weights: dict[Role, float] = WEIGHTS) -> TextRows:
    return TextRows(TEXT, TOKENIZER, weights, rows=8, tokens=24, seed=seed)


def document(seed: int) -> tuple[str, list[int], list[float]]:
    """A document's text, and what becomes of it."""
    ids: list[int] = []
    weights: list[float] = []
    rows().add_document(random.Random(seed), ids, weights)
    return " ".join(part.text for part in TEXT.document(random.Random(seed))), ids, weights


@pytest.mark.parametrize("start", range(0, 800, 200))
def test_a_documents_ids_are_those_of_its_whole_text_and_the_end(start: int) -> None:
    for seed in range(start, start + 200):
        text, ids, weights = document(seed)
        assert ids == [*TOKENIZER.encode(text), END]
        assert len(weights) == len(ids)


def test_a_target_counts_by_its_role() -> None:
    distinct: dict[Role, float] = {"answer": 5.0, "end": 4.0, "name": 3.0, "argument": 2.0, "rest": 1.0}
    for seed in range(50):
        expected: list[float] = []
        for text, role in TEXT.document(random.Random(seed)):
            expected += [distinct[role]] * len(TOKENIZER.encode(text))
        ids: list[int] = []
        weights: list[float] = []
        rows(weights=distinct).add_document(random.Random(seed), ids, weights)
        spaces = [i for i, index in enumerate(ids) if TOKENIZER.vocabulary[index] == " " and weights[i] == 1.0]
        found = [weight for i, weight in enumerate(weights) if i not in spaces]
        assert found == [*expected, distinct["end"]]


def test_targets_are_the_tokens_one_place_on_and_rows_begin_with_a_document() -> None:
    batch = rows().batch(0)
    assert batch.tokens_BT.shape == batch.targets_BA.shape == (8, 24)
    assert torch.equal(batch.tokens_BT[:, 1:], batch.targets_BA[:, :-1])
    assert (batch.mark, batch.padding_B, batch.tokens) == (0, None, 8 * 24)
    text = TOKENIZER.decode(batch.tokens_BT[0].tolist())
    first = " ".join(part.text for part in TEXT.document(random.Random("0 text 0")))
    assert text.startswith(first[:40])


def test_no_row_has_an_answer_mark_padding_or_anything_unknown() -> None:
    ids = torch.cat([rows().batch(step).tokens_BT for step in range(20)])
    assert {ANSWER, PAD, UNKNOWN}.isdisjoint(ids.flatten().tolist())
    assert END in ids


def test_a_step_reads_the_same_whatever_was_read_before() -> None:
    one, other = rows(), rows()
    one.batch(0)
    assert torch.equal(one.batch(7).tokens_BT, other.batch(7).tokens_BT)
    assert not torch.equal(one.batch(7).tokens_BT, one.batch(8).tokens_BT)
    assert not torch.equal(rows(seed=1).batch(7).tokens_BT, one.batch(7).tokens_BT)
