"""What a class becomes in the next school year."""

from __future__ import annotations

import pytest

from counselroom.rules.roll_over import NextClass, Outcome, next_class, next_year
from counselroom.rules.school import SchoolType

STAY, GONE = NextClass(Outcome.STAY), NextClass(Outcome.GRADUATE)


def to(name: str) -> NextClass:
    return NextClass(Outcome.MOVE, name)


@pytest.mark.parametrize(
    ("name", "school", "expected"),
    [
        ("初一（3）班", SchoolType.JUNIOR, to("初二（3）班")),
        ("初二（3）班", SchoolType.JUNIOR, to("初三（3）班")),
        ("初三（12）班", SchoolType.JUNIOR, GONE),
        ("初2年级", SchoolType.JUNIOR, to("初3年级")),
        ("七年级1班", SchoolType.JUNIOR, to("八年级1班")),
        ("七(1)班", SchoolType.JUNIOR, to("八(1)班")),
        ("九年级1班", SchoolType.JUNIOR, GONE),
        ("6年级", SchoolType.PRIMARY, GONE),
        ("六年级2班", SchoolType.JUNIOR, to("七年级2班")),
        ("五年级2班", SchoolType.PRIMARY, to("六年级2班")),
        ("高三（1）班", SchoolType.SENIOR, GONE),
        ("初12班", SchoolType.JUNIOR, STAY),
        ("高一1班", SchoolType.SENIOR, to("高二1班")),
        ("2024级软件工程1班", SchoolType.UNIVERSITY, STAY),
        ("心理2601", SchoolType.UNIVERSITY, STAY),
        ("启智班", SchoolType.SPECIAL, STAY),
        ("大四（2）班", SchoolType.UNIVERSITY, GONE),
        ("", SchoolType.JUNIOR, STAY),
    ],
)
def test_a_class_rises_graduates_or_stays(name: str, school: SchoolType, expected: NextClass) -> None:
    assert next_class(name, school) == expected


def test_years_follow_each_other() -> None:
    assert next_year("2026-2027") == "2027-2028"
