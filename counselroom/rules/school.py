"""Kinds of school, their vocabulary, and the units and days a school is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class SchoolType(StrEnum):
    """`school_profile`: decides the words of the window and the defaults of the parameters."""

    PRIMARY = "primary"
    JUNIOR = "junior"
    SENIOR = "senior"
    VOCATIONAL = "vocational"
    SPECIAL = "special"
    UNIVERSITY = "university"
    DISTRICT_CENTER = "district_center"


class UnitKind(StrEnum):
    """What an org unit is."""

    SCHOOL = "school"
    CAMPUS = "campus"
    COLLEGE = "college"
    GRADE = "grade"
    CLASS = "class"
    DORM = "dorm"
    CENTER = "center"
    OFFICE = "office"


class DayKind(StrEnum):
    """Why a day of the calendar is not an ordinary one."""

    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    """A Saturday or Sunday on which school is held to make up for a holiday."""
    EXAM = "exam"
    NODE = "node"
    """A day of attention such as 5·25 or 10·10."""


@dataclass(frozen=True)
class Vocabulary:
    """The words one type of school uses for the same things, in Chinese, from `resources/schools.toml`.

    Attributes:
        unit: the unit above the class, `年级` or `二级学院`.
        class_teacher: `班主任` or `辅导员`.
        student_no: what the number of a student is called, `学号` or `学籍号`.
        grades: the names of the grades in order, lowest first; empty where grades are entry years.
        warning_network: the levels of the early-warning network, lowest first.
    """

    unit: str
    class_teacher: str
    student_no: str
    grades: tuple[str, ...]
    warning_network: tuple[str, ...]


_STAGES = {"幼": 0, "小": 1, "初": 2, "高": 3, "职": 3, "中": 3, "大": 4}
_DIGITS = "零一二三四五六七八九"
_NUMBER = re.compile(r"\d+|[零一二三四五六七八九十]+")


def unit_order(name: str) -> tuple[int, tuple[tuple[int, int, str], ...]]:
    """Return a key that sorts grades and classes as a school counts them: 七年级, 八年级 … 十年级; 2班, 10班.

    A stage at the beginning leads (小学, 初中, 高中), and numbers count whether written 7 or 七.
    """
    pieces: list[tuple[int, int, str]] = []
    start = 0
    for number in _NUMBER.finditer(name):
        pieces += [(1, 0, name[start : number.start()]), (0, _value(number[0]), "")]
        start = number.end()
    pieces.append((1, 0, name[start:]))
    return _STAGES.get(name[:1], len(_STAGES)), tuple(piece for piece in pieces if piece != (1, 0, ""))


def _value(number: str) -> int:
    if number.isdecimal():
        return int(number)
    tens, ten, ones = number.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS.index(digit)) for digit in number))
    return 10 * (_value(tens) if tens else 1) + (_value(ones) if ones else 0)
