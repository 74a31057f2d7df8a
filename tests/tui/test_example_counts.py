from tui.example_counts import count_line, split_counts


def test_counts_name_each_task_where_there_is_room() -> None:
    counts = {"train": {"add": 8060, "reverse": 8000}, "validation": {"add": 2000}}

    assert count_line(counts, 80) == "train+held out: add 8,060+2,000 · reverse 8,000+0"
    assert count_line(counts, 40) == "2 tasks · 16,060 to train on · 2,000 held out"


def test_what_is_held_out_is_validation_and_unseen() -> None:
    counts = {"train": {"add": 8}, "validation": {"add": 2}, "unseen": {"add": 1, "reverse": 4}}

    assert split_counts(counts) == {"add": (8, 3), "reverse": (0, 4)}
