"""Which parameters are trained by which optimizer.

Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/) takes the matrices inside the layers; AdamW takes
embeddings, norms and all else. Both are torch's own.
"""

from torch import nn
from torch.optim import Adam, AdamW, Muon, Optimizer

from engine.scenario import Tuning


def build_optimizers(model: nn.Module, tuning: Tuning) -> list[Optimizer]:
    """The tuning's optimizers over the parameters that require gradients. `base_rate` of a group is its full rate."""
    trainable = {name: weight for name, weight in model.named_parameters() if weight.requires_grad}
    # An adapter's matrices are far from square and start at zero; LoRA is made for Adam.
    muon = tuning.optimizer == "muon" and not tuning.lora
    inner = [weight for name, weight in trainable.items() if muon and weight.ndim == 2 and "layers." in name]
    taken = {id(weight) for weight in inner}
    outer = [weight for weight in trainable.values() if id(weight) not in taken]
    optimizers: list[Optimizer] = []
    if inner:
        optimizers.append(Muon(inner, lr=tuning.muon_learning_rate, weight_decay=tuning.weight_decay))
    if outer:
        kind = Adam if tuning.optimizer == "adam" else AdamW
        optimizers.append(kind(outer, lr=tuning.learning_rate, betas=tuning.betas, weight_decay=tuning.weight_decay))
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["base_rate"] = group["lr"]
    return optimizers
