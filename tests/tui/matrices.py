"""Matrices as `compare` makes them, with figures that are easy to check."""

from engine.matrix import AskedQuestion, Cell, ComparedModel, GivenAnswer, Group, Instead, Matrix, means

TRAINED = ["add", "reverse", "sort", "upper", "drop-vowels", "alternate-case", "palindrome", "max"]
UNSEEN = ["rotate", "swap", "shift", "censor"]
PAIRS = ["reverse then upper", "drop-first then sort"]
BASE = ComparedModel("base", "", "", "1" * 64, [])
SPECIALIST = ComparedModel("ab12-fine-tune-reverse", "fine-tune-reverse", "base", "2" * 64, ["reverse"])
GENERALIST = ComparedModel("cd34-instruction-tune", "instruction-tune", "base", "3" * 64, TRAINED)
MODELS = [BASE, SPECIALIST, GENERALIST]


def cells(group: Group, tasks: list[str], shares: tuple[float, float, float], *wordings: str) -> list[Cell]:
    """Twenty questions a cell. The specialist has its own task right, and goes on after sums."""
    return [
        Cell(
            model.run,
            group,
            task,
            0.95 if model is SPECIALIST and task == "reverse" and group != "plain_text" else share,
            20,
            0.1 if model is SPECIALIST and task == "add" else 0.0,
            wording,
        )
        for model, share in zip(MODELS, shares, strict=True)
        for wording in wordings or ("",)
        for task in tasks
    ]


def matrix_of(measured: list[Cell], models: list[ComparedModel] = MODELS) -> Matrix:
    """With what was lost against the base, and what the specialist does instead."""
    summary = means(measured)
    base = summary.get("base", {})
    lost = {
        model.run: {group: base[group] - share for group, share in summary[model.run].items() if group in base}
        for model in models
        if model.parent == "base" and base
    }
    instead = [Instead(SPECIALIST.run, "unseen_task", 80, 0.9, {"reverse": 0.85, "copy": 0.05})]
    return Matrix(models, measured, summary, lost, instead if SPECIALIST in models else [])


SMALL = matrix_of(
    [
        *cells("trained", TRAINED[:3], (0.0, 0.0, 0.95)),
        *cells("unseen_task", UNSEEN[:2], (0.0, 0.0, 0.5)),
        *cells("plain_text", TRAINED[:3], (0.98, 0.36, 0.97)),
    ]
)
"""Fits on a small screen task by task."""

WIDE = matrix_of(
    [
        *cells("trained", TRAINED, (0.0, 0.0, 0.95)),
        *cells("new_wording", TRAINED, (0.0, 0.0, 0.85), "name first", "argument first"),
        *cells("new_name", TRAINED, (0.0, 0.0, 0.9)),
        *cells("unseen_task", UNSEEN, (0.0, 0.0, 0.5)),
        *cells("composition", PAIRS, (0.0, 0.0, 0.0)),
        *cells("chain", PAIRS, (0.0, 0.0, 0.8)),
        *cells("longer", TRAINED[1:7], (0.0, 0.0, 0.8)),
        *cells("plain_text", TRAINED, (0.98, 0.36, 0.97)),
        *cells("known_form", TRAINED, (0.2, 0.0, 0.85)),
    ]
)
"""All groups; wider than the screen."""


def mixtures() -> Matrix:
    """Runs with ever more tasks; two of them with four."""
    runs = {"one": 1, "two": 2, "four": 4, "also four": 4, "eight": 8}
    models = [BASE, *(ComparedModel(run, f"{run}-tasks", "base", run, TRAINED[:n]) for run, n in runs.items())]
    unseen = {"one": 0.14, "two": 0.5, "four": 0.5, "also four": 0.7, "eight": 0.8}
    measured = [Cell("base", "unseen_task", "rotate", 0.0, 20, 0.0)]
    for model in models[1:]:
        measured += [Cell(model.run, "trained", task, 0.96, 20, 0.0) for task in model.trained_on]
        measured += [Cell(model.run, "trained", "max", 0.0, 20, 0.0)] * (model.run != "eight")
        measured += [Cell(model.run, "unseen_task", task, unseen[model.run], 20, 0.0) for task in UNSEEN]
    return Matrix(models, measured, means(measured), {}, [])


def asked(task: str) -> list[AskedQuestion]:
    """Questions about a few words, and an answer of every kind."""
    return [
        AskedQuestion(
            f"please {task} the word {word}",
            word[::-1],
            [
                GivenAnswer("base", f"{word} {word}", False, False),
                GivenAnswer(SPECIALIST.run, word.upper(), False, False, ["upper", "copy"]),
                GivenAnswer(GENERALIST.run, word[::-1] + "x" * (word == "cat"), word != "cat", word == "cat"),
            ],
        )
        for word in ("cat", "house", "tree")
    ]
