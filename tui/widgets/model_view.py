"""How the model sees the example under the cursor: its tokens in one line, what each is for in the line below."""

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from engine.seen import Piece, Seen
from tui.plain_text import plain_text
from tui.token_text import standing_alone

RULERS = {"prompt": "·", "mark": " ", "counts": "═", "end": "═", "unknown": "✗", "cut": "×"}
"""What stands under a token: dots are read only, a double line counts in the loss."""

STYLES = {
    "prompt": "$secondary",
    "mark": "$accent",
    "counts": "$foreground bold",
    "end": "$accent bold",
    "unknown": "$error bold",
    "cut": "$secondary strike",
}


class ModelView(Static):
    """`Reverse c a t ▸ t a c ⏎` and what counts in the loss."""

    DEFAULT_CSS = """
    ModelView { height: 6; padding: 0; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis;
        border-top: solid $border-blurred;
        border-title-color: $text-muted; border-title-style: none; }
    """

    seen: reactive[Seen | None] = reactive(None)
    problem: reactive[str] = reactive("")
    """What may be wrong with the example, besides its tokens."""
    reason: reactive[str] = reactive("")
    """What is shown instead where there is nothing to see."""

    def on_mount(self) -> None:
        """The heading stands in the line above."""
        self.border_title = " how the model sees it "

    def render(self) -> Content:
        """The tokens, their rulers, and a sentence."""
        width = max(self.content_size.width, 10)
        if self.seen is None:
            problem = [Content.styled(f"! {plain_text(self.problem)}", "$warning")] * bool(self.problem)
            return Content("\n").join([*problem, *Content(self.reason).wrap(width)])
        lines, left = laid_out(self.seen.pieces, width, max(1, (self.content_size.height - 1) // 2))
        rendered = []
        for line in lines:
            rendered.append(Content(" ").join(Content.styled(shown(piece), STYLES[piece.role]) for piece in line))
            rulers = [Content.styled(RULERS[p.role] * cell_len(shown(p)), STYLES[p.role]) for p in line]
            rendered.append(Content(" ").join(rulers))
        return Content("\n").join([*rendered, summary(self.seen, left, width, self.problem)])


def shown(piece: Piece) -> str:
    """A token's name so that it can be seen: a blank gets its sign, special tokens and words stay as they are."""
    text = standing_alone(plain_text(piece.text))
    return "␣" if text == " " else text.strip(" ") or "␣" * len(text) or "∅"


def laid_out(pieces: list[Piece], width: int, most: int) -> tuple[list[list[Piece]], int]:
    """The tokens in at most so many lines of so many cells, and how many found no room."""
    lines: list[list[Piece]] = [[]]
    used = 0
    for number, piece in enumerate(pieces):
        size = min(cell_len(shown(piece)), width)
        if used and used + 1 + size > width:
            if len(lines) == most:
                return lines, len(pieces) - number
            lines.append([])
            used = 0
        used += size + bool(used)
        lines[-1].append(piece)
    return lines, 0


def summary(seen: Seen, left: int, width: int, problem: str = "") -> Content:
    """What is wrong, how many tokens there are and how many count: as much of it, in this order, as has room."""
    sizes = f"{seen.tokens:,} of {seen.limit:,} tokens"
    said = [sizes, f"{sizes}; ═ {seen.counted:,} count in the loss"]
    if left:
        said.append(f"and {left:,} more; {said[-1]}")
    wrong, style = "", "$error"
    if seen.unknown:
        wrong = f"✗ it cannot encode {plain_text(seen.unknown[:12])}"
    elif seen.too_long:
        wrong = f"✗ {'the rest is cut' if seen.cuts else 'too long to train on: shorten it'}"
    elif problem:
        wrong, style = f"! {plain_text(problem)}", "$warning"
    before = f"{wrong}  " if wrong else ""
    text = next((text for text in reversed(said) if cell_len(before + text) <= width), sizes)
    return Content.assemble((before, style), text)
