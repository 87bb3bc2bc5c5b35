"""Lists of students: by unit, by search, in pieces, with and without those who have left."""

from __future__ import annotations

from datetime import date

import pytest

from counselroom.rules.access import Actor, Role
from counselroom.rules.people import StudentStatus
from counselroom.rules.school import UnitKind
from counselroom.services import school, students
from counselroom.services.desk import AccessDenied
from counselroom.services.student_lists import school_tree, student_rows
from tests.services.world import NAMES, World


def names(world: World, **wanted: object) -> list[str]:
    return [row.name for row in student_rows(world.me, world.desk, **wanted).rows]  # type: ignore[arg-type]


def test_the_whole_school_comes_by_number_and_in_pieces(world: World) -> None:
    assert names(world) == list(NAMES)
    piece = student_rows(world.me, world.desk, offset=1, limit=1)
    assert (piece.total, [row.name for row in piece.rows]) == (3, [NAMES[1]])
    assert piece.rows[0].student_no == "20250302"
    assert piece.rows[0].class_name == "初二（3）班"


def test_a_unit_counts_those_below_it(world: World) -> None:
    tree = school_tree(world.me, world.desk)
    counts = {unit.name: unit.count for unit in tree.units}
    assert (tree.total, counts) == (3, {"初二年级": 3, "初二（3）班": 3})
    grade = next(unit for unit in tree.units if unit.kind is UnitKind.GRADE)
    other = school.add_unit(world.me, world.desk, UnitKind.CLASS, "初二（4）班", grade.id).value
    students.add_student(world.me, world.desk, students.StudentData("李四", class_id=other.id))
    assert names(world, unit_id=other.id) == ["李四"]
    assert sorted(names(world, unit_id=grade.id)) == sorted([*NAMES, "李四"])
    students.add_student(world.me, world.desk, students.StudentData("无班"))
    assert school_tree(world.me, world.desk).total == 5
    assert "无班" not in names(world, unit_id=grade.id)


def test_a_search_finds_initials_within_the_unit(world: World) -> None:
    assert names(world, query="zxm") == ["张晓明"]
    assert names(world, query="20250301", unit_id=world.people.class_id) == [NAMES[0]]
    empty = school.add_unit(world.me, world.desk, UnitKind.CLASS, "空班").value
    assert names(world, query="zxm", unit_id=empty.id) == []


def test_who_left_is_shown_when_asked_for(world: World) -> None:
    students.set_status(world.me, world.desk, world.students[2], StudentStatus.GRADUATED, date(2026, 10, 1))
    assert names(world) == list(NAMES[:2])
    assert names(world, query="zxm") == []
    assert names(world, query="zxm", with_left=True) == ["张晓明"]
    assert school_tree(world.me, world.desk, with_left=True).total == 3


def test_who_has_no_part_in_the_room_sees_no_list(world: World) -> None:
    stranger = Actor("x", "x", frozenset({Role.SYS_ADMIN}))
    with pytest.raises(AccessDenied):
        student_rows(stranger, world.desk)
    with pytest.raises(AccessDenied):
        school_tree(stranger, world.desk)
