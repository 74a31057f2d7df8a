"""Style sheets that are read once for all apps of a test process; each app reads them anew otherwise."""

from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet


def share_styles(patch: pytest.MonkeyPatch) -> None:
    """Remember what a style sheet says, by its text and the variables of the theme. Read rules are never changed."""
    read = Stylesheet._parse_rules
    known: dict[object, list[RuleSet]] = {}

    def remembered(sheet: Stylesheet, css: str, *place: Any, **named: Any) -> list[RuleSet]:
        key = css, place, tuple(named.items()), tuple(sheet._variables.items())
        if key not in known:
            known[key] = read(sheet, css, *place, **named)
        return known[key]

    patch.setattr(Stylesheet, "_parse_rules", remembered)
