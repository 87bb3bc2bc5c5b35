"""The school: profile, calendar, units and rooms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from counselroom.errors import UserError
from counselroom.rules.school import DayKind, SchoolType, UnitKind
from counselroom.rules.school_calendar import TermSpan
from counselroom.services import school
from counselroom.services.desk import AccessDenied
from counselroom.services.school import (
    SchoolProfile,
    TermDates,
    add_room,
    add_unit,
    list_days,
    list_terms,
    list_units,
    mark_day,
    school_profile,
    set_academic_year,
    set_school_profile,
    vocabulary,
)
from counselroom.services.undo import take_back
from tests.services.world import World

AUTUMN = TermDates(1, date(2027, 9, 1), date(2028, 1, 20), date(2028, 1, 10))
SPRING = TermDates(2, date(2028, 2, 20), date(2028, 7, 5), date(2028, 6, 25))


@pytest.mark.parametrize("school_type", list(SchoolType))
def test_every_type_of_school_has_its_words(school_type: SchoolType) -> None:
    words = vocabulary(school_type)
    assert words.unit
    assert words.class_teacher
    assert words.student_no
    assert words.warning_network
    assert len(set(words.grades)) == len(words.grades)


def test_types_of_school_differ_in_their_words() -> None:
    assert vocabulary(SchoolType.UNIVERSITY).unit != vocabulary(SchoolType.JUNIOR).unit
    assert vocabulary(SchoolType.UNIVERSITY).class_teacher == "辅导员"
    assert vocabulary(SchoolType.PRIMARY).class_teacher == "班主任"


# The profile.


def test_the_profile_is_set_changed_and_put_back(world: World) -> None:
    before = school_profile(world.colleague, world.desk)
    assert before == SchoolProfile("青禾市示例中学", "QH", SchoolType.JUNIOR, "心理辅导室", "0000-1234567")
    after = SchoolProfile("云岭大学", "YL2", SchoolType.UNIVERSITY, "心理中心", None)
    done = set_school_profile(world.me, world.desk, replace(after, name=" 云岭大学 ", room_name=" 心理中心 "))
    assert done.value == after
    assert school_profile(world.me, world.desk) == after
    assert world.sql("SELECT count(*) FROM school") == [(1,)]
    assert {kind for kind, _id in done.changes.changed} == {"school"}
    assert done.changes.undo is not None
    take_back(world.me, world.desk, done.changes.undo)
    assert school_profile(world.me, world.desk) == before
    with pytest.raises(UserError):
        take_back(world.me, world.desk, done.changes.undo)


def test_the_first_profile_has_nothing_to_go_back_to(world: World) -> None:
    with world.desk.vault.change() as opened:
        opened.connection().exec_driver_sql("DELETE FROM school")
    assert school_profile(world.me, world.desk) is None
    done = set_school_profile(world.me, world.desk, SchoolProfile("某校", "X", SchoolType.SENIOR, "心理室"))
    assert done.changes.undo is None


@pytest.mark.parametrize(
    "changes",
    [
        {"name": " "},
        {"room_name": ""},
        {"code": ""},
        {"code": "qh"},
        {"code": "QH\n"},
        {"code": "A234567890123"},
        {"code": "青禾"},
    ],
)
def test_a_profile_that_cannot_be_is_refused(shared: World, changes: dict[str, str]) -> None:
    profile = school_profile(shared.me, shared.desk)
    assert profile is not None
    with pytest.raises(UserError):
        set_school_profile(shared.me, shared.desk, replace(profile, **changes))
    assert school_profile(shared.me, shared.desk) == profile


def test_only_the_director_manages_the_school(shared: World) -> None:
    profile = SchoolProfile("某校", "X", SchoolType.SENIOR, "心理室")
    for call in (
        lambda: set_school_profile(shared.colleague, shared.desk, profile),
        lambda: set_academic_year(shared.colleague, shared.desk, "2027-2028", (AUTUMN,)),
        lambda: mark_day(shared.colleague, shared.desk, date(2026, 10, 1), DayKind.HOLIDAY, "国庆节"),
        lambda: add_room(shared.colleague, shared.desk, "新室"),
    ):
        with pytest.raises(AccessDenied):
            call()


# The calendar.


def test_a_year_is_set_and_its_terms_replaced(world: World) -> None:
    done = set_academic_year(world.me, world.desk, "2027-2028", (SPRING, AUTUMN))
    assert done.value == "2027-2028"
    assert {kind for kind, _id in done.changes.changed} == {"academic_year", "term"}
    expected = [
        TermSpan("2027-2028", term.number, term.starts_on, term.ends_on, term.appointment_stop_on)
        for term in (AUTUMN, SPRING)
    ]
    assert list(list_terms(world.colleague, world.desk))[2:] == expected
    year = "SELECT starts_on, ends_on FROM academic_year WHERE name = '2027-2028'"
    assert world.sql(year) == [("2027-09-01", "2028-07-05")]
    summer = TermDates(3, date(2028, 7, 6), date(2028, 8, 1), date(2028, 7, 6))
    moved = replace(AUTUMN, ends_on=date(2028, 1, 31))
    set_academic_year(world.me, world.desk, "2027-2028", (moved, summer))
    found = list(list_terms(world.me, world.desk))[2:]
    assert [(span.number, span.ends_on) for span in found] == [(1, date(2028, 1, 31)), (3, date(2028, 8, 1))]
    assert world.sql(year) == [("2027-09-01", "2028-08-01")]
    assert world.sql("SELECT count(*) FROM academic_year") == [(2,)]


@pytest.mark.parametrize("name", ["2027", "2027-2029", "2028-2027", "27-28", "2027-2028 ", "2027-2028\n", "二〇二七"])
def test_a_year_is_two_years_in_a_row(shared: World, name: str) -> None:
    with pytest.raises(UserError):
        set_academic_year(shared.me, shared.desk, name, (AUTUMN,))


@pytest.mark.parametrize(
    "terms",
    [
        (),
        (AUTUMN, replace(SPRING, number=1)),
        (replace(AUTUMN, appointment_stop_on=date(2027, 8, 31)),),
        (replace(AUTUMN, appointment_stop_on=date(2028, 1, 21)),),
        (replace(AUTUMN, ends_on=date(2027, 8, 1)),),
        (AUTUMN, replace(SPRING, starts_on=date(2028, 1, 20))),
        (replace(AUTUMN, starts_on=date(2027, 7, 5)),),
    ],
)
def test_terms_that_cannot_be_are_refused(shared: World, terms: tuple[TermDates, ...]) -> None:
    before = list_terms(shared.me, shared.desk)
    with pytest.raises(UserError):
        set_academic_year(shared.me, shared.desk, "2027-2028", terms)
    assert list_terms(shared.me, shared.desk) == before
    assert shared.sql("SELECT count(*) FROM academic_year") == [(1,)]


def test_days_are_marked_once_for_each_kind(world: World) -> None:
    day = date(2026, 10, 10)
    mark_day(world.me, world.desk, day, DayKind.NODE, "世界精神卫生日")
    mark_day(world.me, world.desk, day, DayKind.MAKE_UP, "调休")
    done = mark_day(world.me, world.desk, day, DayKind.MAKE_UP, "补课")
    mark_day(world.me, world.desk, date(2026, 10, 1), DayKind.HOLIDAY, "国庆节")
    assert done.value == day
    assert {kind for kind, _id in done.changes.changed} == {"calendar_day"}
    assert list_days(world.colleague, world.desk, date(2026, 10, 1), day) == (
        (date(2026, 10, 1), DayKind.HOLIDAY, "国庆节"),
        (day, DayKind.MAKE_UP, "补课"),
        (day, DayKind.NODE, "世界精神卫生日"),
    )
    assert len(list_days(world.me, world.desk, date(2026, 10, 2), date(2026, 10, 9))) == 0


# Units and rooms.


def test_units_are_told_apart_by_kind_name_and_parent(world: World) -> None:
    (grade,) = list_units(world.me, world.desk, UnitKind.GRADE)
    with pytest.raises(UserError):
        add_unit(world.me, world.desk, UnitKind.CLASS, " 初二（3）班 ", grade.id)
    with pytest.raises(UserError):
        add_unit(world.me, world.desk, UnitKind.GRADE, "初二年级")
    with pytest.raises(UserError):
        add_unit(world.me, world.desk, UnitKind.GRADE, " ")
    other = add_unit(world.archivist, world.desk, UnitKind.GRADE, " 初三年级 ")
    assert (other.value.name, other.value.parent_id, other.value.entry_year) == ("初三年级", None, None)
    assert other.changes.changed == {("org_unit", other.value.id)}
    twin = add_unit(world.me, world.desk, UnitKind.CLASS, "初二（3）班", other.value.id, 2024).value
    assert (twin.kind, twin.parent_id, twin.entry_year) == (UnitKind.CLASS, other.value.id, 2024)
    assert [unit.name for unit in list_units(world.me, world.desk)] == sorted(
        ["初二年级", "初三年级", "初二（3）班", "初二（3）班"]
    )
    assert twin in list_units(world.me, world.desk, UnitKind.CLASS)
    assert list_units(world.me, world.desk, UnitKind.DORM) == ()


def test_a_room_has_a_name_of_its_own(world: World) -> None:
    done = add_room(world.me, world.desk, " 减压室 ")
    assert done.changes.changed == {("room", done.value)}
    assert world.sql("SELECT name, active FROM room WHERE id = :id", id=done.value) == [("减压室", 1)]
    for name in ("减压室", " 沙盘室", " "):
        with pytest.raises(UserError):
            add_room(world.me, world.desk, name)


def test_rooms_are_listed_renamed_and_taken_out_of_use(world: World) -> None:
    before = {view.id: view for view in school.list_rooms(world.colleague, world.desk)}
    assert [view.name for view in before.values()] == sorted(view.name for view in before.values())
    room = world.people.rooms[0]
    school.set_room(world.me, world.desk, room, " 一号室 ", active=False)
    assert {view.id: view for view in school.list_rooms(world.me, world.desk)}[room] == school.RoomView(
        room, "一号室", active=False
    )
    for room_id, name in ((room, " "), ("none", "二号室"), (room, before[world.people.rooms[1]].name)):
        with pytest.raises(UserError):
            school.set_room(world.me, world.desk, room_id, name, active=True)
    with pytest.raises(AccessDenied):
        school.set_room(world.colleague, world.desk, room, "三号室", active=True)


def test_a_mark_that_is_not_there_cannot_be_removed(world: World) -> None:
    with pytest.raises(UserError):
        school.unmark_day(world.me, world.desk, date(2026, 10, 1), DayKind.HOLIDAY)
