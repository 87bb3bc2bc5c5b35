"""Who looked at what belongs to a student."""

from __future__ import annotations

import pytest

from counselroom.model import Base
from counselroom.model.references import SUBJECT_COLUMNS, person_columns, subject_tables
from counselroom.printing.definitions import Audience
from counselroom.services import cases, prints, sessions, students
from counselroom.services.access_log import access_lines
from counselroom.services.desk import AccessDenied
from counselroom.services.timeline import timeline
from tests.services.world import World


def told(world: World, actor: object = None, student: int = 0) -> list[tuple[str, str, str]]:
    lines = access_lines(actor or world.me, world.desk, world.students[student])  # type: ignore[arg-type]
    return [(line.who, line.action, line.entity) for line in lines]


def test_opening_printing_and_refusing_are_told_newest_first(world: World) -> None:
    note = world.note("我们谈的事")
    timeline(world.me, world.desk, world.students[0])
    prints.print_form(world.me, world.desk, prints.PrintRequest("F-11", note, Audience.ROOM))
    with pytest.raises(AccessDenied):
        sessions.session(world.colleague, world.desk, note)
    lines = access_lines(world.me, world.desk, world.students[0])
    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)
    assert (lines[0].action, lines[0].entity, lines[0].denied) == ("read", "session_record", True)
    assert ("林老师", "print", "session_record") in told(world)
    assert ("林老师", "read", "student") in told(world)
    assert ("林老师", "sign", "session_record") in told(world)


def test_the_reason_is_told(world: World) -> None:
    note = world.note("我们谈的事")
    sessions.session(world.director.because("督导月查"), world.desk, note)
    assert access_lines(world.me, world.desk, world.students[0])[0].reason == "督导月查"


def test_only_this_student_is_told_of(world: World) -> None:
    before = told(world)
    world.note("别人的事", student=1)
    students.set_status(world.me, world.desk, world.students[1], students.StudentStatus.ON_LEAVE)
    timeline(world.me, world.desk, world.students[1])
    assert told(world) == before


def test_accesses_to_a_restricted_case_are_not_told(world: World) -> None:
    before = told(world, world.colleague)
    case = world.case()
    note = world.note("很重的事", case_id=case)
    world.referral(case_id=case)
    sessions.amend_note(world.me, world.desk, note, "更正", "笔误")
    prints.print_form(world.me, world.desk, prints.PrintRequest("F-11", note, Audience.ROOM))
    assert len(told(world, world.colleague)) > len(before)
    cases.restrict_case(world.me, world.desk, case, restricted=True)
    assert told(world, world.colleague) == before
    assert len(told(world)) > len(before)


def test_the_list_is_cut(world: World) -> None:
    for _time in range(5):
        timeline(world.me, world.desk, world.students[0])
    assert len(access_lines(world.me, world.desk, world.students[0], limit=3)) == 3


def test_every_column_that_names_a_person_is_found() -> None:
    """A new table with a student in it is found by itself, for this list and for merging."""
    found = {(column.table.name, column.name) for column in person_columns()}
    keys = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in ("person", "student")
    }
    named = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in SUBJECT_COLUMNS
    }
    assert found == (keys | named) - {("student", "id")}
    assert ("search_entry", "subject_person") in found
    about = {table.name for table, _column in subject_tables()}
    assert {"session_record", "consent", "attachment", "print_log", "referral", "psych_archive", "guardian"} <= about
    assert not about & {"person", "account", "search_entry", "search_name"}
