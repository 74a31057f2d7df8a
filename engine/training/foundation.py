"""What adapters stand on: the base's weights as a tuning begins with them."""

from collections.abc import Callable
from dataclasses import replace

import msgspec

from engine.inference.answer import Answerer, Foundation
from engine.models.lora import add_lora, merge_lora
from engine.scenario import Lora
from engine.training.new_words import place_new_words

FindFoundation = Callable[[Foundation], Answerer]
"""Loads the very base that adapters need."""


def begun_from(base: Answerer) -> Answerer:
    """A base's model, its own adapters merged and new words in their place. Changes the base's model."""
    spec = base.spec
    if spec.lora:
        merge_lora(base.model)
        spec = msgspec.structs.replace(spec, lora=None)
    place_new_words(base)
    return replace(base, spec=spec, foundation=None)


def with_adapters(begun: Answerer, lora: Lora, foundation: Foundation | None) -> Answerer:
    """The same with fresh adapters, which alone train. Changes the model."""
    add_lora(begun.model, lora)
    return replace(begun, spec=msgspec.structs.replace(begun.spec, lora=lora), foundation=foundation)
