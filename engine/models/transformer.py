"""A decoder-only transformer for short sequences.

Pre-RMSNorm, rotary positions (Su et al. 2021, arXiv 2104.09864), squared ReLU (So et al. 2021, arXiv 2109.08668), tied
embeddings, no biases. Positions count from the mark where the answer starts, so that the end of the prompt and the
answer sit at the same positions in every example, whatever its length; `anchored` positions are learned vectors for
these. Nothing is computed that only columns before the mark would need: the last layer and the logits start there.

Shapes: B batch, T columns of tokens, A columns of logits, D width, H heads, K width of a head, C context, V vocabulary.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.architectures import Transformer as Config

Extend = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]


class View(NamedTuple):
    """What the attention of one layer needs to know of the columns."""

    turn: Tensor | None
    """Rotary angles of the given columns, see `rotation`."""
    mask: Tensor
    """Which columns each may look at, see `attention_mask`."""
    first: int
    """The first of the given columns that is asked for."""


class Cache:
    """Keys and values of the columns read so far, for `rows` sequences of at most `columns` tokens."""

    def __init__(self, model: "Transformer", rows: int, columns: int) -> None:
        weight = model.embedding.weight
        shape = (len(model.layers), 2, rows, model.config.heads, columns, model.config.width // model.config.heads)
        self.layers = torch.empty(shape, dtype=weight.dtype, device=weight.device)
        self.length = 0

    def extend(self, layer: int, key_BHTK: Tensor, value_BHTK: Tensor) -> tuple[Tensor, Tensor]:
        """Add new columns to a layer; returns its keys and values of all columns."""
        end = self.length + key_BHTK.shape[2]
        keys, values = self.layers[layer]
        keys[:, :, self.length : end], values[:, :, self.length : end] = key_BHTK, value_BHTK
        return keys[:, :, :end], values[:, :, :end]


class Attention(nn.Module):
    """Causal self-attention. Queries, keys and values have a matrix each: Muon orthogonalises them apart."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width, bias=False)
        self.output = nn.Linear(width, width, bias=False)

    def forward(self, x_BTD: Tensor, view: View, extend: Extend | None) -> Tensor:
        """What the columns from `view.first` on gather from the columns that they may look at: (B, A, D)."""
        query, key = self._split(self.query(x_BTD[:, view.first :])), self._split(self.key(x_BTD))
        value = self._split(self.value(x_BTD))
        if view.turn is not None:
            query, key = rotate(query, view.turn[:, view.first :]), rotate(key, view.turn)
        if extend:
            key, value = extend(key, value)
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=view.mask[..., view.first :, :])
        gathered: Tensor = self.output(mixed.transpose(1, 2).flatten(2))
        return gathered

    def _split(self, x_BTD: Tensor) -> Tensor:
        """(B, T, D) -> (B, H, T, K)."""
        rows, columns, width = x_BTD.shape
        return x_BTD.view(rows, columns, self.heads, width // self.heads).transpose(1, 2)


class Layer(nn.Module):
    """Attention and a feed-forward network, each added to the stream it reads."""

    def __init__(self, width: int, heads: int, feed_forward: int) -> None:
        super().__init__()
        self.attention_norm = nn.RMSNorm(width)
        self.attention = Attention(width, heads)
        self.feed_forward_norm = nn.RMSNorm(width)
        self.up = nn.Linear(width, feed_forward, bias=False)
        self.down = nn.Linear(feed_forward, width, bias=False)

    def forward(self, x_BTD: Tensor, view: View, extend: Extend | None) -> Tensor:
        """The stream of the columns from `view.first` on."""
        x_BAD = x_BTD[:, view.first :] + self.attention(self.attention_norm(x_BTD), view, extend)
        hidden = F.relu(self.up(self.feed_forward_norm(x_BAD)))
        stream: Tensor = x_BAD + self.down(hidden * hidden)  # h * h: .square() is slower backwards on a CPU
        return stream


class Transformer(nn.Module):
    """See the module's text. `vocabulary` is the number of tokens."""

    def __init__(self, config: Config, vocabulary: int) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(vocabulary, config.width)
        shape = (config.width, config.heads, config.feed_forward or 4 * config.width)
        self.layers = nn.ModuleList(Layer(*shape) for _ in range(config.layers))
        self.norm = nn.RMSNorm(config.width)
        self.anchored = nn.Embedding(2 * config.context, config.width) if "anchored" in config.positions else None
        self.rotary = "rotary" in config.positions
        self.initialise()

    def initialise(self) -> None:
        """Normal weights; what writes to the stream starts at zero, so that every layer starts as the identity."""
        for name, weight in self.named_parameters():
            if "norm" in name:
                continue
            if name.endswith(("output.weight", "down.weight")):
                nn.init.zeros_(weight)
            else:
                nn.init.normal_(
                    weight, std=0.02 if "embedding" in name or "anchored" in name else weight.shape[1] ** -0.5
                )

    def new_cache(self, rows: int, columns: int) -> Cache:
        """An empty cache for `forward`."""
        return Cache(self, rows, columns)

    def forward(
        self, tokens_BT: Tensor, *, mark: int, padding_B: Tensor | None = None, cache: Cache | None = None
    ) -> Tensor:
        """Logits of the next token at each column from `mark` on.

        Args:
            tokens_BT: token ids; without a cache from column 0, with one the columns after those it holds.
            mark: column of the answer mark, the same in all rows.
            padding_B: how many columns at the left of each row are padding; None: none.
            cache: extended by these columns.

        Returns:
            (B, A, V): A counts the given columns that are not before the mark.
        """
        offset = cache.length if cache else 0
        end = offset + tokens_BT.shape[1]
        start = max(mark - offset, 0)
        positions_T = torch.arange(offset - mark, end - mark, device=tokens_BT.device)
        x_BTD = self.embedding(tokens_BT)
        if self.anchored is not None:
            x_BTD = x_BTD + self.anchored(positions_T + self.config.context)
        turn = rotation(positions_T, self.config.width // self.config.heads) if self.rotary else None
        mask = attention_mask(offset, end, padding_B, tokens_BT.device)
        for i, layer in enumerate(self.layers):
            first = start if i == len(self.layers) - 1 else 0
            x_BTD = layer(x_BTD, View(turn, mask, first), partial(cache.extend, i) if cache else None)
        if cache:
            cache.length = end
        return F.linear(self.norm(x_BTD), self.embedding.weight)


def attention_mask(offset: int, end: int, padding_B: Tensor | None, device: torch.device) -> Tensor:
    """(B or 1, 1, end - offset, end): True where a column may look. A padding column looks at itself alone."""
    columns = torch.arange(end, device=device)
    own = columns[offset:, None]
    mask = columns <= own
    if padding_B is None:
        return mask[None, None]
    return ((mask & (columns >= padding_B[:, None, None])) | (columns == own))[:, None]


def rotation(positions_T: Tensor, width: int) -> Tensor:
    """(2, T, width / 2): cosine and sine of the angle of each position and pair of features."""
    rates = 10_000 ** (-torch.arange(0, width, 2, device=positions_T.device) / width)
    angles = positions_T[:, None] * rates
    return torch.stack((angles.cos(), angles.sin()))


def rotate(x_BHTK: Tensor, turn: Tensor) -> Tensor:
    """Turn each pair of features (i, i + K / 2) by its angle."""
    cosine, sine = turn.to(x_BHTK.dtype)
    a, b = x_BHTK.chunk(2, dim=-1)
    return torch.cat((a * cosine - b * sine, a * sine + b * cosine), dim=-1)
