"""Sentences for the user: gettext, English message ids, Chinese by default.

A missing Chinese catalogue is a Bug at start and not a silent English page (architecture §9).
"""

from __future__ import annotations

import gettext as _gettext

from counselroom import resources
from counselroom.errors import Bug

DOMAIN = "counselroom"
DEFAULT_LANGUAGE = "zh_CN"
LANGUAGES = (DEFAULT_LANGUAGE, "en")

_current: list[_gettext.NullTranslations] = []


def use(language: str = DEFAULT_LANGUAGE) -> None:
    """Speak `language` (`zh_CN` or `en`) from here on, in the whole process.

    Raises:
        Bug: the language is unknown, or its compiled catalogue is missing (run `make setup`).
    """
    if language not in LANGUAGES:
        message = f"unknown language: {language}"
        raise Bug(message)
    if language == "en":
        _current[:] = [_gettext.NullTranslations()]
        return
    catalogue = resources.path_of("resources/locale") / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
    if not catalogue.is_file():
        message = f"the compiled catalogue of {language} is missing"
        raise Bug(message)
    with catalogue.open("rb") as stream:
        _current[:] = [_gettext.GNUTranslations(stream)]


def language() -> str:
    """Return the language that is spoken, for words that a data file holds in both."""
    return DEFAULT_LANGUAGE if isinstance(_translations(), _gettext.GNUTranslations) else "en"


def _translations() -> _gettext.NullTranslations:
    if not _current:
        use(DEFAULT_LANGUAGE)
    return _current[0]


def _(message: str) -> str:
    """Translate a sentence. Placeholders are filled afterwards with `.format(...)`."""
    return _translations().gettext(message)


def pgettext(context: str, message: str) -> str:
    """Translate a label of one or two words within the `context` of its page."""
    return _translations().pgettext(context, message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate a sentence that counts something."""
    return _translations().ngettext(singular, plural, count)
