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
    rows = Rows(plain)
    for edit in edits:
        splices, free = [], 0
        for skipped, old, new in edit:
            at = min(free + skipped, len(plain))
            free = min(at + old, len(plain))
            splices.append(Splice(0, at, plain[at:free], examples(100, new)))
        rows.splice(splices)
        for splice in reversed(splices):
            plain[splice.at : splice.at + len(splice.old)] = splice.new

        assert list(rows) == plain == [rows[index] for index in range(len(rows))]
        assert len(rows) == len(plain)
        assert rows[2:7] == plain[2:7]
        assert list(pickle.loads(pickle.dumps(rows))) == plain
        kept = {id(row) for _, row in rows.unpacked()}
        assert all(id(row) in kept for splice in splices for row in splice.new)
        assert all(rows[place] is row for place, row in rows.unpacked())


def test_a_copy_goes_its_own_way() -> None:
    rows = Rows(examples(0, 20))
    rows.splice([Splice(0, 4, [rows[4]], [])])
    copy = rows.copy()
    rows.splice([Splice(0, 4, rows[4:6], examples(50, 1))])

    assert [row.response for row in copy[3:6]] == ["3", "5", "6"]
    assert [row.response for row in rows[3:6]] == ["3", "50", "7"]


def test_there_is_nothing_behind_the_end() -> None:
    with pytest.raises(IndexError):
        Rows(examples(0, 20))[20]
