"""Documents for tests: a scenario with rows of its own, a data file beside it, and a rule."""

from pathlib import Path

from hypothesis import strategies as st

from engine import edit_plans as plans
from engine.document import Document
from engine.document_files import open_document
from engine.document_parts import Written
from engine.document_saving import afterwards, write_copy, write_edits
from engine.examples import Example
from engine.journal import LeftBehind
from engine.marks import Deleted, as_kind

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


def pretend_saved(document: Document) -> None:
    """As if it was written: also what no file could hold."""
    places = [part.path for part in document.parts]
    document.saved(Written([], document.scenario, places, document.hashes, *afterwards(document)))


def save_as(document: Document, path: Path) -> list[Path]:
    """Go on with a copy. Returns the files that were written."""
    written = write_copy(document, path)
    document.saved(written)
    return written.paths


def rows(document: Document) -> list[Example]:
    """All examples in their order."""
    return [document[index] for index in range(len(document))]


def undo(document: Document) -> bool:
    """Take the last edit back. Whether there was one."""
    step = document.next_step("undo")
    return document.do(step and document.as_it_stands(step))


def redo(document: Document) -> bool:
    """Do again what was undone last. Whether there was something."""
    step = document.next_step("redo")
    return document.do(step and document.as_it_stands(step))


def unmarked(document: Document) -> list[Example]:
    """The same without what is said about new and changed ones."""
    return [row if type(row) is Deleted else as_kind(Example, row) for row in rows(document)]


def restore(journal: LeftBehind, document: Document) -> None:
    """Make the edits of a journal again, as the app does."""
    for edit in journal.edits:
        document.do(document.check(edit))


texts = st.text(max_size=8)
examples = st.builds(
    Example, texts, texts, st.sampled_from(["greet", "other", ""]), st.sampled_from(["", "train", "unseen"])
)

Steps = list[tuple[str, list[int], Example]]
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
    chosen = sorted({place % editable for place in places} if editable else ())
    match doing:
        case "insert":
            document.do(plans.insert(document, places[0] % (editable + 1), [example, Example("copy", "of it")]))
        case "change":
            document.do(plans.change(document, {place: Example(example.instruction, str(place)) for place in chosen}))
        case "delete":
            document.do(plans.delete(document, chosen))
        case "restore":
            document.do(plans.restore(document, chosen))
        case "duplicate":
            document.do(plans.duplicate(document, chosen))
        case "task":
            document.do(plans.set_task(document, chosen, example.task))
        case "up" | "down" if chosen:
            document.do(plans.move(document, chosen[0], chosen[0], -1 if doing == "up" else 1))
        case "undo":
            undo(document)
        case "redo":
            redo(document)
