import errno
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

from engine.architectures import GruClassifier, GruTagger, Model, Transformer
from engine.architectures import Tokenizer as TokenizerConfig
from engine.errors import EngineError
from engine.examples import Example
from engine.inference.answer import Answerer
from engine.models.lora import add_lora
from engine.scenario import Lora
from engine.storage import StorageError
from engine.training import checkpoint
from engine.training.checkpoint import Loaded, Progress, weights_hash
from engine.training.trainer import Trainer
from tests.engine.small import EXAMPLES, GRU, TRANSFORMER, answerer, identical, shaken, trainer, weights

CPU = torch.device("cpu")
FILES = ["checkpoint.json", "model.safetensors", "trainer.safetensors"]
PROMPTS = [example.instruction for example in EXAMPLES]


def trained(steps: int = 2, seed: int = 0) -> tuple[Answerer, Trainer]:
    model = answerer(template="> {instruction}", seed=seed)
    training = trainer(model, optimizer="muon")
    for _ in range(steps):
        training.train_step()
    return model, training


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint with a trainer."""
    path = tmp_path_factory.mktemp("checkpoints") / "step-2"
    checkpoint.save(path, *trained(), Progress(seconds=1.5, tokens=40, evaluated_step=2))
    return path


@pytest.fixture
def copied(saved: Path, tmp_path: Path) -> Path:
    """One to be damaged."""
    return Path(shutil.copytree(saved, tmp_path / "copied"))


# --- there and back ---------------------------------------------------------------------------------------------------


def test_a_loaded_model_has_the_same_weights_and_gives_the_same_answers(saved: Path) -> None:
    model, loaded = trained()[0], checkpoint.load(saved, CPU).answerer
    assert identical(weights(loaded.model), weights(model.model))
    assert loaded.answers(PROMPTS, most=6) == model.answers(PROMPTS, most=6)
    assert loaded.answer("1+2") == model.answer("1+2")


def test_everything_beside_the_weights_comes_back_too(saved: Path) -> None:
    model, training = trained()
    loaded = checkpoint.load(saved, CPU)
    assert loaded.answerer.spec == model.spec
    assert loaded.answerer.prompter.template == "> {instruction}"
    assert loaded.answerer.prompter.tokenizer.to_dict() == model.prompter.tokenizer.to_dict()
    assert loaded.manifest.step == 2
    assert loaded.manifest.progress == Progress(seconds=1.5, tokens=40, evaluated_step=2)
    assert loaded.weights == weights_hash(model.model.state_dict())
    assert identical(loaded.trainer, training.state()[0] | {"random": loaded.trainer["random"]})


def test_training_goes_on_where_the_checkpoint_was_taken(saved: Path) -> None:
    model, training = trained(steps=5)
    loaded = checkpoint.load(saved, CPU)
    resumed = trainer(loaded.answerer, optimizer="muon")
    loaded.restore(resumed)
    for _ in range(3):
        resumed.train_step()
    assert resumed.step == training.step
    assert identical(weights(loaded.answerer.model), weights(model.model))


@pytest.mark.parametrize(
    ("config", "tokenizer"),
    [
        (TRANSFORMER, TokenizerConfig()),
        (TRANSFORMER, TokenizerConfig(kind="bytes")),
        (GRU, TokenizerConfig(kind="words")),
        (GruTagger(), None),
        (GruClassifier(), None),
    ],
)
def test_every_kind_of_model_and_tokenizer_comes_back(
    config: Model, tokenizer: TokenizerConfig | None, tmp_path: Path
) -> None:
    model = answerer(config, tokenizer=tokenizer)
    shaken(model.model, seed=1)
    checkpoint.save(tmp_path / "it", model)
    loaded = checkpoint.load(tmp_path / "it", CPU).answerer
    assert [loaded.answer(prompt) for prompt in PROMPTS] == [model.answer(prompt) for prompt in PROMPTS]


def test_adapters_come_back_as_adapters(tmp_path: Path) -> None:
    model = answerer()
    add_lora(model.model, Lora(rank=2))
    shaken(model.model, seed=1)
    spec = msgspec.structs.replace(model.spec, lora=Lora(rank=2))
    checkpoint.save(tmp_path / "it", Answerer(model.model, spec, model.prompter))
    loaded = checkpoint.load(tmp_path / "it", CPU).answerer
    assert identical(weights(loaded.model), weights(model.model))
    frozen = [name for name, weight in loaded.model.named_parameters() if not weight.requires_grad]
    assert frozen == [name for name, weight in model.model.named_parameters() if not weight.requires_grad]


def test_a_model_alone_can_be_saved_but_training_cannot_go_on_from_it(tmp_path: Path) -> None:
    model, training = trained()
    checkpoint.save(tmp_path / "it", model)
    assert sorted(path.name for path in (tmp_path / "it").iterdir()) == FILES[:2]
    with pytest.raises(EngineError, match="weights only"):
        checkpoint.load(tmp_path / "it", CPU).restore(training)


def test_loading_leaves_torchs_own_generator_alone(saved: Path) -> None:
    before = torch.get_rng_state()
    checkpoint.load(saved, CPU)
    assert torch.equal(torch.get_rng_state(), before)


# --- the folder -------------------------------------------------------------------------------------------------------


def test_there_is_nothing_but_json_and_safetensors(saved: Path) -> None:
    assert sorted(path.name for path in saved.iterdir()) == FILES
    assert json.loads((saved / "checkpoint.json").read_text())["format"] == 1
    for name in FILES[1:]:
        data = (saved / name).read_bytes()
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        assert all(set(entry) == {"dtype", "shape", "data_offsets"} for entry in header.values())


def test_defaults_of_the_model_are_written_out(tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "it", answerer(Transformer()))
    model = json.loads((tmp_path / "it" / "checkpoint.json").read_text())["model"]
    assert model["config"] == {
        "architecture": "transformer",
        "width": 48,
        "layers": 2,
        "heads": 4,
        "feed_forward": None,
        "context": 64,
        "positions": "anchored",
    }
    assert model["lora"] is None


def test_one_of_the_same_name_is_replaced(copied: Path) -> None:
    model, training = trained(steps=4)
    checkpoint.save(copied, model, training)
    assert checkpoint.load(copied, CPU).manifest.step == 4
    assert [path.name for path in copied.parent.iterdir()] == ["copied"]


@pytest.mark.parametrize("written", [0, 1, 2])
@pytest.mark.parametrize("is_there", [False, True])
def test_a_write_that_fails_midway_leaves_what_was_there_before(
    written: int, is_there: bool, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_there:
        shutil.rmtree(copied)
    before = {path.name: path.read_bytes() for path in copied.iterdir()} if is_there else {}
    writes = iter(range(written))
    write = Path.write_bytes

    def fill_the_disk(path: Path, data: bytes) -> int:
        if next(writes, None) is None:
            write(path, data[: len(data) // 2])
            raise OSError(errno.ENOSPC, "no space left")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", fill_the_disk)
    with pytest.raises(StorageError, match="disk is full"):
        checkpoint.save(copied, *trained(steps=1))
    assert [path.name for path in copied.parent.iterdir()] == (["copied"] if is_there else [])
    assert {path.name: path.read_bytes() for path in copied.glob("*")} == before


# --- damage -----------------------------------------------------------------------------------------------------------


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


# --- the hash of weights ----------------------------------------------------------------------------------------------


def test_the_hash_is_about_names_types_shapes_and_numbers_and_not_their_order() -> None:
    a, b = torch.tensor([1.0, 2.0]), torch.tensor([[3]])
    hashes = [
        weights_hash(tensors)
        for tensors in (
            {"a": a, "b": b},
            {"c": a, "b": b},
            {"a": a[:, None], "b": b},
            {"a": a.double(), "b": b},
            {"a": -a, "b": b},
            {"a": a},
        )
    ]
    assert len(set(hashes)) == len(hashes)
    assert weights_hash({"b": b, "a": a.clone()}) == hashes[0]


def test_saving_tells_what_it_wrote(tmp_path: Path) -> None:
    manifest = checkpoint.save(tmp_path / "it", answerer(GRU, [Example("a", "b")]))
    assert manifest == checkpoint.read_manifest(tmp_path / "it")
