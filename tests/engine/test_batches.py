import math
from collections import Counter

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engine.architectures import GruClassifier, GruTagger, Transformer
from engine.batches import IGNORE, Batch, Data, Order, encode, loss_sum, target_count
from engine.examples import Example
from engine.models import ModelSpec
from engine.prompt import Prompter, prompter_for
from engine.tokenizer import ANSWER, END, PAD, SPECIAL, Characters, Letters, Words

PROMPTER = Prompter(Characters([*SPECIAL, *"abc"]))
examples = st.builds(Example, st.text("abc", max_size=6), st.text("abc", max_size=6))


def encoded(rows: list[Example]) -> Data:
    return encode(ModelSpec(Transformer(), 7), PROMPTER, rows)


def every_row(rows: list[Example]) -> Batch:
    return encoded(rows).batch(torch.arange(len(rows)))


# --- language models --------------------------------------------------------------------------------------------------


@given(st.lists(examples, min_size=1, max_size=6))
def test_the_target_is_the_response_with_its_end_token_and_nothing_else(rows: list[Example]) -> None:
    batch = every_row(rows)
    for row, target in zip(rows, batch.targets_BA.tolist(), strict=True):
        response = PROMPTER.response(row.response)
        assert response[-1] == END
        assert target[: len(response)] == response
        assert set(target[len(response) :]) <= {IGNORE}
        assert PAD not in target


@given(st.lists(examples, min_size=1, max_size=6))
def test_the_model_reads_prompt_and_response_with_padding_at_both_sides(rows: list[Example]) -> None:
    batch = every_row(rows)
    padding = [0] * len(rows) if batch.padding_B is None else batch.padding_B.tolist()
    for row, tokens, left in zip(rows, batch.tokens_BT.tolist(), padding, strict=True):
        read = PROMPTER.prompt(row.instruction) + PROMPTER.response(row.response)[:-1]
        assert tokens == [PAD] * left + read + [PAD] * (len(tokens) - left - len(read))
        assert tokens[batch.mark] == ANSWER
        assert END not in tokens
    assert batch.tokens == sum(PROMPTER.length(row) - 1 for row in rows)


@given(st.lists(examples, min_size=2, max_size=6), st.data())
def test_a_batch_is_no_wider_than_its_longest_prompt_and_response(rows: list[Example], data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=1, max_size=4))
    batch = encoded(rows).batch(torch.tensor(chosen))
    prompt = max(len(rows[i].instruction) for i in chosen) + 1
    response = max(len(rows[i].response) for i in chosen) + 1
    assert batch.mark == prompt - 1
    assert batch.tokens_BT.shape == (len(chosen), prompt + response - 1)
    assert batch.targets_BA.shape == (len(chosen), response)


def test_a_batch_without_padding_says_so() -> None:
    assert every_row([Example("ab", "c"), Example("ba", "cc")]).padding_B is None


# --- the notebook's models --------------------------------------------------------------------------------------------


def test_a_tagger_reads_and_emits_ten_letters_with_blanks_in_the_target() -> None:
    config = GruTagger(length=10)
    data = encode(
        ModelSpec(config, 37), prompter_for(config, Letters(), "{instruction}"), [Example("Add 10 and 20", "30")]
    )
    batch = data.batch(torch.tensor([0]))
    assert batch.tokens_BT.tolist() == [[1, 4, 4, 0, 28, 27, 0, 1, 14, 4]]
    assert batch.targets_BA.tolist() == [[30, 27, 0, 0, 0, 0, 0, 0, 0, 0]]


def test_a_classifier_reads_five_words_pads_and_unknown_ones_alike_and_has_one_target() -> None:
    config = GruClassifier(length=5)
    words = Words([*SPECIAL, "see", "you", "later"])
    spec = ModelSpec(config, len(words), ("greeting", "farewell"))
    rows = [Example("See you soon", "farewell"), Example("you you you you you later", "other")]
    batch = encode(spec, prompter_for(config, words, "{instruction}"), rows).batch(torch.tensor([0, 1]))
    assert batch.tokens_BT.tolist() == [[4, 5, 0, 0, 0], [5, 5, 5, 5, 5]]
    assert batch.targets_BA.tolist() == [[1], [IGNORE]]


# --- loss -------------------------------------------------------------------------------------------------------------


def test_the_loss_is_the_sum_over_target_tokens_in_nats() -> None:
    logits_BAV = torch.randn(3, 4, 5, generator=torch.Generator().manual_seed(0))
    targets_BA = torch.tensor([[1, 2, IGNORE, IGNORE], [0, 0, 4, 3], [IGNORE] * 4])
    by_hand = 0.0
    for row in range(3):
        for column in range(4):
            if (target := int(targets_BA[row, column])) != IGNORE:
                scores = logits_BAV[row, column].tolist()
                by_hand += math.log(sum(math.exp(score) for score in scores)) - scores[target]
    assert loss_sum(logits_BAV, targets_BA).item() == pytest.approx(by_hand, rel=1e-5)
    assert target_count(targets_BA) == 6


# --- order ------------------------------------------------------------------------------------------------------------


def of_one_task(count: int, batch_size: int, seed: int = 0) -> Order:
    lengths_N = torch.randint(3, 20, (count,), generator=torch.Generator().manual_seed(1))
    return Order(lengths_N, torch.zeros(count, dtype=torch.long), [1.0], batch_size=batch_size, seed=seed)


def mixed(sizes: list[int], shares: list[float], batch_size: int, seed: int = 0) -> Order:
    tasks_N = torch.repeat_interleave(torch.arange(len(sizes)), torch.tensor(sizes))
    lengths_N = torch.randint(3, 20, tasks_N.shape, generator=torch.Generator().manual_seed(1))
    return Order(lengths_N, tasks_N, shares, batch_size=batch_size, seed=seed)


def epoch(order: Order, number: int) -> list[Tensor]:
    return [order.rows(number * order.steps_per_epoch + step) for step in range(order.steps_per_epoch)]


@given(st.integers(1, 80), st.integers(0, 90), st.integers(0, 3))
def test_one_epoch_reads_every_example_once(count: int, batch_size: int, number: int) -> None:
    batches = epoch(of_one_task(count, batch_size), number)
    assert sorted(torch.cat(batches).tolist()) == list(range(count))
    assert max(map(len, batches)) == min(batch_size or count, count)
    assert len(batches) == math.ceil(count / min(batch_size or count, count))


@given(st.lists(st.integers(1, 30), min_size=1, max_size=4), st.integers(0, 40))
def test_tasks_that_share_by_their_size_are_read_once_an_epoch(sizes: list[int], batch_size: int) -> None:
    order = mixed(sizes, [float(size) for size in sizes], batch_size)
    assert sorted(torch.cat(epoch(order, 2)).tolist()) == list(range(sum(sizes)))


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8), st.integers(0, 2**32 - 1))
def test_the_rows_of_a_step_do_not_depend_on_the_steps_before(steps: list[int], seed: int) -> None:
    jumping = mixed([9, 4], [1, 3], 5, seed)
    for step in steps:
        assert torch.equal(jumping.rows(step), mixed([9, 4], [1, 3], 5, seed).rows(step))


def test_every_epoch_and_every_seed_has_an_order_of_its_own() -> None:
    orders = [torch.cat(epoch(of_one_task(40, 8, seed), number)).tolist() for seed in (0, 1) for number in (0, 1)]
    assert len({tuple(order) for order in orders}) == 4


@pytest.mark.parametrize(("sizes", "shares"), [([7], [1.0]), ([2, 1], [1.0, 1.0]), ([5, 3, 1], [1.0, 2.0, 9.0])])
def test_batch_size_zero_takes_all_in_one_step(sizes: list[int], shares: list[float]) -> None:
    order = mixed(sizes, shares, 0)
    assert order.steps_per_epoch == 1
    assert set(order.tasks_N[order.rows(3)].tolist()) == set(range(len(sizes)))


def test_a_task_gets_its_share_of_the_epoch_and_of_every_batch() -> None:
    order = mixed([1000, 600], [1.0, 4.0], 50)
    counts = [int((order.tasks_N[rows] == 1).sum()) for rows in epoch(order, 0)]
    assert sum(counts) == 1600 * 4 / 5
    for window in (counts[:16], counts[16:]):
        assert max(window) - min(window) <= 2
        assert sum(window) / len(window) == pytest.approx(40, abs=2)


@given(st.integers(1, 20), st.integers(1, 20), st.floats(0.1, 0.9))
def test_no_example_of_a_task_is_read_twice_before_all_are_read_once(one: int, other: int, share: float) -> None:
    order = mixed([one, other], [share, 1 - share], 4)
    read = Counter[int]()
    for number in range(5):
        read.update(torch.cat(epoch(order, number)).tolist())
        for rows in order.rows_of:
            times = [read[row] for row in rows.tolist()]
            assert max(times) - min(times) <= 1


def test_the_examples_of_a_batch_have_similar_lengths() -> None:
    order = mixed([400, 400], [1.0, 1.0], 16)
    spreads = [
        int(lengths.max() - lengths.min())
        for rows in epoch(order, 0)
        for task in (0, 1)
        if len(lengths := order.lengths_N[rows[order.tasks_N[rows] == task]])
    ]
    assert sum(spreads) / len(spreads) < 3
    assert int(order.lengths_N.max() - order.lengths_N.min()) == 16
