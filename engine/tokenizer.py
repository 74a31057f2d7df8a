"""Text to token ids and back. Pure Python: checking a dataset needs no torch.

Five ways, one class each: `characters`, `bytes`, `words`, `mixed` (frequent words are one token, the rest is spelled,
digits may carry their place) and `letters` (the notebook's 37 symbols). All are lossless on text they know, except
`words` (lower case, white space folded) and `letters` (lower case, what it does not know becomes a blank).

The first four share the special tokens: pad 0, the mark that starts an answer 1, the end token 2, unknown 3.
"""

import codecs
import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, ClassVar

import msgspec

from engine.architectures import Tokenizer as TokenizerConfig
from engine.errors import EngineError
from engine.examples import Example

PAD, ANSWER, END, UNKNOWN = range(4)
SPECIAL = ["<pad>", "<answer>", "<end>", "<unknown>"]
PRINTABLE = ["\n", *map(chr, range(32, 127))]


class Tokenizer:
    """A vocabulary and the way to use it. `vocabulary[id]` is a token's name as shown to people."""

    kind: ClassVar[str]

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self.vocabulary = list(vocabulary)
        self.ids = {token: index for index, token in enumerate(self.vocabulary)}

    def __len__(self) -> int:
        return len(self.vocabulary)

    def encode(self, text: str) -> list[int]:
        """Token ids of `text`, without special tokens; what cannot be encoded becomes the unknown token."""
        return [self.ids.get(piece, UNKNOWN) for piece in self.pieces(text)]

    def decode(self, ids: Iterable[int]) -> str:
        """The text of `ids`; special tokens add nothing."""
        return "".join(self.vocabulary[index] for index in ids if index > UNKNOWN)

    def unknown(self, text: str) -> str:
        """The pieces of `text` that cannot be encoded, each once, joined by blanks; empty if there are none."""
        return " ".join(dict.fromkeys(piece for piece in self.pieces(text) if piece not in self.ids))

    def as_sentence(self, text: str) -> str:
        """`text` as it is read where it begins a sentence; a tokenizer that knows words may undo a capital letter."""
        return text

    def pieces(self, text: str) -> list[str]:
        """`text` cut into names of tokens, known or not."""
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        """What `from_dict` needs to build the same tokenizer; plain JSON."""
        return {"kind": self.kind, "vocabulary": self.vocabulary}


class Characters(Tokenizer):
    """One token a character: printable ASCII and whatever else the examples hold."""

    kind = "characters"

    def pieces(self, text: str) -> list[str]:
        return list(text)


class Bytes(Tokenizer):
    """One token a byte of UTF-8: nothing is unknown to it."""

    kind = "bytes"

    def __init__(self, vocabulary: Sequence[str] = ()) -> None:
        super().__init__(vocabulary or SPECIAL + [f"{byte:02x}" for byte in range(256)])

    def pieces(self, text: str) -> list[str]:
        return [f"{byte:02x}" for byte in text.encode("utf-8", "surrogatepass")]

    def decode(self, ids: Iterable[int]) -> str:
        """The text of `ids`; a character that is not complete yet adds nothing, so that an answer can be streamed."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        return decoder.decode(bytes(index - len(SPECIAL) for index in ids if index > UNKNOWN))


class Words(Tokenizer):
    """One token a word, lower-cased, in order of appearance; words are what white space separates."""

    kind = "words"

    def __init__(self, vocabulary: Sequence[str]) -> None:
        super().__init__(vocabulary)
        # A word may look like a special token; nothing that is typed is one.
        self.ids = {word: index for word, index in self.ids.items() if index > UNKNOWN}

    def pieces(self, text: str) -> list[str]:
        return text.lower().split()

    def decode(self, ids: Iterable[int]) -> str:
        return " ".join(self.vocabulary[index] for index in ids if index > UNKNOWN)


class Letters(Tokenizer):
    """The notebook's code: a-z and 0-9 are 1 to 36; blank, pad and unknown share 0. There is no end token."""

    kind = "letters"

    def __init__(self, vocabulary: Sequence[str] = ()) -> None:
        super().__init__(vocabulary or [" ", *string.ascii_lowercase, *string.digits])

    def pieces(self, text: str) -> list[str]:
        return list(text.lower())

    def encode(self, text: str) -> list[int]:
        return [self.ids.get(piece, 0) for piece in self.pieces(text)]

    def decode(self, ids: Iterable[int]) -> str:
        return "".join(self.vocabulary[index] for index in ids).strip()


class Mixed(Tokenizer):
    """Known words are one token and imply a single space to each side; all else is spelled.

    `Reverse cat` is `Reverse` `c` `a` `t`. Where a word touches its neighbour without a space, a join token says so,
    and a word next to two spaces in a row is spelled: every text of known characters comes back exactly as it was.

    Marks such as `->` can be known words, too, where they stand alone; their tokens are named with the spaces: ` -> `.

    With `places` above 0 a digit's token says its place within its number, counted from the right: `34` is `3₁` `4₀`.
    Units meet units whatever the length of the numbers; such positions are what makes small transformers add
    (McLeish et al. 2024, arXiv 2405.17399).
    """

    kind = "mixed"
    JOIN = "<join>"
    PART = r"[^\W\d_]+|[0-9]+|."

    def __init__(self, vocabulary: Sequence[str], places: int = 0) -> None:
        super().__init__(vocabulary)
        self.places = places
        marks = [token[1:-1] for token in self.vocabulary if len(token) > 2 and token[0] == token[-1] == " "]
        self.words = {token: token for token in self.vocabulary if len(token) > 1 and token.isalpha()}
        self.words |= {mark: f" {mark} " for mark in marks}
        self.spaced = set(self.words.values())
        self.spelled = {index for token, index in self.ids.items() if token not in self.spaced}
        standing = [rf"(?<![^ ]){re.escape(mark)}(?![^ ])" for mark in marks if len(mark) > 1]
        self.part = re.compile("|".join([*standing, self.PART]), re.DOTALL)

    @staticmethod
    def digit(digit: str, place: int, places: int) -> str:
        """The name of a digit's token: `3₁` is a three at the tens; the last place stands for all beyond."""
        return digit + chr(ord("₀") + min(place, places - 1)) if places else digit

    def as_sentence(self, text: str) -> str:
        """A sentence may begin with a capital: `Reverse cat` is read as `reverse cat` where only `reverse` is known."""
        first = self.part.match(text)
        word = first[0] if first else ""
        lower = word[:1].lower() + word[1:]
        return lower + text[len(word) :] if word not in self.words and lower in self.words else text

    def pieces(self, text: str) -> list[str]:
        parts = self.part.findall(text)
        words = [self._word(parts, i) for i in range(len(parts))]
        result: list[str] = []
        previous = ""
        apart = False
        for i, part in enumerate(parts):
            if part == " " and 0 < i < len(parts) - 1 and (words[i - 1] or words[i + 1]):
                apart = True
                continue
            if i and (previous or words[i]) and not apart:
                result.append(self.JOIN)
            result.extend([words[i]] if words[i] else self._spell(part))
            previous, apart = words[i], False
        return result

    def _word(self, parts: list[str], i: int) -> str:
        """The token of a part that is a known word; empty where it is to be spelled."""
        name = self.words.get(parts[i], "")
        before, after = parts[max(i - 2, 0) : i], parts[i + 1 : i + 3]
        if not name or [" ", " "] in (before, after):
            return ""
        touches = name != parts[i] and (before[-1:] not in ([], [" "]) or after[:1] not in ([], [" "]))
        return "" if touches else name

    def _spell(self, part: str) -> list[str]:
        if part[0] in string.digits:
            return [
                self.digit(digit, place, self.places) for digit, place in zip(part, range(len(part))[::-1], strict=True)
            ]
        return list(part)

    def decode(self, ids: Iterable[int]) -> str:
        text, previous = "", ""
        for name in (self.vocabulary[index] for index in ids if index > UNKNOWN):
            if name != self.JOIN:
                if previous and previous != self.JOIN and (previous in self.spaced or name in self.spaced):
                    text += " "
                text += name.strip(" ") if name in self.spaced else name[0]
            previous = name
        return text

    def to_dict(self) -> dict[str, Any]:
        return super().to_dict() | {"places": self.places}


KINDS: dict[str, type[Tokenizer]] = {kind.kind: kind for kind in (Characters, Bytes, Words, Letters, Mixed)}


def build(config: TokenizerConfig, examples: Iterable[Example]) -> Tokenizer:
    """The tokenizer for these examples; its vocabulary comes from those of the training split."""
    if config.kind in ("bytes", "letters"):
        return KINDS[config.kind](())
    training = [example for example in examples if example.split == "train"]
    texts = [text for example in training for text in (example.instruction, example.response)]
    if config.kind == "words":
        return Words(SPECIAL + list(dict.fromkeys(word for text in texts for word in text.lower().split())))
    found: set[str] = set()
    for text in texts:  # one by one: a million at once would hold up the other threads of the app
        found.update(text)
    characters = list(dict.fromkeys(PRINTABLE + sorted(found)))
    if config.kind == "characters":
        return Characters(SPECIAL + characters)
    return _mixed(characters, _frequent_words(training), config.digit_places)


def with_words(words: Iterable[str], places: int) -> Mixed:
    """A mixed tokenizer of printable ASCII whose words and marks are these, not those that examples happen to have."""
    names = [word if word.isalpha() else f" {word} " for word in words if not word.isalpha() or len(word) > 1]
    return _mixed(PRINTABLE, dict.fromkeys(names), places)


def _mixed(characters: Iterable[str], words: Iterable[str], places: int) -> Mixed:
    digits = [Mixed.digit(digit, place, places) for place in range(max(places, 1)) for digit in string.digits]
    spelled = digits + [character for character in characters if character not in string.digits]
    return Mixed([*SPECIAL, Mixed.JOIN, *spelled, *words], places)


_PART = re.compile(Mixed.PART, re.DOTALL)


def _frequent_words(examples: list[Example], percent: int = 1, least: int = 5) -> list[str]:
    """Words in at least so much of one task's examples, and in at least `least`: its wording, not its content."""
    counts: dict[str, Counter[str]] = {}
    sizes: Counter[str] = Counter()
    for example in examples:
        words = {word for text in (example.instruction, example.response) for word in _PART.findall(text)}
        counts.setdefault(example.task, Counter()).update(word for word in words if len(word) > 1 and word.isalpha())
        sizes[example.task] += 1
    return sorted(
        {word for task in counts for word, n in counts[task].items() if n >= least and 100 * n >= percent * sizes[task]}
    )


class _Description(msgspec.Struct):
    kind: str
    vocabulary: list[str]
    places: Annotated[int, msgspec.Meta(ge=0, le=10)] = 0


def from_dict(data: dict[str, Any]) -> Tokenizer:
    """The tokenizer that `to_dict` described.

    Raises:
        EngineError: the description is not one of a tokenizer.
    """
    try:
        described = msgspec.convert(data, _Description)
        kind = KINDS[described.kind]
        made = Mixed(described.vocabulary, described.places) if kind is Mixed else kind(described.vocabulary)
        expected = kind(()).vocabulary if kind in (Bytes, Letters) else [*SPECIAL, *made.vocabulary[len(SPECIAL) :]]
        if made.vocabulary != expected:
            raise ValueError(f"the kind {described.kind!r} has another vocabulary")
    except (KeyError, ValueError) as error:
        raise EngineError(f"this is not a tokenizer's description: {error}") from error
    return made
