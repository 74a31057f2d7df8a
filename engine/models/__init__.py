"""The architectures, one a file, and the one place that knows them all."""

from collections.abc import Sequence

import msgspec
from torch import nn

from engine.architectures import Gru as GruConfig
from engine.architectures import GruClassifier as GruClassifierConfig
from engine.architectures import GruTagger as GruTaggerConfig
from engine.architectures import Model as ModelConfig
from engine.architectures import Transformer as TransformerConfig
from engine.models.gru import Gru
from engine.models.gru_classifier import GruClassifier
from engine.models.gru_tagger import GruTagger
from engine.models.lora import add_lora
from engine.models.transformer import Transformer
from engine.scenario import Lora

LanguageModel = Transformer | Gru
"""Models that continue a sequence; they share `forward` and `new_cache`."""


class ModelSpec(msgspec.Struct, frozen=True):
    """All that decides a model's shape."""

    config: ModelConfig
    vocabulary: int
    labels: tuple[str, ...] = ()
    """A classifier's answers, in the order of its outputs."""
    lora: Lora | None = None


def build(spec: ModelSpec) -> nn.Module:
    """A model with fresh weights, drawn from torch's global generator."""
    model = _build(spec)
    if spec.lora:
        add_lora(model, spec.lora)
    return model


def _build(spec: ModelSpec) -> nn.Module:
    match spec.config:
        case TransformerConfig():
            return Transformer(spec.config, spec.vocabulary)
        case GruConfig():
            return Gru(spec.config, spec.vocabulary)
        case GruTaggerConfig():
            return GruTagger(spec.config, spec.vocabulary)
        case GruClassifierConfig():
            return GruClassifier(spec.config, spec.vocabulary, len(spec.labels))


def labels_of(config: ModelConfig, responses: Sequence[str]) -> tuple[str, ...]:
    """A classifier's labels in order of appearance; other models have none."""
    return tuple(dict.fromkeys(responses)) if isinstance(config, GruClassifierConfig) else ()
