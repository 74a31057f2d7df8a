import pytest

from engine.architectures import Gru, GruClassifier, GruTagger, Model, Transformer
from engine.examples import Example
from engine.pretraining import tokenizer_of_base
from engine.prompt import PlainPrompter, Prompter, longest, prompter_for
from engine.scenario import Scenario
from engine.tokenizer import ANSWER, END, SPECIAL, UNKNOWN, Characters, Letters, Words, with_words

ABC = Characters([*SPECIAL, *"abc{}"])


def test_a_prompt_ends_with_the_answer_mark_and_a_response_with_the_end_token() -> None:
    prompter = Prompter(ABC)
    assert prompter.prompt("ab") == [4, 5, ANSWER]
    assert prompter.response("c") == [6, END]
    assert prompter.response("") == [END]


def test_the_template_is_put_around_the_instruction() -> None:
    prompter = Prompter(ABC, "a{instruction}a")
    assert prompter.text("b") == "aba"
    assert prompter.prompt("b") == [4, 5, 4, ANSWER]


def test_braces_of_an_instruction_are_only_characters() -> None:
    assert Prompter(ABC, "{instruction}").text("{a}{instruction") == "{a}{instruction"


def test_the_length_of_an_example_counts_template_mark_and_end_token() -> None:
    assert Prompter(ABC, "a{instruction}").length(Example("bc", "a")) == 3 + 1 + 1 + 1


def test_a_capital_letter_at_the_beginning_is_no_other_word() -> None:
    prompter = Prompter(with_words(["reverse", "please", "Upper", "upper"], 0))
    assert prompter.prompt("Reverse Cat") == prompter.prompt("reverse Cat") != prompter.prompt("reverse cat")
    assert prompter.prompt("Upper cat") != prompter.prompt("upper cat"), "it knows this word with its capital"
    assert prompter.prompt("Cat") != prompter.prompt("cat"), "a word that is spelled is spelled as it is"
    assert prompter.prompt("Please Reverse cat") != prompter.prompt("please reverse cat"), "it begins nothing"
    assert prompter.response("Reverse") != prompter.response("reverse"), "an answer is written as it is"
    assert prompter.prompt("") == [ANSWER]


def test_what_a_text_has_that_cannot_be_encoded() -> None:
    assert Prompter(ABC).unknown("a?b!") == "? !"
    assert Prompter(ABC).prompt("?") == [UNKNOWN, ANSWER]


def test_the_notebooks_models_need_room_for_the_longer_one_of_instruction_and_response() -> None:
    tagger = prompter_for(GruTagger(), Letters(), "{instruction}")
    assert tagger.length(Example("cat", "hello")) == 5
    assert tagger.length(Example("hello you", "cat")) == 9
    classifier = prompter_for(GruClassifier(), Words([*SPECIAL, "see", "you"]), "{instruction}")
    assert classifier.length(Example("see you", "a label of many words")) == 2


@pytest.mark.parametrize(
    ("model", "tokens"),
    [(Transformer(context=30), 30), (Gru(context=40), 40), (GruTagger(length=7), 7), (GruClassifier(length=3), 3)],
)
def test_the_longest_example_that_a_model_has_room_for(model: Model, tokens: int) -> None:
    assert longest(model) == tokens


def test_a_base_goes_on_with_a_text_and_no_mark_starts_its_answer() -> None:
    tokens = tokenizer_of_base(Scenario(title="Base"))
    prompter = prompter_for(Transformer(), tokens, "{instruction}", plain=True)
    assert prompter.prompt("flip : ab =") == tokens.encode("flip : ab =")
    assert prompter.response("ba") == [*tokens.encode("ba"), END]


def test_what_a_base_says_ends_where_the_text_ends_or_something_else_begins() -> None:
    prompter = PlainPrompter(tokenizer_of_base(Scenario(title="Base")))
    assert prompter.ends[0] == END
    assert [prompter.tokenizer.decode([index]) for index in prompter.ends[1:]] == [";", ".", ",", "\n"]
