"""How models are asked in the console."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AnswerSettings:
    """What decides how the next token is chosen, and how many there may be."""

    temperature: float = 0.0
    """0 takes the likeliest token each time."""
    top_k: int = 0
    """Draw from so many of the likeliest tokens; 0 draws from all."""
    top_p: float = 1.0
    """Draw from the likeliest tokens that together have this probability."""
    seed: int = 0
    length: int | None = None
    """Tokens at most; None: as many as the model can hold."""

    def described(self) -> str:
        """In a few words, what differs from taking the likeliest token each time; empty where nothing does."""
        parts = []
        if self.temperature:
            parts.append(f"temperature {self.temperature:g}")
            parts += [f"top-k {self.top_k}"] if self.top_k else []
            parts += [f"top-p {self.top_p:g}"] if self.top_p < 1 else []
            parts.append(f"seed {self.seed}")
        if self.length:
            parts.append(f"at most {self.length} token" + "s" * (self.length > 1))
        return " · ".join(parts)
