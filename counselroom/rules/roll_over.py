"""学年升级: what a class becomes in the next school year: 初一（3）班 becomes 初二（3）班, the last one graduates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from counselroom.rules.school import SchoolType

_NUMERALS = "一二三四五六七八九"
_ONE = rf"(?:[{_NUMERALS}]|[1-9](?!\d))"
_STAGED = re.compile(rf"(?P<before>初|高|职|小|幼|大)(?P<grade>{_ONE})(?P<after>.*)")
_GRADE = re.compile(rf"(?P<before>)(?P<grade>{_ONE})(?P<after>年级.*|[（(].*)")
_COHORT = re.compile(r"(?:19|20)\d\d\s*[级届]|[^\d]*(?:19|20)?\d\d\d\d[^\d]*")
_LAST_OF_STAGE = {"初": 3, "高": 3, "职": 3, "小": 6, "幼": 3, "大": 4}
_PRIMARY_LAST, _JUNIOR_LAST = 6, 9


class Outcome(StrEnum):
    """What becomes of the students of a class."""

    MOVE = "move"
    """They go to the named class."""
    GRADUATE = "graduate"
    STAY = "stay"
    """The class keeps its name, as a cohort does: 2024级软件1班."""


@dataclass(frozen=True)
class NextClass:
    """What is proposed for a class; `name` is empty unless the students move."""

    outcome: Outcome
    name: str = ""


def next_class(name: str, school_type: SchoolType) -> NextClass:
    """Return what a class or grade of this name becomes; a name that says no grade stays as it is."""
    match = _STAGED.fullmatch(name.strip()) or _GRADE.fullmatch(name.strip())
    if match is None or _COHORT.match(name.strip()):
        return NextClass(Outcome.STAY)
    stage, grade, after = match["before"], match["grade"], match["after"]
    number = _NUMERALS.index(grade) + 1 if grade in _NUMERALS else int(grade)
    if number >= _last(stage, number, school_type):
        return NextClass(Outcome.GRADUATE)
    risen = _NUMERALS[number] if grade in _NUMERALS else str(number + 1)
    return NextClass(Outcome.MOVE, f"{stage}{risen}{after}")


def _last(stage: str, number: int, school_type: SchoolType) -> int:
    if stage:
        return _LAST_OF_STAGE[stage]
    if number > _PRIMARY_LAST or school_type is not SchoolType.PRIMARY:
        return _JUNIOR_LAST
    return _PRIMARY_LAST


def next_year(academic_year: str) -> str:
    """Return the academic year after one such as 2026-2027."""
    first = int(academic_year[:4]) + 1
    return f"{first}-{first + 1}"
