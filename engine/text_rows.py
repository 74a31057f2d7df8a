"""Plain text as rows of token ids: what a base model reads, each target with the weight of its role in the loss.

Every row begins with a new document and is filled with documents, an end token after each; the last one is cut where
the row is full. Nothing marks where an answer starts.
"""

import random
from collections.abc import Mapping

import torch

from engine.batches import Batch
from engine.tasks.plain_text import PlainText, Role
from engine.tokenizer import END, Mixed

CPU = torch.device("cpu")


class TextRows:
    """Rows of a writer's text, made anew for each step; what a step reads depends on seed and step alone.

    Args:
        text: the writer.
        tokenizer: knows every character of the text.
        weights: of each role's tokens in the loss.
        end: weight of the end token; None: that of the role `end`.
        rows: in a step.
        tokens: targets of a row.
        seed: of all text.
        device: where the batches are wanted.
    """

    def __init__(
        self,
        text: PlainText,
        tokenizer: Mixed,
        weights: Mapping[Role, float],
        *,
        end: float | None = None,
        rows: int,
        tokens: int,
        seed: int,
        device: torch.device = CPU,
    ) -> None:
        self.text, self.tokenizer, self.weights = text, tokenizer, weights
        self.end = weights["end"] if end is None else end
        self.rows, self.tokens, self.seed, self.device = rows, tokens, seed, device
        self._encoded: dict[str, list[int]] = {}
        """Of the parts that come again and again: all but arguments and answers."""

    def batch(self, step: int) -> Batch:
        """The rows of step 0, 1, ..."""
        rng = random.Random(f"{self.seed} text {step}")
        ids: list[int] = []
        weights: list[float] = []
        columns = self.tokens + 1
        for row in range(1, self.rows + 1):
            while len(ids) < row * columns:
                self.add_document(rng, ids, weights)
            del ids[row * columns :], weights[row * columns :]
        ids_BT = torch.tensor(ids, device=self.device).view(self.rows, columns)
        weights_BT = torch.tensor(weights, device=self.device).view(self.rows, columns)
        return Batch(
            tokens_BT=ids_BT[:, :-1],
            targets_BA=ids_BT[:, 1:],
            mark=0,
            padding_B=None,
            tokens=self.rows * self.tokens,
            weights_BA=weights_BT[:, 1:],
        )

    def add_document(self, rng: random.Random, ids: list[int], weights: list[float]) -> None:
        """Append a document's ids, as the tokenizer gives them for its whole text, and their weights; then the end."""
        spelled, space, rest = self.tokenizer.spelled, self.tokenizer.ids[" "], self.weights["rest"]
        after_spelled = False
        for text, role in self.text.document(rng):
            part = self._ids(text, role)
            if after_spelled and part[0] in spelled:
                ids.append(space)
                weights.append(rest)
            ids += part
            weights += [self.weights[role]] * len(part)
            after_spelled = part[-1] in spelled
        ids.append(END)
        weights.append(self.end)

    def _ids(self, text: str, role: Role) -> list[int]:
        if role not in ("argument", "answer"):
            if text not in self._encoded:
                self._encoded[text] = self.tokenizer.encode(text)
            return self._encoded[text]
        if text.isalpha() and text not in self.tokenizer.words:
            return [self.tokenizer.ids[letter] for letter in text]  # the same, several times faster
        return self.tokenizer.encode(text)
