"""Appointments: a clash is refused with its reason, every state follows from the one before, and undo is exact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from counselroom.errors import UserError
from counselroom.rules.appointment import Clash, LengthHint
from counselroom.rules.counselling import AppointmentState, CancelledBy, Channel, ClientType, Mode, Urgency
from counselroom.services import parameters, school
from counselroom.services.appointments import (
    AppointmentClash,
    AppointmentView,
    book_appointment,
    cancel_appointment,
    list_appointments,
    move_appointment,
    set_appointment_state,
)
from counselroom.services.undo import take_back
from tests.services.world import NAMES, STAFF, World

STATES = AppointmentState


def book(world: World, **changes: Any) -> AppointmentView:
    return book_appointment(world.me, world.desk, world.booking(**changes)).value


def test_a_booking_is_kept_as_it_was_made(world: World) -> None:
    booking = world.booking(
        channel=Channel.LETTER,
        mode=Mode.ONLINE,
        urgency=Urgency.SOON,
        client_type=ClientType.STUDENT,
        issue_brief="只在库内",
    )
    done = book_appointment(world.me, world.desk, booking)
    view = done.value
    assert (view.client_id, view.client_name) == (world.students[0], NAMES[0])
    assert (view.counsellor_id, view.counsellor_name, view.room_name) == (world.me.person_id, STAFF[0], "个别咨询室")
    assert (view.starts_at, view.ends_at, view.mode, view.urgency) == (
        booking.starts_at,
        booking.ends_at,
        Mode.ONLINE,
        Urgency.SOON,
    )
    assert (view.number, view.state, view.hint) == ("YY-2026-001", STATES.CONFIRMED, None)
    assert done.changes.changed == {("appointment", view.id)}
    ((channel, client_type, brief, secrecy, term),) = world.sql(
        "SELECT channel, client_type, issue_brief, secrecy, term FROM appointment"
    )
    assert (channel, client_type, brief, secrecy, term) == ("letter", "student", "只在库内", "S2", "2026-2027-1")
    assert [row.action for row in world.audit()][-1] == "write"


def test_an_appointment_may_have_no_room(world: World) -> None:
    assert book(world, room_id=None).room_name is None
    other = book(world, room_id=None, client_id=world.students[1], counsellor_id=world.colleague.person_id)
    assert other.state is STATES.CONFIRMED


SLOTS = {"counsellor": Clash.COUNSELLOR, "client": Clash.CLIENT, "room": Clash.ROOM}


@pytest.mark.parametrize("shared_things", [("counsellor",), ("client",), ("room",), ("counsellor", "room", "client")])
@pytest.mark.parametrize(
    ("begin", "end", "clashes"),
    [
        (0, 50, True),
        (-30, 1, True),
        (49, 90, True),
        (10, 20, True),
        (-10, 70, True),
        (-50, 0, False),
        (50, 100, False),
    ],
)
def test_what_overlaps_is_refused_and_what_touches_is_not(
    shared: World, shared_things: tuple[str, ...], begin: int, end: int, clashes: bool
) -> None:
    taken = book(shared, hour=10)
    changes: dict[str, Any] = {
        "starts_at": taken.starts_at + timedelta(minutes=begin),
        "ends_at": taken.starts_at + timedelta(minutes=end),
        "counsellor_id": shared.colleague.person_id,
        "client_id": shared.students[1],
        "room_id": shared.people.rooms[1],
    }
    same = {"counsellor": shared.me.person_id, "client": shared.students[0], "room": shared.people.rooms[0]}
    changes |= {f"{thing}_id": same[thing] for thing in shared_things}
    try:
        if not clashes:
            second = book(shared, **changes)
            cancel_appointment(shared.me, shared.desk, second.id, CancelledBy.SCHOOL, "")
            return
        with pytest.raises(AppointmentClash) as caught:
            book(shared, **changes)
        assert caught.value.kinds == {SLOTS[thing] for thing in shared_things}
    finally:
        cancel_appointment(shared.me, shared.desk, taken.id, CancelledBy.SCHOOL, "")


def test_a_clash_says_what_is_taken(world: World) -> None:
    book(world)
    with pytest.raises(AppointmentClash) as caught:
        book(world, client_id=world.students[1])
    assert "咨询师" in caught.value.happened
    assert "房间" in caught.value.happened
    assert NAMES[0] not in caught.value.sentence()


def test_a_long_appointment_is_seen_from_its_far_end(world: World) -> None:
    book(world, hour=8, ends_at=world.at(1, 20))
    with pytest.raises(AppointmentClash):
        book(world, hour=19, ends_at=world.at(1, 20, 30))
    book(world, hour=20)


@pytest.mark.parametrize("minutes", [-50, 0, 12 * 60 + 1])
def test_a_time_that_cannot_be_is_refused(world: World, minutes: int) -> None:
    with pytest.raises(UserError):
        book(world, ends_at=world.booking().starts_at + timedelta(minutes=minutes))
    booked = book(world)
    with pytest.raises(UserError):
        move_appointment(
            world.me,
            world.desk,
            booked.id,
            booked.starts_at,
            booked.starts_at + timedelta(minutes=minutes),
            None,
        )
    assert world.sql("SELECT count(*) FROM appointment") == [(1,)]


def on(day: date, hour: int = 14) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=timezone(timedelta(hours=8)))


def test_no_new_appointment_after_the_stop_day_of_a_term(world: World) -> None:
    last, next_day = date(2027, 1, 8), date(2027, 1, 9)
    booked = book(world, starts_at=on(last), ends_at=on(last, 15))
    with pytest.raises(UserError) as caught:
        book(world, starts_at=on(next_day), ends_at=on(next_day, 15))
    assert caught.value.next_step
    with pytest.raises(UserError):
        move_appointment(world.me, world.desk, booked.id, on(next_day), on(next_day, 15), None)
    assert world.sql("SELECT count(*) FROM appointment") == [(1,)]
    holidays, spring = date(2027, 1, 25), date(2027, 2, 22)
    book(world, starts_at=on(holidays), ends_at=on(holidays, 15))
    book(world, starts_at=on(spring), ends_at=on(spring, 15))


def test_what_was_booked_before_the_stop_day_was_set_can_move_within_its_day(world: World) -> None:
    day = date(2026, 12, 20)
    booked = book(world, starts_at=on(day), ends_at=on(day, 15))
    terms = (school.TermDates(1, date(2026, 9, 1), date(2027, 1, 20), date(2026, 12, 1)),)
    school.set_academic_year(world.me, world.desk, "2026-2027", terms)
    moved = move_appointment(world.me, world.desk, booked.id, on(day, 16), on(day, 17), None).value
    assert moved.starts_at == on(day, 16)


def test_the_offset_of_the_wall_clock_is_kept(world: World) -> None:
    zone = timezone(timedelta(hours=6))
    start = datetime(2026, 10, 14, 9, 0, tzinfo=zone)
    booked = book(world, starts_at=start, ends_at=start + timedelta(minutes=50))
    (found,) = list_appointments(world.me, world.desk, world.at(0, 0), world.at(9, 0))
    assert found.starts_at == start
    assert found.starts_at.utcoffset() == booked.starts_at.utcoffset() == timedelta(hours=6)
    assert world.sql("SELECT starts_at FROM appointment") == [("2026-10-14T03:00:00.000000Z+06:00",)]
    with pytest.raises(AppointmentClash):
        book(world, starts_at=start.astimezone(timezone(timedelta(hours=8))), ends_at=start + timedelta(minutes=10))


@pytest.mark.parametrize(("minutes", "hint"), [(44, LengthHint.SHORT), (45, None), (60, None), (61, LengthHint.LONG)])
def test_an_unusual_length_is_hinted_at_and_not_hindered(shared: World, minutes: int, hint: LengthHint | None) -> None:
    start = shared.at(20 + minutes, 14)
    assert book(shared, starts_at=start, ends_at=start + timedelta(minutes=minutes)).hint is hint


def test_the_hint_follows_the_schools_parameters(world: World) -> None:
    parameters.set_parameter(world.me, world.desk, "session_min", 30)
    parameters.set_parameter(world.me, world.desk, "session_max", 40)
    assert book(world).hint is LengthHint.LONG
    assert book(world, hour=16, ends_at=world.at(1, 16, 29)).hint is LengthHint.SHORT


def test_moving(world: World) -> None:
    booked = book(world)
    blocked = book(world, hour=16, client_id=world.students[1])
    done = move_appointment(
        world.me, world.desk, booked.id, world.at(1, 14, 30), world.at(1, 15, 20), world.people.rooms[1]
    )
    assert (done.value.starts_at, done.value.ends_at) == (world.at(1, 14, 30), world.at(1, 15, 20))
    assert (done.value.room_name, done.value.number) == ("沙盘室", booked.number)
    assert done.changes.changed == {("appointment", booked.id)}
    before = world.dump()
    with pytest.raises(AppointmentClash) as caught:
        move_appointment(world.me, world.desk, booked.id, world.at(1, 15, 30), world.at(1, 16, 20), None)
    assert caught.value.kinds == {Clash.COUNSELLOR}
    assert world.dump() == before
    cancel_appointment(world.me, world.desk, blocked.id, CancelledBy.CLIENT, "")
    with pytest.raises(UserError):
        move_appointment(world.me, world.desk, blocked.id, world.at(2, 9), world.at(2, 10), None)
    move_appointment(world.me, world.desk, booked.id, world.at(1, 15, 30), world.at(1, 16, 20), None)


def test_undo_of_moving_puts_it_back(world: World) -> None:
    booked = book(world)
    done = move_appointment(world.me, world.desk, booked.id, world.at(3, 9), world.at(3, 10), None)
    assert done.changes.undo is not None
    back = take_back(world.me, world.desk, done.changes.undo).value
    assert replace(back, seen=booked.seen) == booked
    with pytest.raises(UserError):
        take_back(world.me, world.desk, done.changes.undo)


def test_cancelling_keeps_who_and_why(world: World) -> None:
    booked = book(world)
    done = cancel_appointment(world.me, world.desk, booked.id, CancelledBy.CLIENT, " 生病 ")
    assert done.value.state is STATES.CANCELLED
    stored = "SELECT state, cancelled_by, cancel_reason FROM appointment WHERE id = :id"
    assert world.sql(stored, id=booked.id) == [("cancelled", "client", "生病")]
    with pytest.raises(UserError):
        cancel_appointment(world.me, world.desk, booked.id, CancelledBy.SCHOOL, "")
    assert done.changes.undo is not None
    back = take_back(world.me, world.desk, done.changes.undo)
    assert back.value.state is STATES.CONFIRMED
    assert world.sql(stored, id=booked.id) == [("confirmed", None, None)]
    assert back.changes.undo is not None
    take_back(world.me, world.desk, back.changes.undo)
    assert world.sql(stored, id=booked.id) == [("cancelled", "client", "生病")]


def test_a_cancelled_time_that_was_given_away_does_not_come_back(world: World) -> None:
    booked = book(world)
    done = cancel_appointment(world.me, world.desk, booked.id, CancelledBy.CLIENT, "")
    book(world, client_id=world.students[1])
    assert done.changes.undo is not None
    with pytest.raises(AppointmentClash):
        take_back(world.me, world.desk, done.changes.undo)
    assert world.sql("SELECT state FROM appointment WHERE id = :id", id=booked.id) == [("cancelled",)]


def test_an_absence_gives_the_time_away_and_takes_it_back_only_while_free(world: World) -> None:
    booked = book(world)
    done = set_appointment_state(world.me, world.desk, booked.id, STATES.NO_SHOW)
    book(world, client_id=world.students[1], counsellor_id=world.colleague.person_id)
    with pytest.raises(AppointmentClash) as caught:
        set_appointment_state(world.me, world.desk, booked.id, STATES.CONFIRMED)
    assert caught.value.kinds == {Clash.ROOM}
    assert done.changes.undo is not None
    with pytest.raises(AppointmentClash):
        take_back(world.me, world.desk, done.changes.undo)


def test_undo_of_booking_cancels(world: World) -> None:
    done = book_appointment(world.me, world.desk, world.booking())
    assert done.changes.undo is not None
    assert take_back(world.me, world.desk, done.changes.undo).value.state is STATES.CANCELLED
    assert world.sql("SELECT cancelled_by FROM appointment") == [("counsellor",)]


NEXT = {
    STATES.CONFIRMED: {STATES.CHECKED_IN, STATES.NO_SHOW},
    STATES.CHECKED_IN: {STATES.COMPLETED, STATES.CONFIRMED},
    STATES.COMPLETED: set(),
    STATES.NO_SHOW: {STATES.CONFIRMED},
    STATES.CANCELLED: {STATES.CONFIRMED},
}
WAY = {
    STATES.CONFIRMED: (),
    STATES.CHECKED_IN: (STATES.CHECKED_IN,),
    STATES.COMPLETED: (STATES.CHECKED_IN, STATES.COMPLETED),
    STATES.NO_SHOW: (STATES.NO_SHOW,),
    STATES.CANCELLED: (STATES.CANCELLED,),
}


@pytest.mark.parametrize("state", list(NEXT))
def test_a_state_follows_only_from_the_one_before(shared: World, state: AppointmentState) -> None:
    for then in STATES:
        booked = book(shared, days=2, hour=10)
        for step in WAY[state]:
            if step is STATES.CANCELLED:
                cancel_appointment(shared.me, shared.desk, booked.id, CancelledBy.SCHOOL, "")
            else:
                set_appointment_state(shared.me, shared.desk, booked.id, step)
        if then in NEXT[state]:
            done = set_appointment_state(shared.me, shared.desk, booked.id, then)
            assert done.value.state is then
            if done.changes.undo is not None:
                assert take_back(shared.me, shared.desk, done.changes.undo).value.state is state
            else:
                assert then is STATES.COMPLETED
        else:
            with pytest.raises(UserError):
                set_appointment_state(shared.me, shared.desk, booked.id, then)
        free_the_time(shared, booked.id)


def free_the_time(world: World, appointment_id: str) -> None:
    """Take an appointment out of the way of the next, whatever its state."""
    with world.desk.vault.change() as session:
        session.connection().exec_driver_sql(
            "UPDATE appointment SET state = 'cancelled' WHERE id = ?", (appointment_id,)
        )


def test_undo_refuses_what_has_moved_on(world: World) -> None:
    first = book_appointment(world.me, world.desk, world.booking())
    moved = move_appointment(world.me, world.desk, first.value.id, world.at(3, 9), world.at(3, 10), None)
    arrived = set_appointment_state(world.me, world.desk, first.value.id, STATES.CHECKED_IN)
    for done in (first, moved):
        assert done.changes.undo is not None
        before = world.dump()
        with pytest.raises(UserError) as caught:
            take_back(world.me, world.desk, done.changes.undo)
        assert caught.value.safe
        assert world.dump() == before
    assert arrived.changes.undo is not None
    assert take_back(world.me, world.desk, arrived.changes.undo).value.state is STATES.CONFIRMED


def test_the_calendar_lists_from_included_to_not_included_in_order(world: World) -> None:
    late = book(world, days=1, hour=16)
    early = book(world, days=1, hour=9)
    other = book(
        world, days=1, hour=9, counsellor_id=world.colleague.person_id, client_id=world.students[1], room_id=None
    )
    found = list_appointments(world.me, world.desk, early.starts_at, late.starts_at)
    assert {view.id for view in found} == {early.id, other.id}
    found = list_appointments(world.me, world.desk, world.at(1, 9, 1), world.at(1, 16, 1))
    assert [view.id for view in found] == [late.id]
    mine = list_appointments(world.colleague, world.desk, world.at(0, 0), world.at(9, 0), world.me.person_id)
    assert [view.id for view in mine] == [early.id, late.id]


def test_a_voided_appointment_is_gone(world: World) -> None:
    booked = book(world)
    with world.desk.vault.change() as session:
        session.connection().exec_driver_sql("UPDATE appointment SET voided_at = updated_at WHERE id = ?", (booked.id,))
    assert list_appointments(world.me, world.desk, world.at(0, 0), world.at(9, 0)) == ()
    with pytest.raises(UserError):
        set_appointment_state(world.me, world.desk, booked.id, STATES.CHECKED_IN)
    with pytest.raises(UserError):
        cancel_appointment(world.me, world.desk, "none", CancelledBy.CLIENT, "")
    book(world)
