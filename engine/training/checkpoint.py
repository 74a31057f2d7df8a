"""A checkpoint: one folder with all that is needed to answer, and to train on. Safetensors and JSON, never pickle.

    checkpoint.json      format, model, tokenizer, prompt template, trainer's state, SHA-256 of itself and of the others
    model.safetensors    the weights; of adapters whose base can be found again, the adapters alone
    trainer.safetensors  optimizer and random generator (not in an exported model)

The folder is written under a temporary name and renamed: it is whole or absent. Hashes tell a damaged one.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as dump_tensors
from torch import Tensor, nn

from engine import atomic, tokenizer
from engine.errors import EngineError
from engine.inference.answer import Answerer, Foundation
from engine.models import ModelSpec, build
from engine.models.lora import adapters
from engine.prompt import PlainPrompter, prompter_for
from engine.reading import NOTHING, Reading
from engine.scenario import spelled_out
from engine.training.foundation import FindFoundation, begun_from, with_adapters
from engine.training.trainer import Trainer

FORMAT = 1
CONFIG, WEIGHTS, TRAINER = "checkpoint.json", "model.safetensors", "trainer.safetensors"


class Progress(msgspec.Struct):
    """What a run has used so far, over all its sittings."""

    seconds: float = 0.0
    """Of training steps."""
    tokens: int = 0
    evaluation_seconds: float = 0.0
    evaluated_step: int = -1
    """The last step after which the model was evaluated."""
    reached_goal: bool = False


class Manifest(msgspec.Struct):
    """What `checkpoint.json` holds."""

    format: int
    step: int
    model: ModelSpec
    tokenizer: dict[str, Any]
    prompt_template: str
    weights: str
    """`weights_hash` of the model."""
    trainer: dict[str, Any]
    progress: Progress
    files: dict[str, str]
    """Name -> SHA-256."""
    plain_text: bool = False
    """Whether the model continues text, as a base does, or answers instructions."""
    reading: Reading = NOTHING
    """What the model has read so far."""
    foundation: Foundation | None = None
    """The base of the adapters, which alone are in this checkpoint; None: the whole model is."""


def save(path: Path, answerer: Answerer, trainer: Trainer | None = None, progress: Progress | None = None) -> Manifest:
    """Write a checkpoint folder, replacing one of the same name. Without a trainer it holds the model alone.

    Raises:
        StorageError: it could not be written; nothing is left of it.
    """
    with atomic.folder(path) as folder:
        return write(folder, answerer, trainer, progress)


def write(
    folder: Path,
    answerer: Answerer,
    trainer: Trainer | None = None,
    progress: Progress | None = None,
    *,
    half: bool = False,
) -> Manifest:
    """Write a checkpoint's files into a folder that `atomic.folder` gave; `half` rounds the weights to float16."""
    kept = adapters(answerer.model) if answerer.foundation else answerer.model.state_dict()
    weights = {name: tensor.detach().cpu().contiguous() for name, tensor in kept.items()}
    if half:
        weights = {name: tensor.half() for name, tensor in weights.items()}
    files = {WEIGHTS: dump_tensors(weights)}
    state: dict[str, Any] = {}
    if trainer:
        tensors, state = trainer.state()
        files[TRAINER] = dump_tensors({name: tensor.cpu().contiguous() for name, tensor in tensors.items()})
    manifest = Manifest(
        FORMAT,
        state.get("step", 0),
        answerer.spec,
        answerer.prompter.tokenizer.to_dict(),
        answerer.prompter.template,
        weights_hash(weights),
        state,
        progress or Progress(),
        {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        isinstance(answerer.prompter, PlainPrompter),
        answerer.reading,
        answerer.foundation,
    )
    content = spelled_out(manifest)
    files[CONFIG] = msgspec.json.format(msgspec.json.encode(content | {"sha256": _hash(content)}), indent=1)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return manifest


@dataclass(frozen=True)
class Loaded:
    """A checkpoint that was read and found whole."""

    path: Path
    answerer: Answerer
    manifest: Manifest
    trainer: dict[str, Tensor]
    """The trainer's tensors; empty in a checkpoint without a trainer."""
    name: str = ""
    """How it can be found again as a base; empty where it cannot."""

    @property
    def weights(self) -> str:
        """`weights_hash` of its model."""
        return self.manifest.weights

    def restore(self, trainer: Trainer) -> None:
        """Let a trainer of this very model go on where the checkpoint was taken.

        Raises:
            EngineError: the checkpoint holds no trainer's state.
        """
        if not self.trainer:
            raise EngineError(f"{self.path}: holds weights only, so training cannot go on from it")
        trainer.restore(self.trainer, self.manifest.trainer)


def load(path: Path, device: torch.device, find: FindFoundation | None = None) -> Loaded:
    """Read a checkpoint's model to a device, ready to answer or to train. Torch's global generator stays as it is.

    Args:
        path: the checkpoint's folder.
        device: where the model is wanted.
        find: loads the base of adapters that were saved alone.

    Raises:
        EngineError: it is missing, damaged or of a newer format, or its base is gone; the message says which.
    """
    manifest = read_manifest(path)
    weights = _read_tensors(path, WEIGHTS, manifest)
    trainer = _read_tensors(path, TRAINER, manifest) if TRAINER in manifest.files else {}
    with torch.random.fork_rng(devices=[]):
        model = _frame(path, manifest, find)
    try:
        _, unexpected = model.load_state_dict(weights, strict=not manifest.foundation)
        if unexpected or (manifest.foundation and weights.keys() != adapters(model).keys()):
            raise RuntimeError("names differ")
    except RuntimeError as error:
        raise EngineError(f"{path}: the weights do not fit the model that {CONFIG} describes") from error
    tokens = tokenizer.from_dict(manifest.tokenizer)
    template, plain = manifest.prompt_template, manifest.plain_text
    prompter = prompter_for(manifest.model.config, tokens, template, plain=plain)
    answerer = Answerer(model.to(device), manifest.model, prompter, manifest.reading, manifest.foundation)
    return Loaded(path, answerer, manifest, trainer)


def _frame(path: Path, manifest: Manifest, find: FindFoundation | None) -> nn.Module:
    """The model that the weights are to be put into: fresh, or the base with fresh adapters."""
    foundation, lora = manifest.foundation, manifest.model.lora
    if not foundation or not lora:
        return build(manifest.model)
    if not find:
        raise EngineError(f"{path}: holds adapters alone, and their base {foundation.name} is not at hand")
    return with_adapters(begun_from(find(foundation)), lora, foundation).model


def read_manifest(path: Path) -> Manifest:
    """`checkpoint.json`, checked.

    Raises:
        EngineError: it is missing, damaged or of a newer format.
    """
    try:
        data = (path / CONFIG).read_bytes()
    except OSError as error:
        raise EngineError(f"{path}: there is no checkpoint here ({error.strerror})") from error
    try:
        content = msgspec.json.decode(data, type=dict[str, Any])
        version = content.get("format", 0)
        if version > FORMAT:
            raise EngineError(f"{path}: written by a newer tunetui (format {version}); update tunetui to read it")
        if content.pop("sha256", None) != _hash(content):
            raise ValueError("its hash is not the one written down")
        return msgspec.convert(content, Manifest)
    except (ValueError, TypeError) as error:
        raise EngineError(f"{path}: {CONFIG} is damaged ({error})") from error


def weights_hash(weights: dict[str, Tensor]) -> str:
    """SHA-256 over names, types, shapes and bytes of tensors: the same for the same model, wherever it lies."""
    digest = hashlib.sha256()
    for name, tensor in sorted(weights.items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def _hash(content: dict[str, Any]) -> str:
    """SHA-256 of what `checkpoint.json` says, however it is laid out."""
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()


def _read_tensors(path: Path, name: str, manifest: Manifest) -> dict[str, Tensor]:
    try:
        data = (path / name).read_bytes()
        if hashlib.sha256(data).hexdigest() != manifest.files.get(name):
            damage = "its hash is not the one written down"
            raise EngineError(f"{path}: {name} is damaged ({damage})")
        return load_tensors(data)
    except OSError as error:
        raise EngineError(f"{path}: {name} cannot be read ({error.strerror})") from error
    except SafetensorError as error:
        raise EngineError(f"{path}: {name} is damaged ({error})") from error
