"""The words that instructions are made of besides the names of rules and the arguments: the fillers.

A tokenizer that has them as one token each can tell what to do from what to do it to. Beyond the words of the
wordings there are some that people use when they ask for something.
"""

from engine.tasks.templates import CLOSERS, DEVELOPMENT, LEADS, LINKS, NOUNS, OPENERS, REPORT, VERBS

COMMON = (
    "an as by but could does get give gives got had has have he her him his how i if in into like make may "
    "much my not now of off oh on once only onto our out over put right same she show some soon tell than thank "
    "their them then they to too turn under up use very want was way were what when which while who why with "
    "write yet you your sure hello hi sir everyone anyone letter letters number numbers string input following"
)


def _words(*wordings: str) -> list[str]:
    return [word for wording in wordings for word in wording.format(n="", x="").split()]


TRAINED_FILLERS = tuple(dict.fromkeys(_words(*OPENERS, *NOUNS, *LEADS, *LINKS, *VERBS, *CLOSERS)))
"""The fillers of the training wordings."""

_HELD_OUT = (*DEVELOPMENT.name_first, *DEVELOPMENT.argument_first, *REPORT.name_first, *REPORT.argument_first)
FILLERS = tuple(dict.fromkeys([*TRAINED_FILLERS, *_words(*_HELD_OUT), *COMMON.split()]))
"""All fillers, those of the training wordings first; marks such as `,` that stand alone are among them."""
