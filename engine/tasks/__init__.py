"""Tasks whose examples are made by a rule: what they do, what they are called and how they are asked for."""

from engine.tasks import letters, marks, numbers, pairs, text  # noqa: F401  (importing them registers their rules)
from engine.tasks.rule import RULES, Rule, rule

__all__ = ["RULES", "Rule", "rule"]
