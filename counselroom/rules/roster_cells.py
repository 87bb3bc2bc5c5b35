"""What one cell of a roster says: each function takes a cell as the spreadsheet gave it and returns the value meant.

A cell is a text or a number. Nothing here guesses: where a cell can mean two things, or has lost digits in a
spreadsheet, the answer says so, and the row reports it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from counselroom.rules.people import Gender, Relation, SpecialGroup, StudentStatus
from counselroom.rules.roster_words import RosterWords, fold

Cell = str | float

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe00-\ufe0f]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SPACE_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}·])\s+(?=[{_HAN}·])")
_DOT_IN_NAME = re.compile(rf"(?<=[{_HAN}])\s*[・•‧∙⋅．.．。]\s*(?=[{_HAN}])")
_PRIVATE_OR_LOST = re.compile("[?？□■\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")
_ODD_IN_NAME = re.compile(r"[0-9()（）\[\]【】<>{}=+@#&*/\\|:：;；,，、\"“”!！]")
_FORMULA_START = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
_QUOTED_TEXT = re.compile(r'=\s*"([^"]*)"')
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,3}")
_WHOLE_DECIMAL = re.compile(r"(\d+)\.0+")
_NUMBER = re.compile(r"[0-9A-Z\u4e00-\u9fff][0-9A-Z\u4e00-\u9fff_./#-]{0,39}")
_EXACT_BELOW = 10**15
"""Spreadsheets keep 15 digits of a number; the rest of a longer one is already lost."""

_YMD = re.compile(
    r"(\d{4})\s*[-/.年\s]\s*(\d{1,2})\s*[-/.月\s]\s*(\d{1,2})\s*[日号]?(?:[T\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_YM = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_YMD_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YM_DIGITS = re.compile(r"(\d{4})(\d{2})")
_SERIAL_ORIGIN = date(1899, 12, 30)
_SERIALS = range(7306, 73051)
"""1920 to 2099 as the days Excel counts."""
_LONGEST_SERIAL = 6
_CHINESE_YEAR = str.maketrans("〇○零一二三四五六七八九", "000123456789")

_MOBILE = re.compile(r"(?:\+?0{0,2}86)?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"(0\d{2,3})?([2-9]\d{6,7})((?:转|x|ext)?\d{1,6})?")
_PHONES_APART = re.compile(r"[/、,;|或]|(?<=\d{11})\s")
_ID_NUMBER = re.compile(r"\d{17}[\dX]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"


@dataclass(frozen=True)
class FoundDate:
    """A date read from a cell.

    Attributes:
        day: the date, or None when the cell is blank or says none.
        month_only: the cell names only a month; `day` is its first.
        bad: the cell holds something that is no date.
    """

    day: date | None = None
    month_only: bool = False
    bad: bool = False


@dataclass(frozen=True)
class FoundPhones:
    """Telephone numbers of a cell: the first two, and whether any of them looks like none."""

    first: str | None = None
    second: str | None = None
    odd: bool = False


def text_of(cell: Cell) -> str:
    """Return the text of a cell as it is kept: no invisible characters, one space at most, `20260001.0` as a number is.

    A formula that came as text stays the text it is.
    """
    text = cell if isinstance(cell, str) else repr(int(cell) if cell == int(cell) else cell)
    return " ".join(_CONTROL.sub(" ", _INVISIBLE.sub("", text)).split())


def is_formula_like(cell: Cell) -> bool:
    """Return whether a spreadsheet might take the text for a formula."""
    return isinstance(cell, str) and cell.lstrip(" '").startswith(_FORMULA_START)


def name_of(cell: Cell) -> str:
    """Return a name: spaces between Chinese characters folded (`张  三`), one kind of dot in `买买提·艾力`."""
    return _SPACE_BETWEEN_HAN.sub("", _DOT_IN_NAME.sub("·", text_of(cell)))


def name_is_odd(name: str) -> bool:
    """Return whether a name holds digits, brackets or signs, which names don't."""
    return bool(_ODD_IN_NAME.search(name)) or is_formula_like(name)


def name_is_damaged(name: str) -> bool:
    """Return whether a rare character was lost on the way (`?`, `□`) or stands in a private place no font shows."""
    return bool(_PRIVATE_OR_LOST.search(name))


def _unquoted(cell: Cell) -> str:
    """Return a text without what only keeps a spreadsheet from calculating with it: `'001`, `="001"`."""
    text = text_of(cell)
    quoted = _QUOTED_TEXT.fullmatch(text)
    return quoted[1] if quoted else text.removeprefix("'").removeprefix("‘").removeprefix("`")


def number_of(cell: Cell) -> str:
    """Return a student number: plain digits, leading zeros kept, upper case, no spaces, `20260001.0` as `20260001`."""
    number = unicodedata.normalize("NFKC", "".join(_unquoted(cell).split())).upper()
    whole = _WHOLE_DECIMAL.fullmatch(number)
    return whole[1] if whole else number


def number_is_damaged(cell: Cell) -> bool:
    """Return whether a spreadsheet has lost digits of a long number: more than 15 of a true number, or `2.02E+17`."""
    if isinstance(cell, str):
        return bool(_SCIENTIFIC.fullmatch(unicodedata.normalize("NFKC", cell.strip())))
    return abs(cell) >= _EXACT_BELOW or cell != int(cell) or cell < 0


def number_is_odd(number: str) -> bool:
    """Return whether a text can't be a student number: no digit in it, or signs that no number has."""
    return not (_NUMBER.fullmatch(number) and any(character.isdecimal() for character in number))


def gender_of(cell: Cell, words: RosterWords) -> Gender | None:
    """Return the gender a cell says, UNKNOWN for a blank one, None for a word nobody knows."""
    text = fold(text_of(cell))
    return words.genders.get(text) if text else Gender.UNKNOWN


def relation_of(cell: Cell, words: RosterWords) -> Relation:
    """Return what the guardian is to the student."""
    return words.relations.get(fold(text_of(cell)), Relation.OTHER)


def status_of(cell: Cell, words: RosterWords) -> StudentStatus | None:
    """Return the state a cell says, None for a blank or unknown one."""
    return words.statuses.get(fold(text_of(cell)))


def yes_or_no(cell: Cell, words: RosterWords) -> bool | None:
    """Return what a cell answers to a heading that is a question; None for a word that is neither."""
    text = fold(text_of(cell))
    if not text or text in words.no or text.startswith(words.negations):
        return False
    return True if text in words.yes else None


def groups_of(cell: Cell, words: RosterWords) -> tuple[frozenset[SpecialGroup], bool]:
    """Return the special groups a text names, and whether it names nothing else (`无` names none)."""
    text = fold(text_of(cell))
    if not text or text in words.no:
        return frozenset(), True
    found: set[SpecialGroup] = set()
    rest = text
    for word, group in words.groups:
        while (at := rest.find(word)) >= 0:
            denied = rest[:at].endswith(words.negations)
            if not denied:
                found.add(group)
            rest = rest[:at] + "\n" + rest[at + len(word) :]
    return frozenset(found), bool(found)


def date_of(cell: Cell, latest: date) -> FoundDate:
    """Return the date of a cell: `2010-3-5`, `2010.3.5`, `2010年3月`, `20100305`, or Excel's count of days.

    Args:
        cell: the cell.
        latest: a later date is none, such as today's for a day of birth. None is before 1920.
    """
    if not isinstance(cell, str):
        return _date_of_number(cell, latest)
    text = unicodedata.normalize("NFKC", _unquoted(cell)).strip()
    if not text or text in ("-", "/", "无", "—"):
        return FoundDate()
    text = text.translate(_CHINESE_YEAR) if "年" in text else text
    if match := _YMD.fullmatch(text) or _YMD_DIGITS.fullmatch(text):
        return _checked(int(match[1]), int(match[2]), int(match[3]), latest)
    if match := _YM.fullmatch(text) or _YM_DIGITS.fullmatch(text):
        return _checked(int(match[1]), int(match[2]), None, latest)
    if text.isdecimal() and len(text) < _LONGEST_SERIAL:
        return _date_of_number(float(text), latest)
    return FoundDate(bad=True)


def _date_of_number(number: float, latest: date) -> FoundDate:
    if int(number) in _SERIALS:  # a time of day behind the point is ignored
        day = _SERIAL_ORIGIN + timedelta(days=int(number))
        return FoundDate(day) if day <= latest else FoundDate(bad=True)
    if number == int(number):
        digits = str(int(number))
        if match := _YMD_DIGITS.fullmatch(digits):
            return _checked(int(match[1]), int(match[2]), int(match[3]), latest)
        if match := _YM_DIGITS.fullmatch(digits):
            return _checked(int(match[1]), int(match[2]), None, latest)
        return FoundDate(bad=True)
    # `2010.3` as a number is March; `2010.1` was January or October, and nobody can tell any more
    match = _YM.fullmatch(repr(number))
    if match is None or match[2] == "1":
        return FoundDate(bad=True)
    return _checked(int(match[1]), int(match[2]), None, latest)


def _checked(year: int, month: int, day: int | None, latest: date) -> FoundDate:
    try:
        found = date(year, month, 1 if day is None else day)
    except ValueError:
        return FoundDate(bad=True)
    if not date(1920, 1, 1) <= found <= latest:
        return FoundDate(bad=True)
    return FoundDate(found, month_only=day is None)


def phones_of(cell: Cell) -> FoundPhones:
    """Return the telephone numbers of a cell, mobile ones as 11 digits; what looks like none is kept as it stands."""
    text = unicodedata.normalize("NFKC", _unquoted(cell)).strip()
    if not text or fold(text) in ("无", "-", "/", "—", "暂无", "没有"):
        return FoundPhones()
    found = []
    odd = number_is_damaged(cell)
    for part in _PHONES_APART.split(text):
        digits = re.sub(r"[\s()-]", "", part)
        if whole := _WHOLE_DECIMAL.fullmatch(digits):
            digits = whole[1]
        if mobile := _MOBILE.fullmatch(digits):
            found.append(mobile[1])
        elif digits:
            odd = odd or not _LANDLINE.fullmatch(digits)
            found.append(part.strip())
    first, second = [*found, None, None][:2]
    return FoundPhones(first, second, odd or len(found) > 2)


def id_number_says(cell: Cell) -> tuple[date, Gender] | None:
    """Return the birth date and the gender in the number of an identity card; None if its check digit is wrong."""
    number = number_of(cell)
    if isinstance(cell, float) or not _ID_NUMBER.fullmatch(number):
        return None
    total = sum(int(digit) * weight for digit, weight in zip(number, _ID_WEIGHTS, strict=False))
    if _ID_CHECKS[total % 11] != number[17]:
        return None
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born, Gender.MALE if int(number[16]) % 2 else Gender.FEMALE
