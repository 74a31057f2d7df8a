"""A GRU language model: it reads the whole prompt and then answers, one token after another (Cho et al. 2014).

Same interface as the transformer. It has no biases, and padding is read as zeros: a zero state that reads zeros stays
zero, so that padding at the left of a prompt changes nothing.

Shapes: B batch, T columns of tokens, A columns of logits, D width, V vocabulary.
"""

from torch import Tensor, nn
from torch.nn import functional as F

from engine.architectures import Gru as Config
from engine.tokenizer import PAD


class State:
    """The hidden state after the columns read so far."""

    def __init__(self) -> None:
        self.hidden: Tensor | None = None
        self.length = 0


class Gru(nn.Module):
    """See the module's text. `vocabulary` is the number of tokens."""

    def __init__(self, config: Config, vocabulary: int) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(vocabulary, config.width)
        self.gru = nn.GRU(config.width, config.width, config.layers, bias=False, batch_first=True)
        nn.init.normal_(self.embedding.weight, std=config.width**-0.5)

    def new_cache(self, rows: int, columns: int) -> State:
        """An empty state for `forward`."""
        return State()

    def forward(
        self, tokens_BT: Tensor, *, mark: int, padding_B: Tensor | None = None, cache: State | None = None
    ) -> Tensor:
        """Logits (B, A, V) of the next token at each column from `mark` on; see `Transformer.forward`."""
        offset = cache.length if cache else 0
        # The pad token has an embedding all the same: the output is tied to it and trains it.
        x_BTD = self.embedding(tokens_BT) * (tokens_BT != PAD)[..., None]
        output_BTD, hidden = self.gru(x_BTD, cache.hidden if cache else None)
        if cache:
            cache.hidden, cache.length = hidden, offset + tokens_BT.shape[1]
        return F.linear(output_BTD[:, max(mark - offset, 0) :], self.embedding.weight)
