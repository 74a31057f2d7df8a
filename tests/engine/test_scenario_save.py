"""A scenario is saved so that it reads the same; of the file that was there, comments and order stay."""

import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.architectures import Gru
from engine.errors import InputError
from engine.example_sources import DataFile, Row, Task
from engine.scenario import Lora, Scenario, Tuning
from engine.scenario_file import load, save
from engine.scenario_library import built_in
from engine.storage import StorageError
from engine.struct_reader import read
from tests.engine.any_scenario import any_scenario, sound_scenario
from tests.engine.disks import FakeDisk

NEW = """\
title = "Sums"
about = \"\"\"
Two and two.

Is it four?
\"\"\"
prompts = [
    "What is the sum of twenty and twenty-two?",
    "What is the sum of twenty-two and twenty-three, roughly?",
]

[[examples]]
instruction = "1 + 1"
response = "2"

[[examples]]
instruction = "2 + 2"
response = "4"

[tasks.add]
rule = "add"
templates = ["Add {a} and {b}"]
numbers = [0, 9]

[model]
architecture = "gru"
width = 64

[tunings.mine]
tasks = {add = 2.0}
steps = 100

[tunings.mine.lora]
rank = 4
"""

OLD = """\
# Scenario of ours

title = "Sums"  # short
seed = 0  # the default, stated

# about adding
[tasks.add]  # by rule
rule = "add"
templates = [
  "Add {a} and {b}",  # plain
  "What is {a} + {b}?",  # a question
]

# about reversing
[tasks.reverse]
rule = "reverse"
templates = ["Reverse {word}"]
# nothing more

# first row
[[examples]]
response = "2"
instruction = "1 + 1"

# second row
[[examples]]
instruction = "2 + 2"
response = "4"

# third row
[[examples]]
instruction = "3 + 3"
response = "6"
# the end
"""

LAYOUTS = [
    OLD,
    """\
title = "x"
tasks = {a = {rule = "copy", templates = ["{word}"]}}
model = {width = 64}
""",
    """\
title = "x"
examples = [
  {instruction = "a", response = "b"}, # one
  {instruction = "c", response = "d"}
]
""",
    """\
title = "x"
tunings.a.steps = 5
tunings.a.lora.rank = 4
tunings."b c".epochs = 5
base = "latest"
""",
    """\
title = "x"
[tasks.a]
rule = "copy"
[model]
width = 64
[tasks.b]
rule = "sort"
[tunings.c.model]
[tunings.c]
""",
]
"""The same kind of things, written in different ways."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine.toml"


def saved(path: Path, before: str, scenario: Scenario) -> str:
    path.write_text(before)
    save(path, scenario)
    return path.read_text()


def test_a_new_file_is_tidy_and_leaves_defaults_out(path: Path) -> None:
    scenario = Scenario(
        title="Sums",
        about="Two and two.\n\nIs it four?\n",
        examples=[Row(instruction="1 + 1", response="2"), Row(instruction="2 + 2", response="4")],
        tasks={"add": Task(rule="add", templates=["Add {a} and {b}"], numbers=(0, 9))},
        model=Gru(width=64),
        tunings={"mine": Tuning(steps=100, tasks={"add": 2.0}, lora=Lora(rank=4))},
        prompts=[
            "What is the sum of twenty and twenty-two?",
            "What is the sum of twenty-two and twenty-three, roughly?",
        ],
    )
    save(path, scenario)
    assert path.read_text() == NEW


@given(sound_scenario)
def test_what_is_saved_is_loaded_again(tmp_path_factory: pytest.TempPathFactory, scenario: Scenario) -> None:
    path = tmp_path_factory.getbasetemp() / "new.toml"
    path.unlink(missing_ok=True)
    save(path, scenario)
    assert load(path) == scenario


@given(st.sampled_from(LAYOUTS), any_scenario)
def test_any_scenario_can_be_saved_over_any_layout(
    tmp_path_factory: pytest.TempPathFactory, before: str, scenario: Scenario
) -> None:
    after = saved(tmp_path_factory.getbasetemp() / "over.toml", before, scenario)
    assert read(tomllib.loads(after), Scenario) == (scenario, [])
    assert before != OLD or after.startswith("# Scenario of ours\n")


@pytest.mark.parametrize("before", [*LAYOUTS, *(path.read_text() for path in built_in().values())])
def test_saving_what_was_read_changes_nothing(path: Path, before: str) -> None:
    scenario, _ = read(tomllib.loads(before), Scenario)
    assert saved(path, before, scenario) == before


def test_only_what_differs_is_written(path: Path) -> None:
    path.write_text(OLD)
    scenario = load(path)
    changed = msgspec.structs.replace(scenario, title="More sums", validation=0.5)
    changed.tasks["add"].templates[1] = "{a} and {b}?"
    changed.tasks["reverse"].train = 5
    assert saved(path, OLD, changed) == (
        OLD.replace('"Sums"', '"More sums"')
        .replace("# the default, stated\n", "# the default, stated\nvalidation = 0.5\n")
        .replace('"What is {a} + {b}?"', '"{a} and {b}?"')
        .replace('["Reverse {word}"]\n# nothing more', '["Reverse {word}"]\n# nothing more\ntrain = 5')
    )


def test_a_comment_goes_with_the_table_below_it(path: Path) -> None:
    path.write_text(OLD)
    scenario = load(path)
    del scenario.tasks["add"], scenario.examples[1]
    scenario.examples.append(Row(instruction="4 + 4", response="8"))
    after = saved(path, OLD, scenario)

    for gone in ("# about adding", "# by rule", "# plain", "# second row"):
        assert gone not in after
    assert "\n# about reversing\n[tasks.reverse]\n" in after
    assert '\n# third row\n[[examples]]\ninstruction = "3 + 3"' in after
    assert '\n\n[[examples]]\ninstruction = "4 + 4"' in after


def test_a_value_that_becomes_the_default_again_stays_stated(path: Path) -> None:
    after = saved(path, 'title = "x"\nseed = 5  # mine\nbase = "latest"\n', Scenario(title="x"))
    assert after == 'title = "x"\nseed = 0  # mine\nbase = ""\n'


def test_byte_order_mark_and_windows_line_ends_stay(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + OLD.replace("\n", "\r\n").encode())
    save(path, msgspec.structs.replace(load(path), about="two\nlines"))
    after = path.read_bytes()
    assert after.startswith(b"\xef\xbb\xbf#")
    assert after.count(b"\n") == after.count(b"\r\n")
    assert load(path).about == "two\nlines"


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        (Scenario(title=""), "title: ''; expected text that is not empty"),
        (Scenario(title="x", tunings={"a": Tuning(steps=0)}), "tunings.a.steps: 0; expected"),
        (Scenario(title="x", files=[DataFile(path="\ud800")]), "half a character"),
    ],
)
def test_a_wrong_value_is_told_and_the_file_stays(path: Path, scenario: Scenario, expected: str) -> None:
    with pytest.raises(InputError, match=expected):
        saved(path, OLD, scenario)
    assert path.read_text() == OLD


@pytest.mark.parametrize("before", ["title = ", 'titel = "x"\n'])
def test_a_file_that_is_no_scenario_is_not_written_over(path: Path, before: str) -> None:
    with pytest.raises(InputError):
        saved(path, before, Scenario(title="x"))
    assert path.read_text() == before


@pytest.mark.parametrize("name", ["absent/mine.toml", "long" * 200])
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(StorageError):
        save(tmp_path / name, Scenario(title="x"))


def test_on_a_full_disk_the_file_stays(path: Path, fake_disk: FakeDisk) -> None:
    path.write_text(OLD)
    scenario = load(path)
    fake_disk.room = 100
    with pytest.raises(StorageError):
        save(path, msgspec.structs.replace(scenario, seed=5))
    assert path.read_text() == OLD
