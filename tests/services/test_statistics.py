"""The figures of the room: right where they are told, hidden where few are behind them, the same in every place."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from counselroom.errors import UserError
from counselroom.rules.access import Actor, Role
from counselroom.rules.care_words import CareTier, FollowUpMode, TierSubtype
from counselroom.rules.counselling import AppointmentState
from counselroom.rules.people import Gender
from counselroom.rules.school import UnitKind
from counselroom.services import appointments, cases, follow_ups, parameters, referrals, school, sessions, students
from counselroom.services.desk import AccessDenied
from counselroom.services.follow_up_plans import go_on
from counselroom.services.statistics import OnTime, Statistics, export_statistics, statistics
from tests.services.care_support import TODAY, confirmed, pass_days
from tests.services.world import NAMES, World

FIRST, LAST = date(2026, 9, 1), date(2027, 1, 20)


def figures(world: World, smallest: int | None = None) -> Statistics:
    if smallest is not None:
        parameters.set_parameter(world.me, world.desk, "small_cell", smallest)
    return statistics(world.me, world.desk, FIRST, LAST)


def add_students(world: World, grade: str, gender: Gender, number: int) -> list[str]:
    unit = school.add_unit(world.me, world.desk, UnitKind.GRADE, grade + gender.value).value
    group = school.add_unit(world.me, world.desk, UnitKind.CLASS, f"{grade}1班", unit.id).value
    return [
        students.add_student(
            world.me, world.desk, students.StudentData(f"某{grade}{each}", class_id=group.id, gender=gender)
        ).value.id
        for each in range(number)
    ]


def hold(world: World, student_id: str, times: int = 1) -> None:
    case = cases.open_case(world.me, world.desk, student_id).value
    for _each in range(times):
        note = world.draft("一", consent_exception="危机例外")
        row = sessions.start_note(world.me, world.desk, case.id, note).value
        sessions.sign_note(world.me, world.desk, row.id)


def test_an_empty_room_has_empty_figures(world: World) -> None:
    found = figures(world)
    assert (found.sessions, found.students, found.absences, found.referrals, found.answered) == (0, 0, 0, 0, 0)
    assert (found.months, found.clients, found.follow_up) == ((), None, OnTime(0, None))
    assert [each.students for each in found.tiers] == [0, 0, 0]
    assert (found.first, found.last) == (FIRST, TODAY)


def test_large_counts_are_told(world: World) -> None:
    for student_id in add_students(world, "初一", Gender.FEMALE, 2):
        hold(world, student_id, 2)
    world.case()
    found = figures(world, 2)
    assert (found.sessions, found.students) == (4, 2)
    # September had none, which is hidden, and so October beside it.
    assert found.months == (("2026-09", None), ("2026-10", None))
    of_october = statistics(world.me, world.desk, date(2026, 10, 1), LAST)
    assert of_october.months == (("2026-10", 4),)
    assert found.clients is not None
    assert found.clients.total == 2


def test_a_draft_is_no_session(world: World) -> None:
    sessions.start_note(world.me, world.desk, world.case(), world.draft("草稿"))
    assert figures(world).sessions == 0


def test_r_04_a_few_are_not_told_anywhere(world: World) -> None:
    hold(world, world.students[0])
    hold(world, world.students[1])
    found = figures(world)
    assert (found.sessions, found.students) == (None, None)
    assert {count for _month, count in found.months} == {None}
    assert found.clients is not None
    assert {cell for row in found.clients.cells for cell in row} == {None}
    content = export_statistics(world.me.because("给主管部门"), world.desk, FIRST, LAST).content
    told = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()[1:]
    assert {row[2] for row in told if row[0] in ("个别辅导人次", "来访人数")} == {"<5"}


def test_r_04_the_figure_and_the_table_tell_the_same(world: World) -> None:
    for student_id in add_students(world, "初一", Gender.MALE, 5):
        hold(world, student_id)
    hold(world, world.students[0])
    found = figures(world)
    assert found.clients is not None
    assert found.students == found.clients.total
    flat = [cell for row in found.clients.cells for cell in row]
    assert 1 not in flat
    assert flat.count(None) >= 2
    assert found.sessions in (6, None)


def test_absences_and_referrals(world: World) -> None:
    for day in range(1, 7):
        view = appointments.book_appointment(world.me, world.desk, world.booking(days=-day)).value
        appointments.set_appointment_state(world.me, world.desk, view.id, AppointmentState.NO_SHOW)
    assert figures(world).absences == 6
    for _each in range(6):
        referrals.issue_referral(world.me, world.desk, world.referral())
    found = figures(world)
    assert (found.referrals, found.answered) == (6, None)


def test_follow_up_on_time_counts_the_day_it_was_held(world: World) -> None:
    confirmed(world, subtype=TierSubtype.ACUTE_STRESS)
    pass_days(world, 9)
    go_on(world.me, world.desk)
    daily = [
        task
        for task in follow_ups.tasks_of(world.me, world.desk, world.students[0])
        if task.rule == "FR-11" and task.due_on < TODAY + timedelta(days=8)
    ]
    for number, task in enumerate(daily):
        held = task.due_on if number < 6 else task.due_on + timedelta(days=1)
        follow_ups.finish_task(world.me, world.desk, task.id, follow_ups.FollowUpData(held, FollowUpMode.TALK))
    found = figures(world)
    due = len([1 for task in follow_ups.tasks_of(world.me, world.desk, world.students[0]) if task.due_on <= found.last])
    assert found.follow_up == OnTime(due, round(100 * 6 / due))
    of_tier = {each.tier: each.on_time for each in found.tiers}
    assert of_tier[CareTier.GROUP_SUPPORT].percent is None


def test_tiers_of_few_are_not_told(world: World) -> None:
    for number in range(3):
        confirmed(world, student_id=world.students[number])
    assert [each.students for each in figures(world).tiers] == [0, None, 0]
    assert [each.students for each in figures(world, 3).tiers] == [0, 3, 0]


def test_no_name_is_in_the_table(world: World) -> None:
    hold(world, world.students[0], 6)
    found = export_statistics(world.me.because("归档"), world.desk, FIRST, LAST)
    assert found.file_name == "匿名统计-20260901-20261012.xlsx"
    text = str(CalamineWorkbook.from_filelike(BytesIO(found.content)).get_sheet_by_index(0).to_python())
    assert not any(name in text for name in NAMES)
    assert world.audit()[-1].action == "export"


def test_who_exports_says_why(world: World) -> None:
    with pytest.raises(UserError):
        export_statistics(world.me, world.desk, FIRST, LAST)
    with pytest.raises(UserError):
        statistics(world.me, world.desk, LAST, FIRST)


def test_nobody_without_a_role_counts(world: World) -> None:
    with pytest.raises(AccessDenied):
        statistics(Actor("x", "y", frozenset({Role.SYS_ADMIN})), world.desk, FIRST, LAST)
