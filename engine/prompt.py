"""How an example becomes token ids: the prompt template, the mark that starts the answer, the end token."""

from dataclasses import dataclass

from engine.architectures import GruClassifier, GruTagger, Model
from engine.examples import Example
from engine.tasks.plain_text import SEPARATORS
from engine.tokenizer import ANSWER, END, Letters, Tokenizer


@dataclass(frozen=True)
class Prompter:
    """A tokenizer and the template that an instruction is put into."""

    tokenizer: Tokenizer
    template: str = "{instruction}"

    @property
    def ends(self) -> list[int]:
        """Token ids that say that an answer is complete."""
        return [END]

    def text(self, instruction: str) -> str:
        """The prompt as text."""
        return self.template.replace("{instruction}", instruction)

    def prompt(self, instruction: str) -> list[int]:
        """Token ids of the prompt, the answer mark last."""
        return [*self.tokenizer.encode(self.tokenizer.as_sentence(self.text(instruction))), ANSWER]

    def response(self, response: str) -> list[int]:
        """Token ids of the response, the end token last."""
        return [*self.tokenizer.encode(response), END]

    def length(self, example: Example) -> int:
        """Tokens that a language model needs for the example, both marks included."""
        return len(self.prompt(example.instruction)) + len(self.response(example.response))

    def unknown(self, text: str) -> str:
        """What of a text cannot be encoded; empty if all can."""
        return self.tokenizer.unknown(text)


class SideBySide(Prompter):
    """For the notebook's models: instruction and response do not share a sequence, and no mark is added."""

    def length(self, example: Example) -> int:
        """The longer one of instruction and response counts; a classifier's label is one symbol."""
        lengths = [len(self.tokenizer.pieces(self.text(example.instruction)))]
        if isinstance(self.tokenizer, Letters):
            lengths.append(len(self.tokenizer.pieces(example.response)))
        return max(lengths)


class PlainPrompter(Prompter):
    """For a base: an instruction is the beginning of a text, to be continued. No mark starts the answer.

    Where a text goes on after an answer, a separator stands between the two; so that ends an answer, too.
    """

    @property
    def ends(self) -> list[int]:
        """The end token, and the separators of `engine.tasks.plain_text`."""
        return [END, *(index for mark in SEPARATORS for index in self.tokenizer.encode(mark))]

    def prompt(self, instruction: str) -> list[int]:
        """Token ids of the text alone."""
        return self.tokenizer.encode(self.text(instruction))


def prompter_for(model: Model, tokenizer: Tokenizer, template: str, *, plain: bool = False) -> Prompter:
    """The prompter that a model of this architecture needs; `plain`: to continue text, as a base does."""
    if plain:
        return PlainPrompter(tokenizer, template)
    side_by_side = isinstance(model, GruTagger | GruClassifier)
    return (SideBySide if side_by_side else Prompter)(tokenizer, template)


def longest(model: Model) -> int:
    """Tokens that an example may have for this model, as `Prompter.length` counts them."""
    return model.length if isinstance(model, GruTagger | GruClassifier) else model.context
