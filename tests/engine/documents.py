"""Documents for tests: a scenario with rows of its own, a data file beside it, and a rule."""

from pathlib import Path

from hypothesis import strategies as st

from engine.document import Document
from engine.document_files import open_document
from engine.document_saving import write_copy, write_edits
from engine.examples import Example

SCENARIO = """# Two greetings.
title = "Greetings"
validation = 0.5

examples = [
    { task = "greet", instruction = "Hello", response = "greeting" },  # the first
    { task = "greet", instruction = "Bye", response = "farewell" },
]

[[files]]
path = "more.jsonl"
task = "greet"

[tasks.add]
rule = "add"
templates = ["Add {a} and {b}"]
train = 3
validation = 2
"""

MORE = """{"instruction": "Good morning", "response": "greeting"}
{"instruction": "Take care", "response": "farewell", "source": "a friend"}
{"instruction": "So long", "response": "farewell"}
"""

EDITABLE = 5
"""Examples of the document that can be edited; the five of the rule come after them."""


def written(folder: Path) -> Path:
    """Write the scenario and its file to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "greetings.toml").write_text(SCENARIO)
    (folder / "more.jsonl").write_text(MORE)
    return folder / "greetings.toml"


def opened(folder: Path) -> Document:
    """The document of `written`."""
    return open_document(written(folder))


def save(document: Document, *, overwrite: bool = False) -> list[Path]:
    """Write its edits, as the app does. Returns the files that were written."""
    written = write_edits(document, overwrite=overwrite)
    document.saved(written)
    return written.paths


def save_as(document: Document, path: Path) -> list[Path]:
    """Go on with a copy. Returns the files that were written."""
    written = write_copy(document, path)
    document.saved(written)
    return written.paths


def rows(document: Document) -> list[Example]:
    """All examples in their order."""
    return [document[index] for index in range(len(document))]


texts = st.text(max_size=8)
examples = st.builds(
    Example, texts, texts, st.sampled_from(["greet", "other", ""]), st.sampled_from(["", "train", "unseen"])
)

steps = st.lists(
    st.tuples(
        st.sampled_from(["insert", "change", "delete", "restore", "duplicate", "task", "up", "down", "undo", "redo"]),
        st.lists(st.integers(0, 30), min_size=1, max_size=4),
        examples,
    ),
    max_size=12,
)
"""What a person may do, with places that are made to fit."""


def carry_out(document: Document, doing: str, places: list[int], example: Example) -> None:
    """One of `steps`."""
    editable = len(document) - len(document.made)
    chosen = sorted({place % editable for place in places})
    match doing:
        case "insert":
            document.insert(places[0] % (editable + 1), [example, Example("copy", "of it")])
        case "change":
            document.change({place: Example(example.instruction, str(place)) for place in chosen})
        case "delete":
            document.delete(chosen)
        case "restore":
            document.restore(chosen)
        case "duplicate":
            document.duplicate(chosen)
        case "task":
            document.set_task(chosen, example.task)
        case "up" | "down":
            document.move(chosen[0], chosen[0], -1 if doing == "up" else 1)
        case "undo":
            document.undo()
        case "redo":
            document.redo()
