"""Parts of a model that stay as they are while the rest of it is trained."""

from collections.abc import Sequence

from torch import nn

from engine.errors import InputError, Problem, did_you_mean


def freeze(model: nn.Module, parts: Sequence[str]) -> None:
    """Let the parts of these names train no more. In place.

    Args:
        model: any model.
        parts: names as in `named_parameters`, or beginnings of them up to a dot: `embedding`, `layers.0.attention`.

    Raises:
        InputError: the model has no part of such a name, or nothing is left to train.
    """
    if not parts:
        return
    known = _parts(model)
    if unknown := [part for part in parts if part not in known]:
        top = ", ".join(dict.fromkeys(name.partition(".")[0] for name in known))
        raise InputError(
            Problem(
                key="frozen",
                found=f"the model has no part {part!r}",
                hint=did_you_mean(part, known) or f"its parts are {top}; layers are counted from layers.0",
            )
            for part in unknown
        )
    for part in parts:
        for name, weight in model.named_parameters():
            if f"{name}.".startswith(f"{part}."):
                weight.requires_grad_(False)
    if not any(weight.requires_grad for weight in model.parameters()):
        raise InputError(Problem(key="frozen", found="every part of the model", expected="something left to train"))


def _parts(model: nn.Module) -> list[str]:
    """Names of all weights and of all that holds some, from the outside in."""
    names = [name.split(".") for name, _ in model.named_parameters()]
    found = {".".join(name[:depth]) for name in names for depth in range(1, len(name) + 1)}
    return sorted(found, key=lambda name: (name.count("."), name))
