import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import packed_rows
from engine.edits import Splice
from engine.examples import Example
from engine.packed_rows import Rows

numbers = st.integers(0, 40)


def examples(start: int, count: int) -> list[Example]:
    return [Example(f"Say {number}", str(number), extra={"at": number}) for number in range(start, start + count)]


@pytest.fixture(autouse=True, scope="module")
def small_chunks() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packed_rows, "MANY", 10)
        patch.setattr(packed_rows, "CHUNK", 3)
        yield


@given(numbers, st.lists(st.lists(st.tuples(numbers, numbers, st.integers(0, 9)), max_size=4), max_size=4))
def test_it_is_a_list_whatever_is_done_to_it(size: int, edits: list[list[tuple[int, int, int]]]) -> None:
    plain = examples(0, size)
    rows = Rows.of(plain)
    for edit in edits:
        splices, free = [], 0
        for skipped, old, new in edit:
            at = min(free + skipped, len(plain))
            free = min(at + old, len(plain))
            splices.append(Splice(0, at, free - at, Rows(examples(100, new), packed=new % 2 == 1)))
        before, kept = rows, plain.copy()
        rows, taken = rows.spliced(splices)
        for splice, out in zip(reversed(splices), reversed(taken), strict=True):
            end = splice.at + splice.old
            assert list(out) == plain[splice.at : end]
            plain[splice.at : end] = splice.new

        assert list(before) == kept
        assert list(rows) == plain == [rows[index] for index in range(len(rows))]
        assert len(rows) == len(plain)
        assert rows[2:7] == plain[2:7]
        assert list(pickle.loads(pickle.dumps(rows))) == plain
        assert [(at, rows[at]) for at, _ in rows.pieces()] == [(at, piece[0]) for at, piece in rows.pieces()]
        assert sum(rows.tally().values()) == len(plain)


def test_what_is_left_of_chunks_is_put_together() -> None:
    rows = Rows(examples(0, 9))
    for _ in range(6):
        rows, _ = rows.spliced([Splice(0, 1, 1, Rows())])

    assert len(list(rows.pieces())) == 1


def test_there_is_nothing_behind_the_end() -> None:
    with pytest.raises(IndexError):
        Rows.of(examples(0, 20))[20]
