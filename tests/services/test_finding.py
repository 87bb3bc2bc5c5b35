"""The palette's search: who comes first, which letters matched, and that nobody is told of what is not theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from counselroom.rules.archive import OpenReason
from counselroom.rules.people import StudentStatus
from counselroom.services import archives, cases, students
from counselroom.services.finding import find_codes, find_students, names_of
from tests.services.world import World


def names(world: World, query: str) -> list[str]:
    return [each.name for each in find_students(world.me, world.desk, query).students]


def test_students_come_with_the_letters_that_matched(world: World) -> None:
    found = find_students(world.me, world.desk, "zxm")
    best = found.students[0]
    assert (found.total, best.name, best.class_name, best.status) == (
        1,
        "张晓明",
        "初二（3）班",
        StudentStatus.ENROLLED,
    )
    assert [text for text, typed in best.reading if typed] == ["z", "x", "m"]
    assert not best.is_mine
    by_name = find_students(world.me, world.desk, "张晓").students[0]
    assert by_name.reading == ()
    assert find_students(world.me, world.desk, "qqq").students == ()


def test_the_exact_name_then_ones_own_clients_then_the_rest_then_those_who_left(world: World) -> None:
    def add(name: str) -> str:
        return students.add_student(world.me, world.desk, students.StudentData(name)).value.id

    gone, plain, mine, exact = add("邓一二甲"), add("邓一二乙"), add("邓一二丙"), add("邓一二")
    students.set_status(world.me, world.desk, gone, StudentStatus.GRADUATED, date(2026, 7, 1))
    cases.open_case(world.me, world.desk, mine)
    found = [each.id for each in find_students(world.me, world.desk, "邓一二").students]
    assert found == [exact, mine, plain, gone]
    assert [each.is_mine for each in find_students(world.me, world.desk, "邓一二").students][:2] == [False, True]
    theirs = [each.id for each in find_students(world.colleague, world.desk, "邓一二").students]
    assert theirs[0] == exact
    assert theirs[-1] == gone
    assert find_students(world.me, world.desk, "邓一二", limit=2).total == 4


def test_records_are_found_by_their_code(world: World) -> None:
    case = cases.case(world.me, world.desk, world.case())
    archive = archives.open_archive(world.me, world.desk, world.students[2], OpenReason.CENSUS).value
    (hit,) = find_codes(world.me, world.desk, case.code)
    assert (hit.entity, hit.entity_id, hit.student_id) == ("case_file", case.id, case.client_id)
    (by_archive,) = find_codes(world.me, world.desk, archive.archive_no.lower())
    assert (by_archive.entity, by_archive.name) == ("psych_archive", "张晓明")
    assert find_codes(world.me, world.desk, case.code[:2]) == ()
    assert find_codes(world.me, world.desk, "XX-1") == ()


def test_the_code_of_a_case_one_may_not_read_is_not_found(world: World) -> None:
    case = cases.case(world.me, world.desk, world.case())
    assert find_codes(replace(world.colleague), world.desk, case.code) == ()
    assert len(find_codes(world.me, world.desk, case.code)) == 1


def test_names_by_id(world: World) -> None:
    assert names_of(world.me, world.desk, frozenset({world.students[2]})) == {world.students[2]: ("张晓明", "20250303")}
    assert names_of(world.me, world.desk, frozenset()) == {}
