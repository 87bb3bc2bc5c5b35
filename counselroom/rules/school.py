"""Kinds of school, their vocabulary, and the units and days a school is made of."""

from __future__ import annotations

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
