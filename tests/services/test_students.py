"""Students with their guardians and groups: what is typed in, found again, and undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from counselroom.errors import UserError
from counselroom.model.people import Student
from counselroom.rules.people import Gender, Relation, SpecialGroup, StudentStatus
from counselroom.services.desk import AccessDenied
from counselroom.services.students import (
    StudentData,
    add_guardian,
    add_student,
    count_students,
    edit_student,
    find_people,
    list_guardians,
    list_students,
    order_guardians,
    set_special_groups,
    set_status,
    student,
)
from counselroom.services.undo import take_back
from tests.services.world import GUARDIAN, NAMES, World

DAY = date(2026, 10, 12)


def data(world: World, **changes: Any) -> StudentData:
    typed = StudentData(
        name="仇英豪",
        student_no="20250399",
        gender=Gender.MALE,
        birth_date=date(2012, 2, 29),
        class_id=world.people.class_id,
        phone="13700000001",
        backup_phone="13700000002",
        address="城北路 1 号",
        dorm="5-101",
        ethnicity="回族",
        political_status="群众",
    )
    return replace(typed, **changes)


def test_every_field_of_a_student_comes_back(world: World) -> None:
    done = add_student(world.me, world.desk, replace(data(world), name=" 仇英豪 ", student_no=" 20250399 "))
    view = done.value
    assert view.data == data(world)
    assert (view.class_name, view.status, view.special_groups) == ("初二（3）班", StudentStatus.ENROLLED, frozenset())
    assert done.changes.changed == {("person", view.id), ("student", view.id)}
    assert student(world.me, world.desk, view.id) == view
    bare = add_student(world.me, world.desk, StudentData("某某")).value
    assert bare.data == StudentData("某某")
    assert bare.class_name is None


@pytest.mark.parametrize("number", [None, "", "  "])
def test_many_students_may_have_no_number(world: World, number: str | None) -> None:
    for name in ("甲", "乙"):
        assert add_student(world.me, world.desk, StudentData(name, number)).value.data.student_no is None
    assert find_people(world.me, world.desk, "甲")


def test_a_name_is_needed_and_a_number_belongs_to_one(world: World) -> None:
    before = world.dump()
    other = world.students[1]
    for call in (
        lambda: add_student(world.me, world.desk, data(world, name=" ")),
        lambda: add_student(world.me, world.desk, data(world, student_no="20250301")),
        lambda: add_student(world.me, world.desk, data(world, student_no=" 20250301 ")),
        lambda: edit_student(world.me, world.desk, other, data(world, name="")),
        lambda: edit_student(world.me, world.desk, other, data(world, student_no="20250301")),
        lambda: edit_student(world.me, world.desk, "none", data(world)),
        lambda: student(world.me, world.desk, "none"),
        lambda: student(world.me, world.desk, world.me.person_id),
    ):
        with pytest.raises(UserError) as caught:
            call()
        assert NAMES[0] not in caught.value.sentence()
    assert world.dump() == before


def test_editing_replaces_and_undo_puts_back(world: World) -> None:
    before = student(world.me, world.desk, world.students[0])
    assert before.data.student_no == "20250301"
    done = edit_student(world.me, world.desk, before.id, data(world, student_no="20250301"))
    assert done.value.data == data(world, student_no="20250301")
    assert done.value.seen > before.seen
    assert done.changes.changed == {("person", before.id), ("student", before.id)}
    assert [view.id for view in find_people(world.me, world.desk, "qyh")] == [before.id]
    assert find_people(world.me, world.desk, "oyrx") == ()
    assert done.changes.undo is not None
    back = take_back(world.me, world.desk, done.changes.undo)
    assert replace(back.value, seen=before.seen) == before
    assert [view.id for view in find_people(world.me, world.desk, "oyrx")] == [before.id]
    with pytest.raises(UserError):
        take_back(world.me, world.desk, done.changes.undo)


@pytest.mark.parametrize("query", ["张晓明", "晓明", "zhangxiaoming", "zxm", "ZXM", "xiaom", "20250303", "张 晓 明"])
def test_people_are_found_by_name_pinyin_initials_and_number(shared: World, query: str) -> None:
    assert [view.data.name for view in find_people(shared.colleague, shared.desk, query)] == ["张晓明"]


def test_only_students_are_found_and_no_more_than_asked(shared: World) -> None:
    assert find_people(shared.me, shared.desk, "林老师") == ()
    assert find_people(shared.me, shared.desk, GUARDIAN) == ()
    assert len(find_people(shared.me, shared.desk, "2025030")) == 3
    assert len(find_people(shared.me, shared.desk, "2025030", limit=2)) == 2


# Lists.


def test_students_are_listed_by_number_of_a_class_and_state(world: World) -> None:
    other = add_student(world.me, world.desk, data(world, class_id=None, student_no="1")).value
    set_status(world.me, world.desk, world.students[2], StudentStatus.ON_LEAVE)
    set_special_groups(world.me, world.desk, world.students[1], frozenset({SpecialGroup.ORPHAN}), DAY)

    def names(**query: Any) -> list[str]:
        return [view.data.name for view in list_students(world.me, world.desk, **query)]

    assert names() == ["仇英豪", NAMES[0], NAMES[1]]
    assert names(status=None) == ["仇英豪", *NAMES]
    assert names(class_id=world.people.class_id) == list(NAMES[:2])
    assert names(status=StudentStatus.ON_LEAVE) == [NAMES[2]]
    assert names(limit=1) == ["仇英豪"]
    listed = {view.id: view for view in list_students(world.me, world.desk, status=None)}
    for student_id, view in listed.items():
        assert view == student(world.me, world.desk, student_id)
    assert listed[world.students[1]].special_groups == {SpecialGroup.ORPHAN}
    assert count_students(world.me, world.desk) == 3
    assert count_students(world.me, world.desk, None) == 4
    assert count_students(world.me, world.desk, StudentStatus.GRADUATED) == 0
    with world.desk.vault.change() as opened:
        opened.execute(update(Student).where(Student.id == other.id).values(voided_at=world.clock.now()))
    assert names(status=None) == list(NAMES)
    assert count_students(world.me, world.desk) == 2
    assert find_people(world.me, world.desk, "qyh") == ()
    with pytest.raises(UserError):
        student(world.me, world.desk, other.id)


def test_looking_at_students_leaves_no_trace(shared: World) -> None:
    log = shared.audit()
    list_students(shared.me, shared.desk)
    count_students(shared.me, shared.desk)
    list_guardians(shared.me, shared.desk, shared.students[0])
    assert shared.audit() == log


# States.


@pytest.mark.parametrize("status", list(StudentStatus))
def test_who_left_has_a_day(world: World, status: StudentStatus) -> None:
    gone = status in (StudentStatus.GRADUATED, StudentStatus.TRANSFERRED, StudentStatus.WITHDRAWN)
    if gone:
        with pytest.raises(UserError):
            set_status(world.me, world.desk, world.students[0], status)
        assert student(world.me, world.desk, world.students[0]).status is StudentStatus.ENROLLED
    done = set_status(world.me, world.desk, world.students[0], status, DAY)
    assert done.value.status is status
    assert done.changes.changed == {("student", world.students[0])}
    stored = "SELECT status, left_on FROM student WHERE id = :id"
    assert world.sql(stored, id=world.students[0]) == [(str(status), "2026-10-12" if gone else None)]
    assert done.changes.undo is not None
    back = take_back(world.me, world.desk, done.changes.undo)
    assert world.sql(stored, id=world.students[0]) == [("enrolled", None)]
    assert back.changes.undo is not None
    take_back(world.me, world.desk, back.changes.undo)
    assert world.sql(stored, id=world.students[0]) == [(str(status), "2026-10-12" if gone else None)]


def test_undo_of_a_state_refuses_what_has_moved_on(world: World) -> None:
    done = set_status(world.me, world.desk, world.students[0], StudentStatus.ON_LEAVE)
    edit_student(world.me, world.desk, world.students[0], data(world))
    assert done.changes.undo is not None
    with pytest.raises(UserError):
        take_back(world.me, world.desk, done.changes.undo)
    assert student(world.me, world.desk, world.students[0]).status is StudentStatus.ON_LEAVE


# Guardians.


def test_a_guardian_stands_behind_those_there_are(world: World) -> None:
    before = student(world.me, world.desk, world.students[0])
    done = add_guardian(
        world.me, world.desk, world.students[0], " 单氏 ", Relation.MOTHER, "13500000001", "13500000002", "城南"
    )
    view = done.value
    assert (view.name, view.relation, view.phone, view.backup_phone, view.address, view.position) == (
        "单氏",
        Relation.MOTHER,
        "13500000001",
        "13500000002",
        "城南",
        2,
    )
    assert done.changes.changed == {("guardian", view.id), ("student", world.students[0])}
    found = list_guardians(world.me, world.desk, world.students[0])
    assert [guardian.name for guardian in found] == [GUARDIAN, "单氏"]
    assert found[1] == view
    assert student(world.me, world.desk, world.students[0]).seen > before.seen
    assert list_guardians(world.me, world.desk, world.students[1]) == ()
    first = add_guardian(world.me, world.desk, world.students[1], "王某", Relation.OTHER).value
    assert (first.position, first.phone) == (1, None)
    for student_id, name in ((world.students[0], " "), ("none", "某人")):
        with pytest.raises(UserError):
            add_guardian(world.me, world.desk, student_id, name, Relation.OTHER)


def test_the_order_of_calls_and_its_undo(world: World) -> None:
    for name in ("单氏", "祖母"):
        add_guardian(world.me, world.desk, world.students[0], name, Relation.OTHER)

    def order() -> tuple[str, ...]:
        return tuple(guardian.id for guardian in list_guardians(world.me, world.desk, world.students[0]))

    first, second, third = order()
    done = order_guardians(world.me, world.desk, world.students[0], (third, first, second))
    assert order() == (third, first, second)
    assert done.value == (third, first, second)
    assert ("guardian", third) in done.changes.changed
    assert [guardian.position for guardian in list_guardians(world.me, world.desk, world.students[0])] == [1, 2, 3]
    for wrong in ((first, second), (first, first, second), (first, second, "none"), (), (first, second, third, first)):
        with pytest.raises(UserError) as caught:
            order_guardians(world.me, world.desk, world.students[0], wrong)
        assert caught.value.next_step
    with pytest.raises(UserError):
        order_guardians(world.me, world.desk, "none", ())
    assert done.changes.undo is not None
    take_back(world.me, world.desk, done.changes.undo)
    assert order() == (first, second, third)
    with pytest.raises(UserError):
        take_back(world.me, world.desk, done.changes.undo)
    assert order() == (first, second, third)


# Special groups.


def test_groups_begin_and_end_and_stay_on_record(world: World) -> None:
    left, poor = SpecialGroup.LEFT_BEHIND, SpecialGroup.POVERTY_REGISTERED
    first = set_special_groups(world.me, world.desk, world.students[0], frozenset({left}), DAY)
    assert first.value == {left}
    assert first.changes.changed == {("student", world.students[0])}
    later = date(2026, 11, 1)
    second = set_special_groups(world.me, world.desk, world.students[0], frozenset({poor}), later)
    stored = "SELECT special_group, since, ended_on, secrecy FROM special_group_member ORDER BY special_group"
    assert world.sql(stored) == [
        ("left_behind", "2026-10-12", "2026-11-01", "S2"),
        ("poverty_registered", "2026-11-01", None, "S2"),
    ]
    assert student(world.me, world.desk, world.students[0]).special_groups == {poor}
    assert first.changes.undo is not None
    with pytest.raises(UserError):
        take_back(world.me, world.desk, first.changes.undo)
    assert second.changes.undo is not None
    take_back(world.me, world.desk, second.changes.undo)
    assert student(world.me, world.desk, world.students[0]).special_groups == {left}
    same = set_special_groups(world.me, world.desk, world.students[0], frozenset({left}), later)
    assert same.value == {left}
    assert world.sql("SELECT count(*) FROM special_group_member") == [(3,)]
    with pytest.raises(UserError):
        set_special_groups(world.me, world.desk, "none", frozenset(), DAY)


def test_the_archive_manager_writes_no_groups(world: World) -> None:
    with pytest.raises(AccessDenied):
        set_special_groups(world.archivist, world.desk, world.students[0], frozenset(), DAY)
    edit_student(world.archivist, world.desk, world.students[0], data(world))
