import errno
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import EngineError, InputError
from engine.example_sources import DataFile
from engine.examples import Example
from engine.protocol import Warning
from engine.runs import Run, RunInfo
from engine.scenario import Scenario
from engine.storage import StorageError
from engine.workspace import Workspace, path_safe
from tests.engine.disks import FakeDisk, MountedDisk

EXAMPLES = [Example("Add 1 and 2", "3", "add")]
OTHERS = [Example("Reverse abc", "cba", "reverse")]


def info(tuning: str = "tuning", **changes: object) -> RunInfo:
    asked = RunInfo(
        name="sums",
        scenario=Scenario(title="Sums"),
        tuning=tuning,
        steps=10,
        seed=0,
        device="cpu",
        threads=1,
        precision="float32",
    )
    return msgspec.structs.replace(asked, **changes)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


@pytest.fixture
def tossed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The random beginnings of the next ids."""
    beginnings: list[str] = []
    letters = (letter for beginning in iter(lambda: beginnings.pop(0), None) for letter in beginning)
    monkeypatch.setattr("engine.workspace.secrets.choice", lambda _: next(letters))
    return beginnings


# --- making runs ------------------------------------------------------------------------------------------------------


def test_nothing_is_made_before_the_first_run(workspace: Workspace) -> None:
    assert workspace.runs() == []
    assert workspace.damaged() == []
    with pytest.raises(InputError):
        workspace.find("latest")
    assert not workspace.folder.exists()


def test_a_new_run_is_there_with_its_examples(workspace: Workspace) -> None:
    run = workspace.create(info(), EXAMPLES)
    (listed,) = workspace.runs()
    assert listed.info == run.info
    assert listed.state() == "queued"
    assert workspace.examples(listed) == EXAMPLES
    assert names(run.folder) == ["checkpoints", "events.jsonl", "run.json"]


def test_only_the_owner_can_open_the_folders(workspace: Workspace) -> None:
    workspace.create(info(), EXAMPLES)
    for folder in (workspace.folder, workspace.folder / "runs", workspace.folder / "data"):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_workspace_in_a_folder_of_the_user_is_private_too(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    Workspace(tmp_path).create(info(), EXAMPLES)
    assert tmp_path.stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "runs").stat().st_mode & 0o777 == 0o700


def test_an_id_is_four_random_letters_and_the_name_of_the_tuning(workspace: Workspace) -> None:
    run = workspace.create(info("Instruction tune / GRÖBER!"), EXAMPLES)
    assert re.fullmatch(r"[a-z2-7]{4}-instruction-tune-grober", run.id)


def test_no_two_ids_begin_alike(workspace: Workspace, tossed: list[str]) -> None:
    tossed += ["aaaa", "aaaa", "bbbb"]
    assert workspace.create(info("one"), EXAMPLES).id == "aaaa-one"
    assert workspace.create(info("two"), EXAMPLES).id == "bbbb-two"


@given(st.text())
def test_any_name_becomes_part_of_a_path(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", path_safe(name))


def test_nothing_about_the_person_or_the_machine_is_written(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/zaphod")
    monkeypatch.setenv("USER", "zaphod")
    monkeypatch.setattr("socket.gethostname", lambda: "heart-of-gold")
    monkeypatch.setattr("platform.node", lambda: "heart-of-gold")
    scenario = Scenario(
        title="Sums",
        base="/home/zaphod/runs/base",
        files=[
            DataFile(path="/home/zaphod/sums.csv"),
            DataFile(path="~zaphod/more.csv"),
            DataFile(path="data/beside.csv"),
        ],
    )
    run = workspace.create(info(name="/home/zaphod/sums", scenario=scenario), EXAMPLES)
    with run.lock(), run.log() as log:
        log.append(Warning(message="w"))
    written = b"".join(path.read_bytes() for path in workspace.folder.rglob("*") if path.is_file())
    for private in (b"zaphod", b"heart-of-gold", str(workspace.folder).encode()):
        assert private not in written
    assert run.info.name == "sums"
    assert run.info.scenario.base == "base"
    assert [file.path for file in run.info.scenario.files] == ["sums.csv", "more.csv", "data/beside.csv"]


def test_a_full_disk_is_said_and_leaves_no_half_run(small_disk: FakeDisk | MountedDisk) -> None:
    workspace = Workspace(small_disk.folder / "workspace")
    small_disk.fill()
    examples = [Example(str(number), str(number)) for number in range(1000)]
    with pytest.raises(StorageError, match="disk is full") as caught:
        workspace.create(info(), examples)
    assert str(workspace.folder) in str(caught.value)
    assert names(workspace.folder / "runs") == names(workspace.folder / "data") == []
    small_disk.make_room()
    run = workspace.create(info(), examples)
    assert workspace.examples(run) == examples


def test_a_read_only_disk_is_said(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "mkdir", refuse)
    with pytest.raises(StorageError, match=r"cannot be written: its disk is read-only\. Use another folder") as caught:
        workspace.create(info(), EXAMPLES)
    assert str(workspace.folder) in str(caught.value)


def test_a_file_is_no_workspace(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="file: a file; expected a folder"):
        Workspace(tmp_path / "file")


# --- finding runs -----------------------------------------------------------------------------------------------------


@pytest.fixture
def three(workspace: Workspace, tossed: list[str]) -> list[Run]:
    tossed += ["abcd", "abxy", "q7m2"]
    start = datetime(2030, 1, 1, tzinfo=UTC)
    ages = {"first": 0, "second": 2, "third": 1}
    return [workspace.create(info(name, created=start + timedelta(hours=age)), EXAMPLES) for name, age in ages.items()]


def test_runs_are_listed_newest_first(workspace: Workspace, three: list[Run]) -> None:
    assert [run.id for run in workspace.runs()] == ["abxy-second", "q7m2-third", "abcd-first"]


@pytest.mark.parametrize(
    ("text", "found"),
    [("latest", "abxy-second"), ("q", "q7m2-third"), ("abc", "abcd-first"), ("abcd-first", "abcd-first")],
)
def test_a_run_is_found_by_its_id_or_a_unique_beginning_or_as_the_latest(
    workspace: Workspace, three: list[Run], text: str, found: str
) -> None:
    assert workspace.find(text).id == found


def test_the_latest_run_with_a_model_has_a_checkpoint_or_is_at_work(workspace: Workspace, three: list[Run]) -> None:
    assert workspace.find("latest", with_model=True).id == "abxy-second"  # none has one: that is for others to say
    first, second, third = three
    (first.checkpoint_folder / "step-00000001").mkdir()
    assert workspace.find("latest", with_model=True).id == first.id
    with third.lock():
        assert workspace.find("latest", with_model=True).id == third.id
    assert workspace.find(second.id, with_model=True).id == second.id


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ab", "RUN: 'ab' is the beginning of abxy-second, abcd-first; expected the beginning of one id"),
        (
            "q7n2-third",
            "no run 'q7n2-third'; expected an id, the beginning of one, or `latest` (did you mean q7m2-third?)",
        ),
        ("first", "did you mean abcd-first?"),
        ("zzz", "`tunetui runs` lists them"),
        ("", "no run ''"),
        ("../runs/abcd-first", "no run '../runs/abcd-first'"),
    ],
)
def test_what_is_not_one_run_is_said_with_what_may_be_meant(
    workspace: Workspace, three: list[Run], text: str, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        workspace.find(text)
    assert words in str(caught.value)


def test_of_many_candidates_some_are_named(workspace: Workspace, tossed: list[str]) -> None:
    tossed += [f"aaa{letter}" for letter in "abcdefg"]
    for _ in range(7):
        workspace.create(info(), EXAMPLES)
    with pytest.raises(InputError, match=r"aaag-tuning, .* and 2 more; expected"):
        workspace.find("aaa")


def test_without_runs_the_error_says_how_to_make_one(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="there are no runs here yet; `tunetui train SCENARIO` makes one"):
        workspace.find("latest")


# --- damaged runs -----------------------------------------------------------------------------------------------------


def test_a_damaged_run_is_listed_apart_and_can_be_removed(workspace: Workspace, three: list[Run]) -> None:
    (three[0].folder / "run.json").write_bytes(b"{")
    (workspace.folder / "runs" / "holiday photos").mkdir()
    (workspace.folder / "runs" / "a-file").touch()
    assert [run.id for run in workspace.runs()] == ["abxy-second", "q7m2-third"]
    damaged = {run.id: run for run in workspace.damaged()}
    assert sorted(damaged) == ["abcd-first", "holiday photos"]
    assert "run.json is damaged" in damaged["abcd-first"].reason
    with pytest.raises(InputError, match=r"abcd-first cannot be read: .*`tunetui remove abcd-first` removes it"):
        workspace.find("abcd")
    workspace.remove(workspace.find_any("abcd"))
    assert sorted(run.id for run in workspace.damaged()) == ["holiday photos"]


def test_a_run_removed_while_one_looks_is_not_listed(
    workspace: Workspace, three: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Run.open

    def remove_and_open(folder: Path) -> Run:
        workspace.remove(three[0])
        return opened(folder)

    monkeypatch.setattr(
        Run, "open", lambda folder: remove_and_open(folder) if folder == three[0].folder else opened(folder)
    )
    assert workspace.damaged() == []


# --- removing runs ----------------------------------------------------------------------------------------------------


def test_examples_go_with_the_last_run_that_has_them(workspace: Workspace) -> None:
    first, second = workspace.create(info(), EXAMPLES), workspace.create(info(), EXAMPLES)
    other = workspace.create(info(), OTHERS)
    workspace.remove(first)
    assert workspace.examples(second) == EXAMPLES
    workspace.remove(second)
    assert names(workspace.folder / "data") == [f"{other.info.data}.jsonl"]
    assert names(workspace.folder / "runs") == [other.id]


def test_files_that_are_not_ours_stay(tmp_path: Path) -> None:
    mine = tmp_path / "data" / "train.jsonl"
    mine.parent.mkdir()
    mine.touch()
    workspace = Workspace(tmp_path)
    workspace.remove(workspace.create(info(), EXAMPLES))
    assert names(mine.parent) == ["train.jsonl"]


def test_examples_of_a_run_of_a_newer_version_stay(workspace: Workspace) -> None:
    newer, mine = workspace.create(info(), EXAMPLES), workspace.create(info(), EXAMPLES)
    text = (newer.folder / "run.json").read_bytes()
    (newer.folder / "run.json").write_bytes(text.replace(b'"format": 1', b'"format": 99'))
    workspace.remove(mine)
    assert workspace.damaged()
    assert workspace.examples(newer) == EXAMPLES


def test_a_run_that_is_running_cannot_be_removed(workspace: Workspace) -> None:
    run = workspace.create(info(), EXAMPLES)
    with run.lock(), pytest.raises(EngineError, match=r"is running in another process\. End it there"):
        workspace.remove(run)
    assert workspace.examples(workspace.find(run.id)) == EXAMPLES
    workspace.remove(run)
    assert workspace.runs() == []
