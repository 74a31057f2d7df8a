"""Answers, token by token, with a cache of keys and values.

`generate` works on a whole batch of prompts at once and yields after each token, so that one caller can stream an
answer while another scores thousands. `generate_plainly` reads everything anew for each token: slow, obvious, and what
the tests hold the fast one against.

Shapes: B prompts, T columns, V vocabulary.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.models import LanguageModel
from engine.tokenizer import END, PAD


@dataclass(frozen=True)
class Sampling:
    """How the next token is chosen. Temperature 0 is greedy; `top_k` 0 and `top_p` 1 leave nothing out."""

    temperature: float = 0.0
    top_k: int = 0
    top_p: float = 1.0
    seed: int = 0


GREEDY = Sampling()


@dataclass(frozen=True)
class Chosen:
    """One more token for each prompt. Prompts that have ended get PAD. Probabilities are those before sampling."""

    tokens_B: Tensor
    probabilities_BV: Tensor


@torch.inference_mode()
def generate(
    model: LanguageModel, prompts: Sequence[Sequence[int]], *, most: int, sampling: Sampling = GREEDY
) -> Iterator[Chosen]:
    """Yield the next token of every prompt until all have ended or each has `most` tokens.

    A prompt never gets more tokens than the model's context holds; one that leaves no room gets none.
    """
    model.eval()
    context, device = model.config.context, model.embedding.weight.device
    # A prompt without room is never answered; the part of it that fits keeps its row.
    tokens_BT, padding_B = pad_left([prompt[-context:] for prompt in prompts], device)
    columns = tokens_BT.shape[1]
    mark = columns - 1
    cache = model.new_cache(len(prompts), columns + min(most, context))
    generator = torch.Generator(device).manual_seed(sampling.seed)
    room_B = context - torch.tensor([len(prompt) for prompt in prompts], device=device)
    ended_B = room_B <= 0
    for count in range(1, most + 1):
        if ended_B.all():
            return
        logits_BV = model(tokens_BT, mark=mark, padding_B=padding_B, cache=cache)[:, -1].float()
        chosen_B = torch.where(ended_B, PAD, choose(logits_BV, sampling, generator))
        yield Chosen(chosen_B, logits_BV.softmax(-1))
        ended_B = ended_B | (chosen_B == END) | (room_B <= count)
        tokens_BT = chosen_B[:, None]


@torch.inference_mode()
def generate_plainly(model: LanguageModel, prompt: Sequence[int], *, most: int) -> list[int]:
    """Greedy continuation of one prompt without a cache, the end token included if it came."""
    model.eval()
    answer: list[int] = []
    while len(answer) < most and len(prompt) + len(answer) < model.config.context and END not in answer:
        tokens_BT = torch.tensor([[*prompt, *answer]], device=model.embedding.weight.device)
        answer.append(int(model(tokens_BT, mark=len(prompt) - 1)[0, -1].argmax()))
    return answer


def pad_left(prompts: Sequence[Sequence[int]], device: torch.device) -> tuple[Tensor, Tensor]:
    """Prompts as one tensor (B, T) whose last column is the answer mark, and the padding of each row."""
    columns = max(map(len, prompts))
    padded = [[PAD] * (columns - len(prompt)) + list(prompt) for prompt in prompts]
    return torch.tensor(padded, device=device), torch.tensor([columns - len(p) for p in prompts], device=device)


def choose(logits_BV: Tensor, sampling: Sampling, generator: torch.Generator) -> Tensor:
    """The next token of each row. top-p keeps the fewest tokens that reach that probability (arXiv 1904.09751)."""
    if sampling.temperature <= 0:
        return logits_BV.argmax(-1)
    sorted_BV, order_BV = (logits_BV / sampling.temperature).sort(-1, descending=True)
    probabilities_BV = sorted_BV.softmax(-1)
    dropped_BV = probabilities_BV.cumsum(-1) - probabilities_BV >= sampling.top_p
    if sampling.top_k:
        dropped_BV[:, sampling.top_k :] = True
    dropped_BV[:, 0] = False
    picked = torch.multinomial(probabilities_BV.masked_fill(dropped_BV, 0), 1, generator=generator)
    return order_BV.gather(-1, picked)[:, 0]
