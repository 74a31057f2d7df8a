import torch

from engine.models.gru import Gru
from engine.tokenizer import ANSWER, PAD
from tests.engine.small import GRU, VOCABULARY, answerer, language_model, trainer


@torch.inference_mode()
def test_the_logits_are_those_of_a_gru_written_out() -> None:
    model = language_model(GRU, seed=2)
    assert isinstance(model, Gru)
    tokens = [4, 5, ANSWER, 6]
    states = [torch.zeros(16), torch.zeros(16)]
    expected = []
    for token in tokens:
        x = model.embedding.weight[token]
        for layer in (0, 1):
            reads = [
                getattr(model.gru, f"weight_ih_l{layer}") @ x,
                getattr(model.gru, f"weight_hh_l{layer}") @ states[layer],
            ]
            (reset, update, new), (old_reset, old_update, old) = (read.chunk(3) for read in reads)
            kept = torch.sigmoid(update + old_update)
            candidate = torch.tanh(new + torch.sigmoid(reset + old_reset) * old)
            x = states[layer] = (1 - kept) * candidate + kept * states[layer]
        expected.append(model.embedding.weight @ x)
    logits = model(torch.tensor([tokens]), mark=2)[0]
    assert torch.allclose(logits, torch.stack(expected)[2:], rtol=1e-4, atol=1e-5)


def test_padding_changes_nothing_even_where_training_gave_the_pad_token_a_vector() -> None:
    model = answerer(GRU)
    for _ in trainer(model, steps=3):
        pass
    gru = model.model
    assert isinstance(gru, Gru)
    assert gru.embedding.weight[PAD].any()
    with torch.inference_mode():
        alone = gru(torch.tensor([[5, ANSWER]]), mark=1)
        padded = gru(torch.tensor([[PAD, PAD, PAD, 5, ANSWER]]), mark=4, padding_B=torch.tensor([3]))
    assert torch.allclose(alone, padded, atol=1e-6)


def test_the_vocabulary_is_embedded_once() -> None:
    model = Gru(GRU, VOCABULARY)
    assert [name for name, weight in model.named_parameters() if VOCABULARY in weight.shape] == ["embedding.weight"]
