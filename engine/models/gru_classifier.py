"""The notebook's model for greetings and farewells: the state after the last word chooses a label."""

from torch import Tensor, nn

from engine.architectures import GruClassifier as Config


class GruClassifier(nn.Module):
    """Embedding, GRU, linear layer on the last hidden state. `words` is the vocabulary's size."""

    def __init__(self, config: Config, words: int, labels: int) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(words, config.embedding)
        self.gru = nn.GRU(config.embedding, config.hidden, batch_first=True)
        self.output = nn.Linear(config.hidden, labels)

    def forward(self, tokens_BT: Tensor, *, mark: int = 0, padding_B: Tensor | None = None) -> Tensor:
        """Logits (B, 1, labels)."""
        logits: Tensor = self.output(self.gru(self.embedding(tokens_BT))[1].transpose(0, 1))
        return logits
