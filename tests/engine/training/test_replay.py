import pytest
import torch

from engine.architectures import Transformer
from engine.errors import InputError
from engine.inference.answer import Answerer
from engine.models import ModelSpec, build
from engine.pretraining import tokenizer_of_base
from engine.prompt import Prompter
from engine.reading import NOTHING, Reading
from engine.scenario import Pretraining, Scenario, Tuning
from engine.tokenizer import END
from engine.training.replay import replay, replayed_rows
from tests.engine.small import ROTARY

TOKENS = tokenizer_of_base(Scenario(title="Base"))
READ = Reading(Pretraining(rules=["reverse", "add"]), (1,))


def answerer(reading: Reading, config: Transformer = ROTARY) -> Answerer:
    spec = ModelSpec(config, len(TOKENS))
    return Answerer(build(spec), spec, Prompter(TOKENS), reading)


@pytest.mark.parametrize(
    ("batch_size", "share", "rows"), [(64, 0.0, 0), (48, 1 / 3, 16), (4, 0.01, 1), (4, 0.99, 3), (2, 0.5, 1)]
)
def test_some_rows_are_text_and_some_are_examples(batch_size: int, share: float, rows: int) -> None:
    assert replayed_rows(Tuning(batch_size=batch_size, replay=share)) == rows


def test_what_is_replayed_is_about_the_rules_that_the_base_has_read() -> None:
    batch = replay(answerer(READ), Tuning(batch_size=40, replay=0.5), 0, torch.device("cpu")).batch(0)
    text = " ".join(TOKENS.decode(row) for row in batch.tokens_BT.tolist())
    assert batch.tokens_BT.shape == (20, 24)
    assert any(name in text for name in ("reverse", "flip", "mirror"))
    assert not any(name in text.split() for name in ("upper", "larger", "swap"))


def test_only_answers_names_and_the_end_count() -> None:
    batch = replay(answerer(READ), Tuning(batch_size=40, replay=0.5), 0, torch.device("cpu")).batch(0)
    assert batch.weights_BA is not None
    assert set(batch.weights_BA[batch.targets_BA == END].tolist()) == {0.5}
    separators = torch.isin(batch.targets_BA, torch.tensor([TOKENS.encode(mark)[0] for mark in ";,"]))
    assert set(batch.weights_BA[separators].tolist()) == {0.0}
    names = torch.isin(batch.targets_BA, torch.tensor([TOKENS.encode(name)[0] for name in ("reverse", "flip")]))
    assert batch.weights_BA[names].tolist() == pytest.approx([0.3] * int(names.sum()))


def test_without_a_base_of_plain_text_there_is_nothing_to_replay() -> None:
    with pytest.raises(InputError, match="no plain text that could be replayed"):
        replay(answerer(NOTHING), Tuning(replay=0.5), 0, torch.device("cpu"))
