"""Which grade and class a roster means: 七年级1班, 七(1)班, 高二（3）班, 2024级软件工程2班."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from counselroom.rules.roster_cells import Cell, text_of

_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_DIGITS = "零一二三四五六七八九"
_ONE = "[一二三四五六七八九1-9]"
_UP_TO_99 = "(?:[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_COHORT = re.compile(r"((?:初|高|小|中|大)?(?:19|20)\d\d[级届])(.*)")
_SCHOOL_GRADE = re.compile(rf"(?:小学|初中|高中)?({_ONE})年级?(.*)")
_STAGE_GRADE = re.compile(r"(初|高|大|职|幼)([一二三四五六1-6])(?:年级)?(.*)")
_GRADE_AND_CLASS = re.compile(rf"({_ONE})[(.\-]+(\d{{1,2}}|{_UP_TO_99})\)?班?")
_CHINESE_AND_DIGITS = re.compile(r"([一二三四五六七八九])(\d{1,2})班?")
_PLAIN_CLASS = re.compile(rf"第?(\d{{1,3}}|{_UP_TO_99})班?")
_LAST_NUMERAL = re.compile(rf"(.*?[^一二三四五六七八九十])({_UP_TO_99})班")
_LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d{1,2}班)")
_BRACKETS = re.compile(r"[()\[\]【】〔〕]")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, order=True)
class ClassPath:
    """Where a class stands, from above; every part may be empty.

    Attributes:
        college: the college, in universities.
        grade: `七年级`, `高二`, `2024级`.
        name: `1班`, `软件工程2班`, `心理2601`.
    """

    college: str = ""
    grade: str = ""
    name: str = ""

    def fits(self, whole: ClassPath) -> bool:
        """Return whether this, perhaps told in part, can be `whole`: what is said here is the same there."""
        return self.name == whole.name and self.grade in ("", whole.grade) and self.college in ("", whole.college)

    def completed_by(self, whole: ClassPath) -> ClassPath:
        """Return this path with what it leaves out taken from `whole`."""
        return ClassPath(self.college or whole.college, self.grade or whole.grade, self.name)

    @property
    def label(self) -> str:
        """How it is written in one word: `七年级1班`."""
        return self.college + self.grade + self.name

    @property
    def entry_year(self) -> int | None:
        """The year of entry, where the grade is named by it (`2024级`)."""
        year = _YEAR.search(self.grade)
        return int(year[0]) if year and self.grade.endswith("级") else None


def class_of(class_cell: Cell, grade_cell: Cell = "", college_cell: Cell = "", major_cell: Cell = "") -> ClassPath:
    """Return where the class stands.

    The grade inside the text of the class goes before the column of the grade; a bare number takes the major before
    it, because each major of a university counts its classes from 1.
    """
    grade, name = _split(_plain(class_cell))
    grade = grade or grade_of(grade_cell)
    major = _plain(major_cell)
    if major and re.fullmatch(r"\d{1,2}班", name):
        name = major + name
    return ClassPath(_plain(college_cell), grade, name)


def grade_of(cell: Cell) -> str:
    """Return the name of a grade: `7`, `七`, `7年级` are `七年级`; `高1` is `高一`; `2024` is `2024级`."""
    text = _BRACKETS.sub("", _plain(cell))
    if re.fullmatch(_ONE, text):
        return f"{_numeral(text)}年级"
    if re.fullmatch(r"(?:19|20)\d\d", text):
        return f"{text}级"
    grade, rest = _split(text)
    return grade if grade and not rest else text


def _split(text: str) -> tuple[str, str]:
    """Return grade and class of a text that may hold both."""
    if both := _GRADE_AND_CLASS.fullmatch(text):
        return f"{_numeral(both[1])}年级", _class_name(both[2])
    text = _BRACKETS.sub("", text)
    if cohort := _COHORT.fullmatch(text):
        return cohort[1], _class_name(cohort[2])
    if school := _SCHOOL_GRADE.fullmatch(text):
        return f"{_numeral(school[1])}年级", _class_name(school[2])
    stage = _STAGE_GRADE.fullmatch(text)
    if stage and stage[3] != "班":  # 初一班 is a class of its own
        return stage[1] + _numeral(stage[2]), _class_name(stage[3])
    if short := _CHINESE_AND_DIGITS.fullmatch(text):
        return f"{short[1]}年级", _class_name(short[2])
    return "", _class_name(text)


def _class_name(text: str) -> str:
    text = text.strip("-·._/ ")
    plain = _PLAIN_CLASS.fullmatch(text)
    if plain:
        return f"{_count(plain[1])}班"
    if last := _LAST_NUMERAL.fullmatch(text):
        return f"{last[1]}{_count(last[2])}班"
    return _LEADING_ZEROS.sub("", text)


def _count(text: str) -> int:
    """Return the value of digits or of a Chinese numeral up to 99."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _NUMERALS[text]
    return _NUMERALS.get(tens, 1) * 10 + _NUMERALS.get(ones, 0)


def _numeral(text: str) -> str:
    return _DIGITS[int(text)] if text.isdecimal() else text


def _plain(cell: Cell) -> str:
    return "".join(unicodedata.normalize("NFKC", text_of(cell)).split())
