"""The notebook's model for instructions: at each letter that it reads it must emit one letter of the answer.

Embedding, GRU, linear layer; cross-entropy at each position, blanks included. It has to say the first letter of the
answer when it has read only the first letter of the instruction. That is why it cannot work.
"""

from torch import Tensor, nn

from engine.architectures import GruTagger as Config


class GruTagger(nn.Module):
    """See the module's text. `symbols` is the size of its letter code."""

    def __init__(self, config: Config, symbols: int) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(symbols, config.embedding)
        self.gru = nn.GRU(config.embedding, config.hidden, batch_first=True)
        self.output = nn.Linear(config.hidden, symbols)

    def forward(self, tokens_BT: Tensor, *, mark: int = 0, padding_B: Tensor | None = None) -> Tensor:
        """Logits (B, T, symbols) of the answer's letter at each position."""
        logits: Tensor = self.output(self.gru(self.embedding(tokens_BT))[0])
        return logits
