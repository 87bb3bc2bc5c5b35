"""The choices of parameters in words."""

from __future__ import annotations

import re

from counselroom.i18n import pgettext

_NAME = re.compile(r"P\.\w+")


def choice_word(choice: str) -> str:
    """Return a choice of a parameter in words; one without words stays as it is."""
    return {
        "monday": pgettext("parameter", "Monday"),
        "tuesday": pgettext("parameter", "Tuesday"),
        "wednesday": pgettext("parameter", "Wednesday"),
        "thursday": pgettext("parameter", "Thursday"),
        "friday": pgettext("parameter", "Friday"),
        "not_required": pgettext("parameter", "not required"),
        "notify": pgettext("parameter", "to be told"),
        "required": pgettext("parameter", "required"),
    }.get(choice, choice)


def source_words(source: str) -> str:
    """Return where a parameter comes from, without the names that only developers use."""
    return _NAME.sub(pgettext("parameter", "the rules"), source)
