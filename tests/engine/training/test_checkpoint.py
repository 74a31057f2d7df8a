"""Checkpoints: what comes back from one, what its folder holds, and the hash of its weights."""

import errno
import json
import shutil
from pathlib import Path

import msgspec
import pytest
import torch

from engine.architectures import GruClassifier, GruTagger, Model, Transformer
from engine.architectures import Tokenizer as TokenizerConfig
from engine.errors import EngineError
from engine.examples import Example
from engine.inference.answer import Answerer
from engine.models.lora import add_lora
from engine.scenario import Lora
from engine.storage import StorageError
from engine.training import checkpoint
from engine.training.checkpoint import Progress, weights_hash
from tests.engine.small import EXAMPLES, GRU, TRANSFORMER, answerer, identical, shaken, trainer, weights
from tests.engine.training.conftest import trained

CPU = torch.device("cpu")
FILES = ["checkpoint.json", "model.safetensors", "trainer.safetensors"]
PROMPTS = [example.instruction for example in EXAMPLES]


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


def test_saving_tells_what_it_wrote(tmp_path: Path) -> None:
    manifest = checkpoint.save(tmp_path / "it", answerer(GRU, [Example("a", "b")]))
    assert manifest == checkpoint.read_manifest(tmp_path / "it")


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
