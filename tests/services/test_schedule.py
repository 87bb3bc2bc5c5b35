"""What the calendar reads at once, the overview of a month, weeks of duty, one appointment in full, walk-ins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from counselroom.errors import UserError
from counselroom.rules.care_words import CareTier
from counselroom.rules.counselling import AppointmentState, CancelledBy, Channel, ClientType, Urgency
from counselroom.rules.school import DayKind
from counselroom.services.appointment_edits import appointment_details, edit_appointment
from counselroom.services.appointments import (
    AppointmentClash,
    book_appointment,
    cancel_appointment,
    set_appointment_state,
    walk_in,
    withdraw_walk_in,
)
from counselroom.services.changes import Undo
from counselroom.services.duty import ShiftData, list_shifts, set_shift
from counselroom.services.duty_weeks import copy_last_week
from counselroom.services.schedule import Schedule, month, schedule
from counselroom.services.school import mark_day, set_room
from counselroom.services.sessions import start_note
from counselroom.services.today import today
from counselroom.services.undo import take_back
from counselroom.services.waiting import WaitingData, add_waiting
from tests.services import care_support
from tests.services.world import World

MONDAY = date(2026, 10, 12)
SUNDAY = date(2026, 10, 18)
FAR = {"client_id": 1, "room_id": None}


def week(world: World) -> Schedule:
    return schedule(world.me, world.desk, MONDAY, SUNDAY)


def test_a_week_is_read_at_once(world: World) -> None:
    booked = book_appointment(world.me, world.desk, world.booking(1, 14)).value
    theirs = world.booking(2, 9, client_id=world.students[1], counsellor_id=world.colleague.person_id, room_id=None)
    book_appointment(world.colleague, world.desk, theirs)
    book_appointment(world.me, world.desk, world.booking(7, 9))
    care_support.confirmed(world, student_id=world.students[2])
    add_waiting(world.me, world.desk, WaitingData(world.students[2], wanted_times="周五可来"))
    mark_day(world.me, world.desk, date(2026, 10, 14), DayKind.HOLIDAY, "运动会")
    set_shift(world.me, world.desk, ShiftData(world.at(0, 8), world.at(0, 12), world.me.person_id))
    set_room(world.me, world.desk, world.people.rooms[2], "团辅室", active=False)
    found = week(world)
    assert [(entry.client_name, entry.client_no, entry.nth_visit) for entry in found.entries] == [
        ("欧阳若曦", "20250301", 1),
        ("单于青禾", "20250302", 0),  # another's
    ]
    assert found.entries[0].id == booked.id
    assert [(each.client_name, each.wanted_times, each.tier) for each in found.waiting] == [
        ("张晓明", "周五可来", CareTier.KEY_INTERVENTION)
    ]
    assert [each.name for each in found.counsellors] == ["林老师", "周老师"]
    assert [each.name for each in found.rooms] == ["个别咨询室", "沙盘室"]
    assert [(each.who, each.data.starts_at.hour) for each in found.shifts] == [("林老师", 8)]
    assert [each.is_school_day for each in found.days] == [True, True, False, True, True, False, False]
    assert found.days[2].marks == ((DayKind.HOLIDAY, "运动会"),)
    assert found.term is not None
    assert (found.term.number, found.week, found.minutes) == (1, 7, 50)


def test_visits_are_counted_without_absences(world: World) -> None:
    first = book_appointment(world.me, world.desk, world.booking(0, 10)).value
    second = book_appointment(world.me, world.desk, world.booking(1, 10)).value
    book_appointment(world.me, world.desk, world.booking(2, 10))
    for view in (first, second):
        set_appointment_state(world.me, world.desk, view.id, AppointmentState.NO_SHOW)
    found = week(world).entries
    assert [(entry.nth_visit, entry.absences) for entry in found] == [(0, 1), (0, 2), (1, 0)]


def test_the_calendar_counts_as_today_does(world: World) -> None:
    """A note without an appointment counts, and a later visit follows what is booked before it."""
    start_note(world.me, world.desk, world.case(), world.draft())
    for day in (0, 1):
        book_appointment(world.me, world.desk, world.booking(day, 16))
    assert [entry.nth_visit for entry in week(world).entries] == [2, 3]
    assert [visit.nth for visit in today(world.me, world.desk).visits] == [2]


def test_a_note_and_who_cancelled_are_seen(world: World) -> None:
    one = book_appointment(world.me, world.desk, world.booking(0, 10)).value
    other = book_appointment(world.me, world.desk, world.booking(1, 10)).value
    start_note(world.me, world.desk, world.case(), world.draft(), one.id)
    cancel_appointment(world.me, world.desk, other.id, CancelledBy.SCHOOL, "停课")
    assert [(entry.has_note, entry.cancelled_by) for entry in week(world).entries] == [
        (True, None),
        (False, CancelledBy.SCHOOL),
    ]


def test_a_month_in_numbers(world: World) -> None:
    for hour in (9, 10, 11):
        book_appointment(world.me, world.desk, world.booking(1, hour))
    gone = book_appointment(world.me, world.desk, world.booking(2, 9)).value
    cancel_appointment(world.me, world.desk, gone.id, CancelledBy.CLIENT, "")
    absent = book_appointment(world.me, world.desk, world.booking(3, 9)).value
    set_appointment_state(world.me, world.desk, absent.id, AppointmentState.NO_SHOW)
    counts = month(world.me, world.desk, MONDAY, SUNDAY)
    assert [(each.visits, each.absences) for each in counts][:5] == [(0, 0), (3, 0), (0, 0), (0, 1), (0, 0)]


def test_outside_of_terms_there_is_no_week(world: World) -> None:
    found = schedule(world.me, world.desk, date(2027, 8, 2), date(2027, 8, 8))
    assert (found.term, found.week) == (None, 0)
    assert not any(day.is_school_day for day in found.days)


def test_an_appointment_in_full_is_changed_and_changed_back(world: World) -> None:
    booking = replace(world.booking(1, 14), issue_brief="睡不好")
    view = book_appointment(world.me, world.desk, booking).value
    told = appointment_details(world.me, world.desk, view.id)
    assert (told.is_own, told.booking.issue_brief) == (True, "睡不好")
    theirs = appointment_details(world.colleague, world.desk, view.id)
    assert (theirs.is_own, theirs.booking.issue_brief) == (False, None)
    start = world.at(2, 9)
    wanted = replace(
        theirs.booking, starts_at=start, ends_at=start + timedelta(minutes=45), urgency=Urgency.SOON,
        channel=Channel.PHONE, counsellor_id=world.colleague.person_id, room_id=None,
    )  # fmt: skip
    done = edit_appointment(world.colleague, world.desk, view.id, wanted, view.seen)
    assert appointment_details(world.colleague, world.desk, view.id).booking == replace(wanted, issue_brief="睡不好")
    assert isinstance(done.changes.undo, Undo)
    take_back(world.me, world.desk, done.changes.undo)
    assert appointment_details(world.me, world.desk, view.id).booking == booking


def test_a_change_is_refused_when_it_clashes_or_is_over(world: World) -> None:
    view = book_appointment(world.me, world.desk, world.booking(1, 14)).value
    other = book_appointment(world.me, world.desk, world.booking(1, 16, client_id=world.students[1])).value
    booking = appointment_details(world.me, world.desk, view.id).booking
    clashing = replace(booking, starts_at=other.starts_at, ends_at=other.ends_at)
    with pytest.raises(AppointmentClash):
        edit_appointment(world.me, world.desk, view.id, clashing)
    set_appointment_state(world.me, world.desk, view.id, AppointmentState.CHECKED_IN)
    with pytest.raises(UserError):
        edit_appointment(world.me, world.desk, view.id, booking)


def test_somebody_unknown_walks_in(world: World) -> None:
    done = walk_in(world.me, world.desk, "", name=" 赵家长 ", client_type=ClientType.PARENT)
    assert (done.value.client_name, done.value.client_type, done.value.client_no) == (
        "赵家长", ClientType.PARENT, None,
    )  # fmt: skip
    assert done.changes.undo is not None
    take_back(world.me, world.desk, done.changes.undo)
    assert week(world).entries == ()
    with pytest.raises(UserError, match="还没有写"):
        walk_in(world.me, world.desk, "", name=" ")


def test_a_walk_in_lasts_until_the_next_appointment(world: World) -> None:
    now = world.clock.moment
    next_one = replace(
        world.booking(0), starts_at=now + timedelta(minutes=20), ends_at=now + timedelta(minutes=70), room_id=None
    )
    book_appointment(world.me, world.desk, next_one)
    came = walk_in(world.me, world.desk, world.students[1]).value
    assert came.ends_at == next_one.starts_at
    withdraw_walk_in(world.me, world.desk, came.id)


def test_the_duty_of_a_week_is_copied_without_days_off(world: World) -> None:
    for day in (0, 1, 2):
        set_shift(world.me, world.desk, ShiftData(world.at(day, 8), world.at(day, 12), world.me.person_id))
    mark_day(world.me, world.desk, date(2026, 10, 20), DayKind.HOLIDAY, "运动会")
    set_shift(world.me, world.desk, ShiftData(world.at(7, 8), world.at(7, 12), world.me.person_id))
    next_monday = MONDAY + timedelta(days=7)
    done = copy_last_week(world.me, world.desk, next_monday)
    days = [shift.data.starts_at.date() for shift in list_shifts(world.me, world.desk, next_monday, date(2026, 10, 25))]
    assert (done.value, days) == (1, [date(2026, 10, 19), date(2026, 10, 21)])
    with pytest.raises(UserError, match="没有可以沿用"):
        copy_last_week(world.me, world.desk, next_monday)
    assert done.changes.undo is not None
    back = take_back(world.me, world.desk, done.changes.undo)
    assert len(list_shifts(world.me, world.desk, next_monday, date(2026, 10, 25))) == 1
    again = take_back(world.me, world.desk, back.changes.undo)
    assert len(list_shifts(world.me, world.desk, next_monday, date(2026, 10, 25))) == 2
    take_back(world.me, world.desk, again.changes.undo)
    set_shift(world.me, world.desk, ShiftData(world.at(9, 8), world.at(9, 12), world.me.person_id))
    with pytest.raises(UserError):
        take_back(world.me, world.desk, back.changes.undo)
