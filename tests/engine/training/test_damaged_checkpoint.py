"""Whatever damages a checkpoint, it is noticed or harmless."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.architectures import Transformer
from engine.errors import EngineError
from engine.inference.answer import Answerer
from engine.training import checkpoint
from engine.training.checkpoint import Loaded
from tests.engine.small import answerer, identical, weights
from tests.engine.training.conftest import trained

CPU = torch.device("cpu")
FILES = ["checkpoint.json", "model.safetensors", "trainer.safetensors"]


def same(one: Loaded, other: Loaded) -> bool:
    return (
        one.manifest == other.manifest
        and identical(weights(one.answerer.model), weights(other.answerer.model))
        and identical(one.trainer, other.trainer)
    )


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """A file with one byte changed, cut at one place, or with something in it that does not belong there."""
    place = draw(st.integers(0, len(data) - 1))
    match draw(st.sampled_from(["flip", "cut", "insert"])):
        case "flip":
            return data[:place] + bytes([data[place] ^ draw(st.integers(1, 255))]) + data[place + 1 :]
        case "cut":
            return data[:place]
        case _:
            return data[:place] + draw(st.binary(min_size=1, max_size=3)) + data[place:]


@pytest.fixture(scope="module")
def room(saved: Path) -> Iterator[Path]:
    """A copy for a test that damages it again and again."""
    with TemporaryDirectory(dir=saved.parent) as folder:
        yield Path(shutil.copytree(saved, Path(folder) / "it"))


@pytest.mark.parametrize("name", FILES)
@given(data=st.data())
def test_any_damage_anywhere_is_noticed_or_harmless(name: str, saved: Path, room: Path, data: st.DataObject) -> None:
    whole = (saved / name).read_bytes()
    (room / name).write_bytes(data.draw(damaged(whole)))
    try:
        loaded = checkpoint.load(room, CPU)
    except EngineError as error:
        assert str(room) in str(error)
        assert name in str(error) or "newer" in str(error)
    else:
        assert same(loaded, checkpoint.load(saved, CPU))
    finally:
        (room / name).write_bytes(whole)


@pytest.mark.parametrize(
    "change",
    [
        {"step": 3},
        {"prompt_template": "< {instruction}"},
        {"weights": "0" * 64},
        {"trainer": {"step": 2, "decay_from": 1}},
        {"tokenizer": {"kind": "letters", "vocabulary": []}},
        {"sha256": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_is_said_otherwise_in_the_description_is_noticed(change: dict[str, Any], copied: Path) -> None:
    content = json.loads((copied / "checkpoint.json").read_text())
    (copied / "checkpoint.json").write_text(json.dumps(content | change))
    with pytest.raises(EngineError, match=r"checkpoint\.json is damaged"):
        checkpoint.load(copied, CPU)


def test_another_layout_of_the_same_description_is_harmless(copied: Path, saved: Path) -> None:
    content = json.loads((copied / "checkpoint.json").read_text())
    (copied / "checkpoint.json").write_text(json.dumps(content))
    assert same(checkpoint.load(copied, CPU), checkpoint.load(saved, CPU))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [None, b"", b"{}", b"null", b"[]", b"\xff\xfe\x00"])
def test_a_file_that_is_missing_or_something_else_is_an_error_that_names_the_checkpoint(
    name: str, content: bytes | None, copied: Path
) -> None:
    (copied / name).unlink()
    if content is not None:
        (copied / name).write_bytes(content)
    with pytest.raises(EngineError, match=str(copied)):
        checkpoint.load(copied, CPU)


def test_a_file_of_another_checkpoint_does_not_fit(copied: Path, tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "other", *trained(steps=3))
    shutil.copy(tmp_path / "other" / "model.safetensors", copied)
    with pytest.raises(EngineError, match=r"model\.safetensors is damaged"):
        checkpoint.load(copied, CPU)


@pytest.mark.parametrize("name", ["nothing", "a file"])
def test_what_is_no_folder_is_no_checkpoint(name: str, tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    with pytest.raises(EngineError, match="there is no checkpoint here"):
        checkpoint.load(tmp_path / name, CPU)


def test_weights_of_another_shape_than_the_described_model_are_an_error(tmp_path: Path) -> None:
    model = answerer()
    wider = msgspec.structs.replace(model.spec, config=Transformer(width=32, heads=2))
    checkpoint.save(tmp_path / "it", Answerer(model.model, wider, model.prompter))
    with pytest.raises(EngineError, match="do not fit"):
        checkpoint.load(tmp_path / "it", CPU)


def test_a_newer_format_is_refused_whatever_else_it_holds(copied: Path) -> None:
    (copied / "checkpoint.json").write_text('{"format": 2, "weights": "elsewhere"}')
    with pytest.raises(EngineError, match="newer tunetui"):
        checkpoint.load(copied, CPU)
