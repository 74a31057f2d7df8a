"""Words that a model has never read: as long as that is so, they mean what an average filler means.

A base knows the words of instructions from the start, but has read few of them, and all that it has learnt about the
others is that they are never right. Before a tuning they are put in the middle of the fillers that the base has read
(the, of, to, ...), and during the tuning those that are still new are held in the middle of the tuning's own fillers.
There they do as little harm as these when they first turn up in a prompt.
"""

from collections.abc import Callable, Collection, Iterable

import torch
from torch import nn

from engine.inference.answer import Answerer
from engine.pretraining import FRAME_WORDS
from engine.prompt import PlainPrompter
from engine.reading import Reading
from engine.tasks.vocabulary import FILLERS
from engine.tokenizer import ANSWER, PAD, Mixed, Tokenizer


@torch.no_grad()
def place_new_words(base: Answerer) -> None:
    """Put what a base has not read where a tuning can begin with it. In place, and always alike for the same base.

    The answer mark becomes as long as a filler and points anywhere: it must not look like something that it knows. What
    was tuned already stays as it is.
    """
    if not isinstance(base.prompter, PlainPrompter):
        return
    embedding, reading = _embedding(base.model), base.reading
    unread, fillers = (
        _unread(base.prompter.tokenizer, reading),
        _fillers(base.prompter.tokenizer, reading.tokens, FRAME_WORDS),
    )
    if embedding is None or not unread or not fillers:
        return
    read_FD = embedding[fillers]
    embedding[unread] = read_FD.mean(0)
    if ANSWER not in reading.tokens:
        generator = torch.Generator().manual_seed(reading.pretraining.seed if reading.pretraining else 0)
        direction = nn.functional.normalize(torch.randn(embedding.shape[1], generator=generator), dim=0)
        embedding[ANSWER] = direction.to(embedding) * read_FD.norm(dim=1).mean()


def hold_new_words(answerer: Answerer, examples: Collection[int]) -> Callable[[], None] | None:
    """What keeps new words in their place: to be called after each step. None where nothing has to be kept.

    Args:
        answerer: the model in training; its reading is what it will have read when it is over.
        examples: tokens of what it is trained on.
    """
    embedding, tokenizer = _embedding(answerer.model), answerer.prompter.tokenizer
    unread = _unread(tokenizer, answerer.reading)
    fillers = _fillers(tokenizer, examples, FILLERS) or _fillers(tokenizer, answerer.reading.tokens, FILLERS)
    if embedding is None or not embedding.requires_grad or not unread or not fillers:
        return None
    kept, between = (torch.tensor(ids, device=embedding.device) for ids in (unread, fillers))

    @torch.no_grad()
    def hold() -> None:
        embedding[kept] = embedding[between].mean(0)

    return hold


def _embedding(model: nn.Module) -> torch.Tensor | None:
    """(V, D) of a language model."""
    return model.embedding.weight if isinstance(model.embedding, nn.Embedding) else None


def _unread(tokenizer: Tokenizer, reading: Reading) -> list[int]:
    """Tokens that are new to a model of which it is known what it has read; the answer mark is a case of its own."""
    return sorted(set(range(len(tokenizer))) - {*reading.tokens, PAD, ANSWER}) if reading.tokens else []


def _fillers(tokenizer: Tokenizer, read: Collection[int], words: Iterable[str]) -> list[int]:
    if not isinstance(tokenizer, Mixed):
        return []
    known = {tokenizer.ids[word] for word in words if word.isalpha() and word in tokenizer.words}
    return sorted(known.intersection(read))
