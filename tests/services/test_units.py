"""The units of the school one by one: listed with what is in them, renamed, closed, opened again."""

from __future__ import annotations

import pytest

from counselroom.errors import UserError
from counselroom.rules.people import StudentStatus
from counselroom.rules.school import UnitKind
from counselroom.services import school, students, units
from tests.services.world import World


def grade_of(world: World) -> units.UnitLine:
    return next(line for line in units.unit_lines(world.me, world.desk) if line.name == "初二年级")


def test_each_unit_is_followed_by_what_is_in_it(world: World) -> None:
    grade = grade_of(world)
    for name in ("初二（10）班", "初二（9）班"):
        school.add_unit(world.me, world.desk, UnitKind.CLASS, name, grade.id, 2025)
    school.add_unit(world.me, world.desk, UnitKind.GRADE, "初一年级")
    school.add_unit(world.me, world.desk, UnitKind.OFFICE, "教务处")
    found = units.unit_lines(world.me, world.desk)
    assert [(line.name, line.depth, line.students) for line in found] == [
        ("初一年级", 0, 0), ("初二年级", 0, 3), ("初二（3）班", 1, 3), ("初二（9）班", 1, 0), ("初二（10）班", 1, 0),
    ]  # fmt: skip
    students.set_status(world.me, world.desk, world.students[0], StudentStatus.GRADUATED, world.clock.now().date())
    assert grade_of(world).students == 3 - 1


def test_a_unit_with_somebody_in_it_is_not_closed(world: World) -> None:
    grade = grade_of(world)
    for unit_id in (grade.id, world.people.class_id):
        with pytest.raises(UserError, match="还有学生"):
            units.set_unit(world.me, world.desk, unit_id, "某", active=False)
    fresh = school.add_unit(world.me, world.desk, UnitKind.GRADE, "初三年级").value.id
    inside = school.add_unit(world.me, world.desk, UnitKind.CLASS, "初三（1）班", fresh).value.id
    with pytest.raises(UserError, match="还有学生"):
        units.set_unit(world.me, world.desk, fresh, "初三年级", active=False)
    units.set_unit(world.me, world.desk, inside, "初三（1）班", active=False)
    units.set_unit(world.me, world.desk, fresh, "初三年级", active=False)
    assert fresh not in {line.id for line in school.list_units(world.me, world.desk)}
    with pytest.raises(UserError, match="上一级"):
        units.set_unit(world.me, world.desk, inside, "初三（1）班", active=True)


def test_names_are_whole_and_differ_beside_each_other(world: World) -> None:
    grade = grade_of(world)
    school.add_unit(world.me, world.desk, UnitKind.CLASS, "初二（4）班", grade.id)
    school.add_unit(world.me, world.desk, UnitKind.GRADE, "初一年级")
    for unit_id, name in (
        (world.people.class_id, "初二（4）班"),
        (grade.id, "初一年级"),
        (grade.id, " "),
        ("none", "某"),
    ):
        with pytest.raises(UserError):
            units.set_unit(world.me, world.desk, unit_id, name, active=True)
    units.set_unit(world.me, world.desk, world.people.class_id, " 初二（5）班 ", active=True)
    assert "初二（5）班" in {line.name for line in units.unit_lines(world.me, world.desk)}
