"""Ask any model: an instruction in, an answer out, whatever the architecture."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import msgspec
import torch
from torch import Tensor, nn

from engine import memory
from engine.batches import encode
from engine.examples import Example
from engine.inference.generate import GREEDY, Sampling, generate
from engine.models import LanguageModel, ModelSpec
from engine.prompt import Prompter, longest
from engine.protocol import Answer, Token
from engine.reading import NOTHING, Reading
from engine.tokenizer import END

OnToken = Callable[[Token], None]


class Foundation(msgspec.Struct, frozen=True):
    """The base that adapters were made for."""

    name: str
    """As a scenario names it; of a run its id."""
    weights: str
    """SHA-256 of its tensors."""


@dataclass(frozen=True)
class Answerer:
    """A model with all that turns text into its input and its output into text."""

    model: nn.Module
    spec: ModelSpec
    prompter: Prompter
    reading: Reading = NOTHING
    """What it has read so far."""
    foundation: Foundation | None = None
    """Of a model with adapters: what they stand on, where it can be found again."""

    @property
    def device(self) -> torch.device:
        """Where the model's weights are."""
        return next(self.model.parameters()).device

    @memory.explained()
    def answer(
        self,
        instruction: str,
        sampling: Sampling = GREEDY,
        *,
        most: int | None = None,
        runners_up: int = 3,
        on_token: OnToken = lambda token: None,
    ) -> Answer:
        """Answer one instruction.

        Args:
            instruction: what the user typed; the prompt template is put around it.
            sampling: how tokens are chosen. The notebook's models always take the likeliest.
            most: tokens at most; None: as many as the context holds.
            runners_up: how many other tokens to tell at each position.
            on_token: called with each token as soon as it is chosen.

        Raises:
            OutOfMemory: the device has no room for it.
        """
        length = longest(self.spec.config)
        room = length - self.prompter.length(Example(instruction, "")) + 1
        note = ""
        if unknown := self.prompter.unknown(self.prompter.text(instruction)):
            note = f"the model does not know: {unknown}"
        if isinstance(self.model, LanguageModel) and room <= 0:
            return Answer(instruction, "", [], False, f"the prompt is longer than the model's {length} tokens")
        tokens: list[Token] = []
        stopped = not isinstance(self.model, LanguageModel)
        for index, text, probabilities_V in self._tokens(instruction, sampling, length if most is None else most):
            stopped = stopped or index == END
            tokens.append(self._token(index, text, probabilities_V, runners_up))
            on_token(tokens[-1])
        return Answer(instruction, "".join(token.text for token in tokens), tokens, stopped, note)

    @memory.explained()
    def answers(self, instructions: Sequence[str], *, most: int) -> list[list[int]]:
        """The greedy answers to many instructions at once, as token ids up to and including the end token.

        One that does not end is as long as `most`, with PAD where the context was full before. A classifier's answer is
        the number of its label. Where the device has no memory for all, one half is answered after the other.

        Raises:
            OutOfMemory: the device has no room for one of them.
        """
        try:
            return self._answers(instructions, most)
        except RuntimeError as error:
            if not memory.is_full(error) or len(instructions) == 1:
                raise
        half = len(instructions) // 2
        return self.answers(instructions[:half], most=most) + self.answers(instructions[half:], most=most)

    def _answers(self, instructions: Sequence[str], most: int) -> list[list[int]]:
        if not isinstance(self.model, LanguageModel):
            return self._logits(instructions).argmax(-1).tolist()
        prompts = [self.prompter.prompt(instruction) for instruction in instructions]
        columns = [chosen.tokens_B for chosen in generate(self.model, prompts, most=most)]
        rows: list[list[int]] = torch.stack(columns, dim=1).tolist() if columns else [[] for _ in prompts]
        return [row[: row.index(END) + 1] if END in row else row for row in rows]

    def text(self, ids: Sequence[int]) -> str:
        """The text of an answer's token ids."""
        if self.spec.labels:
            return self.spec.labels[ids[0]]
        return self.prompter.tokenizer.decode(ids)

    def _tokens(self, instruction: str, sampling: Sampling, most: int) -> Iterator[tuple[int, str, Tensor]]:
        """Token id, the text that it adds, and the probability of every token in its place."""
        if isinstance(self.model, LanguageModel):
            steps = generate(self.model, [self.prompter.prompt(instruction)], most=most, sampling=sampling)
            choices = ((int(chosen.tokens_B[0]), chosen.probabilities_BV[0]) for chosen in steps)
        else:
            choices = ((int(row_V.argmax()), row_V) for row_V in self._logits([instruction])[0].softmax(-1))
        ids: list[int] = []
        text = ""
        for index, probabilities_V in choices:
            ids.append(index)
            longer = self.text(ids)
            yield index, longer[len(text) :], probabilities_V
            text = longer

    def _token(self, index: int, text: str, probabilities_V: Tensor, runners_up: int) -> Token:
        names = self.spec.labels or self.prompter.tokenizer.vocabulary
        values, indices = probabilities_V.topk(min(runners_up + 1, len(names)))
        others = [(names[i], value) for i, value in zip(indices.tolist(), values.tolist(), strict=True) if i != index]
        return Token(text, probabilities_V[index].item(), others[:runners_up])

    @torch.inference_mode()
    def _logits(self, instructions: Sequence[str]) -> Tensor:
        """(B, A, V) of a model that reads all and answers at once."""
        self.model.eval()
        data = encode(self.spec, self.prompter, [Example(instruction, "") for instruction in instructions])
        logits: Tensor = self.model(data.tokens_NT.to(self.device))
        return logits
