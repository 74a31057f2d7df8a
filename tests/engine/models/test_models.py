import pytest
import torch
from torch import nn

from engine.architectures import Gru, GruClassifier, GruTagger, Model, Transformer
from engine.models import ModelSpec, build, labels_of
from engine.models.gru import Gru as GruModel
from engine.models.gru_classifier import GruClassifier as GruClassifierModel
from engine.models.gru_tagger import GruTagger as GruTaggerModel
from engine.models.transformer import Transformer as TransformerModel


@pytest.mark.parametrize(
    ("config", "kind"),
    [
        (Transformer(), TransformerModel),
        (Gru(), GruModel),
        (GruTagger(), GruTaggerModel),
        (GruClassifier(), GruClassifierModel),
    ],
)
def test_a_config_builds_the_architecture_that_it_names(config: Model, kind: type[nn.Module]) -> None:
    assert type(build(ModelSpec(config, 40, ("yes", "no")))) is kind


def test_a_tagger_gives_a_letter_for_each_letter() -> None:
    assert build(ModelSpec(GruTagger(), 37))(torch.zeros(2, 10, dtype=torch.long)).shape == (2, 10, 37)


def test_a_tagger_has_not_read_what_comes_later() -> None:
    tagger = build(ModelSpec(GruTagger(), 37))
    one, other = tagger(torch.tensor([[1, 2, 3]])), tagger(torch.tensor([[1, 2, 4]]))
    assert torch.equal(one[:, :2], other[:, :2])
    assert not torch.equal(one[:, 2], other[:, 2])


def test_a_classifier_decides_once_after_its_last_word() -> None:
    classifier = build(ModelSpec(GruClassifier(), 9, ("yes", "no", "maybe")))
    one, other = classifier(torch.tensor([[4, 5, 6]])), classifier(torch.tensor([[4, 5, 7]]))
    assert one.shape == (1, 1, 3)
    assert not torch.equal(one, other)


def test_only_a_classifier_has_labels_in_order_of_appearance() -> None:
    responses = ["greeting", "farewell", "greeting"]
    assert labels_of(GruClassifier(), responses) == ("greeting", "farewell")
    assert labels_of(Transformer(), responses) == ()
