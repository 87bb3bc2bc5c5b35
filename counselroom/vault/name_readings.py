"""Readings of Chinese names: all that a teacher might type to find one, and the one that sorts it.

The library reads many surnames by their everyday sound (单 as dān, 仇 as chóu). `resources/surnames.toml` corrects
the surname; for finding, all readings of all characters are kept beside it, since a wrong guess must still find.
"""

from __future__ import annotations

import itertools
import os
import tomllib
import unicodedata
from functools import cache, lru_cache

from counselroom import resources

_MOST_READINGS = 32
"""Names of several polyphones have many combinations; the first ones are the common ones."""


@cache
def _surnames() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return the readings of surnames, each a tuple of one syllable a character, the usual one first."""
    table: dict[str, list[str]] = tomllib.loads(resources.read_text("resources/surnames.toml"))["surnames"]
    return {name: tuple(tuple(reading.split()) for reading in found) for name, found in table.items()}


@lru_cache(maxsize=4096)
def _sounds(character: str) -> tuple[str, ...]:
    """Return all readings of a character without tones, the usual one first; the character itself when it has none."""
    # Imported here because it takes 0.15 s; its phrase tables (3 MB, slow to load) don't help with names.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    import pypinyin

    found = pypinyin.pinyin(character, style=pypinyin.Style.NORMAL, heteronym=True)[0]
    return tuple(dict.fromkeys(sound.replace("ü", "v").replace("ê", "e") for sound in found))


def warm_up() -> None:
    """Load the tables, for a moment when nobody waits."""
    _surnames()
    _sounds("张")


def _units(name: str) -> list[str]:
    """Return the Chinese characters one by one, and runs of letters and digits as one unit each."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    units = []
    for is_plain, run in itertools.groupby(folded, key=lambda c: c.isascii() and c.isalnum()):
        characters = "".join(run)
        units += [characters] if is_plain else [character for character in characters if character.isalpha()]
    return units


def _choices(name: str) -> list[tuple[tuple[str, ...], ...]]:
    """Return for each unit of the name its possible readings; a surname of two characters is one choice."""
    units = _units(name)
    for length in (2, 1):
        surname = "".join(units[:length])
        if surname in _surnames() and len(surname) == length:
            plain = itertools.product(*(_sounds(character) for character in surname))
            first = tuple(dict.fromkeys((*_surnames()[surname], *plain)))
            return [first, *(_syllables(unit) for unit in units[length:])]
    return [_syllables(unit) for unit in units]


def _syllables(unit: str) -> tuple[tuple[str, ...], ...]:
    return ((unit,),) if unit.isascii() else tuple((sound,) for sound in _sounds(unit))


def readings(name: str) -> list[tuple[str, ...]]:
    """Return the readings of a name, each a tuple of syllables without tones, the most likely first.

    `ü` is written `v`, as it is typed. Blanks and the dot of long names are left out; letters stay as they are.
    """
    combined = itertools.islice(itertools.product(*_choices(name)), _MOST_READINGS)
    return [tuple(itertools.chain.from_iterable(choice)) for choice in combined if choice]


def surname_readings(name: str) -> tuple[str, tuple[str, ...]]:
    """Return the surname of a name, if it is one of the table, and all its readings: that as a surname first."""
    units = _units(name)
    for length in (2, 1):
        surname = "".join(units[:length])
        if len(surname) == length and surname in _surnames():
            return surname, tuple(dict.fromkeys("".join(reading) for reading in _choices(name)[0]))
    return "", ()


def plain_reading(text: str) -> tuple[str, ...]:
    """Return the usual reading of every Chinese character of a text that is no name, such as the title of a form."""
    return tuple(_sounds(unit)[0] for unit in _units(text) if not unit.isascii())


def spell(reading: tuple[str, ...]) -> str:
    """Return a reading as it is typed in full: `zhangxiaoming`."""
    return "".join(reading)


def initials(reading: tuple[str, ...]) -> str:
    """Return the first letter of every syllable: `zxm`."""
    return "".join(syllable[0] for syllable in reading)


def sort_key(name: str) -> tuple[tuple[str, ...], str]:
    """Return a key that sorts names as a class list does: by the surname's true reading, then syllable by syllable."""
    found = readings(name)
    return (found[0] if found else (), name)


def matched(name: str, typed: str) -> tuple[tuple[str, bool], ...]:
    """Return the reading of a name in pieces, with the letters that were typed marked; empty when none fits.

    `zxm` marks the first letters of zhang xiao ming, `zhangx` the beginning as far as it was typed.
    """
    wanted = unicodedata.normalize("NFKC", typed).casefold().replace(" ", "").replace("ü", "v")
    if not wanted.isascii() or not wanted.isalpha():
        return ()
    for reading in readings(name):
        for start in (0, 1):
            part = reading[start:]
            if part and initials(part).startswith(wanted):
                marks = [0] * start + [1] * len(wanted) + [0] * (len(part) - len(wanted))
                return _pieces(reading, marks)
            if part and spell(part).startswith(wanted):
                left, marks = len(wanted), [0] * start
                for syllable in part:
                    marks.append(min(left, len(syllable)))
                    left -= marks[-1]
                return _pieces(reading, marks)
    return ()


def _pieces(reading: tuple[str, ...], marks: list[int]) -> tuple[tuple[str, bool], ...]:
    pieces: list[tuple[str, bool]] = []
    for number, (syllable, mark) in enumerate(zip(reading, marks, strict=True)):
        blank = " " if number < len(reading) - 1 else ""
        pieces += [(syllable[:mark], True)] if mark else []
        pieces += [(f"{syllable[mark:]}{blank}", False)] if syllable[mark:] or blank else []
    return tuple(pieces)
