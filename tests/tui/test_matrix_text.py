from engine.matrix import Cell, ComparedModel, Group, Instead, Matrix, means
from tui.matrix_text import matrix_text, whole_percent

RUNS = ("base", "abcd-fine-tune-reverse", "efgh-instruction-then-fine-tune")
MODELS = [
    ComparedModel("base", "", "", "1" * 64, []),
    ComparedModel(RUNS[1], "fine-tune-reverse", "base", "2" * 64, ["reverse"]),
    ComparedModel(RUNS[2], "instruction-then-fine-tune", "qrst-instruction-tune", "3" * 64, ["reverse", "copy"]),
]
EVERYWHERE: list[tuple[Group, str]] = [
    ("trained", ""),
    ("new_wording", "name first"),
    ("new_wording", "argument first"),
    ("new_name", ""),
    ("unseen_task", ""),
    ("composition", ""),
    ("chain", ""),
    ("longer", ""),
    ("plain_text", ""),
    ("known_form", ""),
]


def matrix(runs: int = 3, places: list[tuple[Group, str]] = EVERYWHERE, task: str = "reverse") -> Matrix:
    cells = [
        Cell(run, group, each, 1.0 if each == task and run != "base" else 0.0, 20, 0.0, wording)
        for run in RUNS[:runs]
        for group, wording in places
        for each in (task, "copy")
    ]
    lost = {RUNS[1]: {group: -0.5 for group, _ in places}} if runs > 1 else {}
    instead = [Instead(RUNS[1], "trained", 20, 0.95, {task: 0.95, "copy": 0.05})] if runs > 1 else []
    return Matrix(MODELS[:runs], cells, means(cells), lost, instead)


def lines_with(start: str, text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines() if line.startswith(start)]


def test_it_fits_a_hundred_columns() -> None:
    assert max(map(len, matrix_text(matrix()).splitlines())) <= 100


def test_each_model_is_told_with_its_own_tasks_and_its_weights() -> None:
    listed, across, lost, wrong = lines_with("2 ", matrix_text(matrix()))
    assert listed == ["2", "abcd-fine-tune-reverse", "reverse", "100", "0.0", "base", "2" * 12]
    assert across == ["2", "fine-tune-reverse", *["50"] * 10]
    assert lost == ["2", "fine-tune-reverse", *["-50"] * 9]
    assert " ".join(wrong) == "2 fine-tune-reverse trained 20 95 % reverse 95 %, copy 5 %"


def test_the_number_of_examples_stands_above_the_models() -> None:
    assert lines_with("examples", matrix_text(matrix())) == [["examples", *["40"] * 10]]


def test_plain_instructions_are_told_task_by_task_and_all_groups_if_asked() -> None:
    assert lines_with("trained  ", matrix_text(matrix()))[-2:] == [
        ["trained", "reverse", "20", "0", "100", "100"],
        ["trained", "copy", "20", "0", "0", "0"],
    ]
    assert lines_with("arg. first   reverse", matrix_text(matrix())) == []
    assert lines_with("arg. first   reverse", matrix_text(matrix(), every_group=True)) == [
        ["arg.", "first", "reverse", "20", "0", "100", "100"]
    ]


def test_what_was_not_measured_is_not_shown() -> None:
    text = matrix_text(matrix(runs=1, places=[("trained", ""), ("new_wording", "")]))
    assert lines_with("1 base", text) == [["1", "base", "0", "0"]]
    assert "lost against" not in text
    assert "another task" not in text


def test_names_from_a_dataset_cannot_move_the_cursor() -> None:
    assert "\x1b" not in matrix_text(matrix(task="re\x1b[2Jverse"), every_group=True)


def test_only_what_is_whole_is_a_hundred_percent() -> None:
    assert [whole_percent(shares) for shares in ([1.0, 1.0], [1.0, 0.999], [0.29], [])] == ["100", "99", "29", "-"]
