"""What a scenario means where it leaves something out."""

from engine.architectures import Gru, GruClassifier, GruTagger, Tokenizer, Transformer
from engine.scenario import Scenario, Tuning, model_of, tokenizer_of, tunings_of


def test_without_tunings_there_is_one_with_every_default() -> None:
    assert tunings_of(Scenario(title="x")) == {"tuning": Tuning()}
    assert list(tunings_of(Scenario(title="x", tunings={"mine": Tuning()}))) == ["mine"]


def test_a_tuning_trains_its_own_model_or_the_scenarios() -> None:
    scenario = Scenario(title="x", model=Gru())
    assert model_of(scenario, Tuning()) == Gru()
    assert model_of(scenario, Tuning(model=Transformer())) == Transformer()


def test_the_tokenizer_is_the_tunings_the_scenarios_or_the_one_that_suits_the_model() -> None:
    characters, plain = Tokenizer(kind="characters"), Tokenizer(kind="bytes")
    assert tokenizer_of(Scenario(title="x", tokenizer=plain), Tuning(tokenizer=characters)) == characters
    assert tokenizer_of(Scenario(title="x", tokenizer=plain), Tuning()) == plain
    suiting = {
        model: tokenizer_of(Scenario(title="x"), Tuning(model=model())).kind
        for model in (Transformer, Gru, GruTagger, GruClassifier)
    }
    assert suiting == {Transformer: "mixed", Gru: "mixed", GruTagger: "letters", GruClassifier: "words"}
