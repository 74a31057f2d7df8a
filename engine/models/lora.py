"""LoRA: low-rank adapters beside frozen matrices (Hu et al. 2021, arXiv 2106.09685)."""

from typing import TypeVar

import torch
from torch import Tensor, nn

from engine.scenario import Lora as Config

M = TypeVar("M", bound=nn.Module)


class LoraLinear(nn.Module):
    """A frozen linear layer plus `alpha / rank` times a product of two small matrices, which starts at zero."""

    def __init__(self, linear: nn.Linear, config: Config) -> None:
        super().__init__()
        self.linear = linear
        self.down = nn.Linear(linear.in_features, config.rank, bias=False)
        self.up = nn.Linear(config.rank, linear.out_features, bias=False)
        self.scale = config.alpha / config.rank
        nn.init.normal_(self.down.weight, std=linear.in_features**-0.5)
        nn.init.zeros_(self.up.weight)

    def forward(self, x: Tensor) -> Tensor:
        """What the frozen layer gives, corrected."""
        corrected: Tensor = self.linear(x) + self.scale * self.up(self.down(x))
        return corrected


def add_lora(model: nn.Module, config: Config) -> None:
    """Freeze a model and give linear layers inside it an adapter; only the adapters train. In place.

    `config.layers` are the names of the layers that get one; none given: all.
    """
    model.requires_grad_(False)
    for parent, name, linear in _children(model, nn.Linear):
        if not config.layers or name in config.layers:
            setattr(parent, name, LoraLinear(linear, config))


def adapters(model: nn.Module) -> dict[str, Tensor]:
    """The weights of all adapters, by their names in the model's state."""
    return {
        f"{name}.{part}.weight": getattr(layer, part).weight
        for name, layer in model.named_modules()
        if isinstance(layer, LoraLinear)
        for part in ("down", "up")
    }


@torch.no_grad()
def merge_lora(model: nn.Module) -> None:
    """Add what the adapters have learnt to the layers that they correct; all weights train again. In place."""
    for parent, name, adapted in _children(model, LoraLinear):
        adapted.linear.weight += adapted.scale * adapted.up.weight @ adapted.down.weight
        setattr(parent, name, adapted.linear)
    model.requires_grad_(True)


def _children(model: nn.Module, kind: type[M]) -> list[tuple[nn.Module, str, M]]:
    """The layers of a kind, each with its parent and its name there."""
    return [
        (parent, name, child)
        for parent in model.modules()
        for name, child in parent.named_children()
        if isinstance(child, kind)
    ]
