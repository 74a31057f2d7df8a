from engine.architectures import GruClassifier, GruTagger, Transformer
from engine.examples import Example
from engine.scenario import Scenario, Tuning
from engine.seen import Reader, reader_of, seen

EXAMPLES = [Example(f"Reverse {word}", word[::-1], "reverse") for word in ("cat", "dog", "sun", "map", "ten", "won")]


def reader(scenario: Scenario, tuning: Tuning | None = None) -> Reader:
    found = reader_of(scenario, tuning or Tuning(), EXAMPLES)
    assert found is not None
    return found


def test_the_response_and_its_end_count_in_the_loss() -> None:
    what = seen(reader(Scenario(title="Words")), EXAMPLES[0])

    assert " ".join(piece.text for piece in what.pieces) == "Reverse c a t ▸ t a c ⏎"
    assert [piece.role for piece in what.pieces] == ["prompt"] * 4 + ["mark"] + ["counts"] * 3 + ["end"]
    assert (what.tokens, what.limit, what.counted) == (9, 64, 4)


def test_what_cannot_be_encoded_is_named() -> None:
    what = seen(reader(Scenario(title="Words")), Example("Reverse 你", "x"))

    assert what.unknown == "你"
    assert [piece.role for piece in what.pieces][1] == "unknown"


def test_a_language_model_cannot_read_more_than_its_context() -> None:
    what = seen(reader(Scenario(title="Words", model=Transformer(context=8))), EXAMPLES[0])

    assert what.too_long
    assert not what.cuts


def test_the_notebook_s_models_cut_what_is_too_long() -> None:
    letters = seen(reader(Scenario(title="Letters", model=GruTagger(length=5))), EXAMPLES[0])
    words = seen(reader(Scenario(title="Words", model=GruClassifier(length=1))), EXAMPLES[0])

    assert [piece.text for piece in letters.pieces if piece.role == "cut"] == list("se cat")
    assert [piece.text for piece in words.pieces if piece.role == "cut"] == ["cat"]
    assert words.counted == 1


def test_a_built_in_base_brings_its_own_tokenizer_and_another_one_is_not_known_yet() -> None:
    known = reader(Scenario(title="Base", base="skills"))

    assert isinstance(known.model, Transformer)
    assert known.model.context == 96
    assert reader_of(Scenario(title="Base", base="some-run"), Tuning(), EXAMPLES) is None
