"""The learning rate of each step, as a share of the tuning's rate."""

from engine.scenario import Tuning


class Schedule:
    """Warm-up, then `constant`, `linear` decay over all steps, or `hold` until told to decay.

    The hold is for tasks that are learnt in a jump: a decay that starts by the clock can end before the jump. Whoever
    evaluates calls `begin_decay` when the validation score says that the jump has come; without that call the decay
    takes the last `decay_steps` of the run.
    """

    def __init__(self, tuning: Tuning, steps: int) -> None:
        self.tuning = tuning
        self.steps = steps
        self.warmup = min(tuning.warmup_steps, steps // 2)
        self.decay_from = max(steps - tuning.decay_steps, self.warmup)

    def begin_decay(self, step: int) -> None:
        """Start decaying at `step`, if the schedule holds and has not begun already."""
        self.decay_from = min(self.decay_from, step)

    def settled(self, step: int) -> bool:
        """Whether a score after `step` is the last word: while a rate is held, scores jump up and down."""
        return self.tuning.schedule != "hold" or step >= self.decay_from + self.tuning.decay_steps

    def factor(self, step: int) -> float:
        """Share of the learning rate at step 0, 1, ..."""
        if step < self.warmup:
            return (step + 1) / self.warmup
        match self.tuning.schedule:
            case "constant":
                return 1.0
            case "linear":
                progress = (step - self.warmup) / max(self.steps - self.warmup, 1)
            case "hold":
                progress = (step - self.decay_from) / self.tuning.decay_steps
        return 1 - (1 - self.tuning.final_rate) * min(max(progress, 0.0), 1.0)
