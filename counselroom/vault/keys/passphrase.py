"""Passphrases: how they are read, how strong they must be, and the phrase the program offers.

zxcvbn is imported only when a new passphrase is judged: the locked window never needs it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from counselroom import resources
from counselroom.errors import UserError
from counselroom.i18n import _

SHORTEST = 12
"""Characters a passphrase of one's own must have."""
LOWEST_SCORE = 3
"""Score of zxcvbn (0 to 4) a passphrase of one's own must reach."""
LONGEST = 1024
"""Characters beyond which nobody types; more is refused before any work is done on it."""
OFFERED_WORDS = 6
"""Words of an offered phrase: with the list of about 1,200 words 61 bits."""
_JUDGED = 72  # zxcvbn refuses longer text; what lies behind can only make a passphrase stronger


class Weakness(StrEnum):
    """Why a passphrase is not accepted."""

    SHORT = "short"
    GUESSABLE = "guessable"
    LONG = "long"


class PassphraseTooWeak(UserError):
    """The new passphrase is too short, or too easily guessed."""


@dataclass(frozen=True)
class Judgement:
    """What `judge` found.

    Attributes:
        score: zxcvbn's score, 0 (a known password) to 4; 0 when the length already decides.
        weakness: why it is not accepted, or None.
    """

    score: int
    weakness: Weakness | None

    @property
    def accepted(self) -> bool:
        """True when the passphrase may be used."""
        return self.weakness is None


def normalised(text: str) -> bytes:
    """Return the bytes the key is derived from: NFKC, so that full-width letters of an input method match, as UTF-8."""
    return unicodedata.normalize("NFKC", text).encode("utf-8", "surrogatepass")


@cache
def words() -> tuple[str, ...]:
    """Return the reviewed words of offered phrases: pinyin of everyday words, lower-case ASCII, sorted."""
    return tuple(resources.read_text("resources/passphrase_words.txt").split())


def offer(entropy: Callable[[int], bytes]) -> str:
    """Return a new phrase of six words with spaces between them, every word equally likely."""
    choices = words()
    return " ".join(choices[_below(len(choices), entropy)] for _number in range(OFFERED_WORDS))


def judge(text: str, known: Sequence[str] = ()) -> Judgement:
    """Judge a new passphrase.

    Args:
        text: the passphrase as typed.
        known: words a guesser would try first: the login names, the school's name.
    """
    plain = unicodedata.normalize("NFKC", text)
    if len(plain) > LONGEST:
        return Judgement(0, Weakness.LONG)
    if len(plain) < SHORTEST:
        return Judgement(0, Weakness.SHORT)
    import zxcvbn

    score = int(zxcvbn.zxcvbn(plain[:_JUDGED], user_inputs=[*known, *words()])["score"])
    return Judgement(score, None if score >= LOWEST_SCORE else Weakness.GUESSABLE)


def require_strong(text: str, known: Sequence[str] = ()) -> None:
    """Refuse a new passphrase that `judge` does not accept.

    Raises:
        PassphraseTooWeak: with a sentence that says what is missing.
    """
    sentences = {
        Weakness.SHORT: _("The passphrase is too short: it needs at least {count} characters.").format(count=SHORTEST),
        Weakness.LONG: _("The passphrase is too long: it can have at most {count} characters.").format(count=LONGEST),
        Weakness.GUESSABLE: _("The passphrase is too easy to guess."),
    }
    weakness = judge(text, known).weakness
    if weakness is not None:
        raise PassphraseTooWeak(
            sentences[weakness], next_step=_("The offered phrase of six words is easy to type and strong enough.")
        )


def _below(limit: int, entropy: Callable[[int], bytes]) -> int:
    """Return a random number below `limit` (at most 65,536), without favouring any."""
    fair = 65_536 - 65_536 % limit
    while True:
        number = int.from_bytes(entropy(2))
        if number < fair:
            return number % limit
