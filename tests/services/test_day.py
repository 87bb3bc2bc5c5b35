"""The counsellor's day beside appointments: walk-ins, the waiting list, absences, duty, quick notes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from counselroom.errors import UserError
from counselroom.rules.care_words import DutyChannel, WaitingState
from counselroom.rules.counselling import AppointmentState, CancelledBy, Channel, Urgency
from counselroom.services import appointments, duty, scratch_notes, waiting
from counselroom.services.appointments import AppointmentClash
from counselroom.services.desk import AccessDenied
from counselroom.services.undo import take_back
from counselroom.services.waiting import WaitingData
from tests.services.world import NAMES, STAFF, World

STATES = AppointmentState


def assessed(world: World, appointment_id: str) -> None:
    """Store a signed assessment of this appointment, column by column."""
    names = [row[1] for row in world.sql("PRAGMA table_info(crisis_assessment)") if row[3]]
    values: dict[str, object] = {
        name: "2026-10-12T01:00:00.000000Z+08:00" if name.endswith("_at") else "" for name in names
    }
    values |= {
        "id": "assessment-1",
        "student_id": world.students[0],
        "counsellor_id": world.me.person_id,
        "source_entity": "appointment",
        "source_id": appointment_id,
        "signed_at": "2026-10-12T02:00:00.000000Z+08:00",
        "secrecy": "S3",
        "criteria": "[]",
    }
    sql = f"INSERT INTO crisis_assessment ({', '.join(values)}) VALUES ({', '.join('?' for _ in values)})"
    with world.desk.vault.change() as session:
        session.connection().exec_driver_sql(sql, tuple(values.values()))


def test_a_walk_in_has_arrived_and_begins_this_minute(world: World) -> None:
    done = appointments.walk_in(world.me, world.desk, world.students[0], world.people.rooms[0])
    view = done.value
    assert (view.state, view.starts_at, view.ends_at - view.starts_at) == (
        STATES.CHECKED_IN,
        world.at(0, 9),
        timedelta(minutes=50),
    )
    assert world.sql("SELECT channel FROM appointment") == [(Channel.WALK_IN.value,)]
    with pytest.raises(AppointmentClash):
        appointments.walk_in(world.me, world.desk, world.students[1])
    assert done.changes.undo is not None
    take_back(world.me, world.desk, done.changes.undo)
    assert appointments.walk_in(world.me, world.desk, world.students[1]).value.state is STATES.CHECKED_IN


def test_a_walk_in_is_received_after_the_stop_day(world: World) -> None:
    world.clock.moment = world.clock.moment.replace(year=2027, month=1, day=12)
    assert appointments.walk_in(world.me, world.desk, world.students[0]).value.state is STATES.CHECKED_IN


def test_only_a_walk_in_that_just_arrived_is_taken_back(world: World) -> None:
    booked = appointments.book_appointment(world.me, world.desk, world.booking()).value
    with pytest.raises(UserError):
        appointments.withdraw_walk_in(world.me, world.desk, booked.id)
    came = appointments.walk_in(world.me, world.desk, world.students[0]).value
    appointments.set_appointment_state(world.me, world.desk, came.id, STATES.COMPLETED)
    with pytest.raises(UserError):
        appointments.withdraw_walk_in(world.me, world.desk, came.id)


def test_a_crisis_is_not_finished_before_it_was_assessed(world: World) -> None:
    came = appointments.walk_in(world.me, world.desk, world.students[0], urgency=Urgency.CRISIS).value
    with pytest.raises(UserError) as caught:
        appointments.set_appointment_state(world.me, world.desk, came.id, STATES.COMPLETED)
    assert caught.value.next_step
    booked = appointments.book_appointment(world.me, world.desk, world.booking(days=3)).value
    done = appointments.set_urgency(world.me, world.desk, booked.id, Urgency.CRISIS)
    with pytest.raises(UserError):
        appointments.set_appointment_state(world.me, world.desk, booked.id, STATES.NO_SHOW)
    with pytest.raises(UserError):
        appointments.cancel_appointment(world.me, world.desk, booked.id, CancelledBy.CLIENT, "")
    assert done.changes.undo is not None
    assert take_back(world.me, world.desk, done.changes.undo).value.urgency is Urgency.NORMAL
    appointments.cancel_appointment(world.me, world.desk, booked.id, CancelledBy.CLIENT, "")
    assessed(world, came.id)
    assert (
        appointments.set_appointment_state(world.me, world.desk, came.id, STATES.COMPLETED).value.state
        is STATES.COMPLETED
    )


def test_a_crisis_booked_by_mistake_can_be_taken_back(world: World) -> None:
    done = appointments.book_appointment(world.me, world.desk, world.booking(urgency=Urgency.CRISIS))
    assert done.changes.undo is not None
    assert take_back(world.me, world.desk, done.changes.undo).value.state is STATES.CANCELLED


def test_absences_in_a_row_are_counted(world: World) -> None:
    found = []
    for day, state in enumerate([STATES.NO_SHOW, STATES.COMPLETED, STATES.NO_SHOW, STATES.NO_SHOW], start=1):
        view = appointments.book_appointment(world.me, world.desk, world.booking(days=day)).value
        if state is STATES.COMPLETED:
            appointments.set_appointment_state(world.me, world.desk, view.id, STATES.CHECKED_IN)
        found.append(appointments.set_appointment_state(world.me, world.desk, view.id, state).value.absences)
    assert found == [1, 0, 1, 2]


def test_the_waiting_list_is_urgent_first_and_then_who_asked_first(world: World) -> None:
    first, second, third = (
        waiting.add_waiting(world.me, world.desk, WaitingData(world.students[number], urgency=urgency)).value
        for number, urgency in enumerate((Urgency.NORMAL, Urgency.NORMAL, Urgency.SOON))
    )
    assert [view.id for view in waiting.list_waiting(world.me, world.desk)] == [third.id, first.id, second.id]
    assert (first.client_name, first.minutes, first.state) == (NAMES[0], 50, WaitingState.WAITING)
    with pytest.raises(UserError):
        waiting.add_waiting(world.me, world.desk, WaitingData(world.students[0]))
    with pytest.raises(UserError):
        waiting.add_waiting(world.me, world.desk, WaitingData("nobody"))
    with pytest.raises(AccessDenied):
        waiting.add_waiting(world.people.archivist, world.desk, WaitingData(world.students[0]))


def test_a_crisis_does_not_wait(world: World) -> None:
    with pytest.raises(UserError) as caught:
        waiting.add_waiting(world.me, world.desk, WaitingData(world.students[0], urgency=Urgency.CRISIS))
    assert caught.value.next_step
    assert waiting.list_waiting(world.me, world.desk) == ()


def test_booking_closes_the_entry_and_taking_it_back_opens_it(world: World) -> None:
    entry = waiting.add_waiting(world.me, world.desk, WaitingData(world.students[0])).value
    done = appointments.book_appointment(world.me, world.desk, world.booking(waiting_id=entry.id))
    assert ("waiting_entry", entry.id) in done.changes.changed
    assert waiting.list_waiting(world.me, world.desk) == ()
    with pytest.raises(UserError):
        appointments.book_appointment(world.me, world.desk, world.booking(days=2, waiting_id=entry.id))
    assert done.changes.undo is not None
    back = take_back(world.me, world.desk, done.changes.undo)
    assert [view.id for view in waiting.list_waiting(world.me, world.desk)] == [entry.id]
    assert back.changes.undo is not None
    take_back(world.me, world.desk, back.changes.undo)
    assert waiting.list_waiting(world.me, world.desk) == ()


def test_an_entry_is_for_its_own_client(world: World) -> None:
    entry = waiting.add_waiting(world.me, world.desk, WaitingData(world.students[1])).value
    with pytest.raises(UserError):
        appointments.book_appointment(world.me, world.desk, world.booking(waiting_id=entry.id))
    assert world.sql("SELECT count(*) FROM appointment") == [(0,)]


def test_somebody_is_taken_off_the_list_and_put_back(world: World) -> None:
    entry = waiting.add_waiting(world.me, world.desk, WaitingData(world.students[0])).value
    with pytest.raises(UserError):
        waiting.withdraw_waiting(world.me, world.desk, entry.id, " ")
    done = waiting.withdraw_waiting(world.me, world.desk, entry.id, "已转校外")
    assert (done.value.state, waiting.list_waiting(world.me, world.desk)) == (WaitingState.WITHDRAWN, ())
    assert done.changes.undo is not None
    again = take_back(world.me, world.desk, done.changes.undo)
    assert again.value.asked_at == entry.asked_at
    assert again.changes.undo is not None
    assert take_back(world.me, world.desk, again.changes.undo).value.state is WaitingState.WITHDRAWN
    with pytest.raises(UserError):
        waiting.withdraw_waiting(world.me, world.desk, entry.id, "x")


def shift(world: World, hour: int = 8, hours: int = 4, **changes: object) -> duty.ShiftData:
    start = world.at(0, hour)
    fields: dict[str, object] = {
        "starts_at": start,
        "ends_at": start + timedelta(hours=hours),
        "counsellor_id": world.me.person_id,
    }
    return duty.ShiftData(**(fields | changes))  # type: ignore[arg-type]


def test_duty_now_and_of_a_day(world: World) -> None:
    morning = duty.set_shift(world.me, world.desk, shift(world)).value
    duty.set_shift(world.me, world.desk, shift(world, 13))
    assert (morning.who, morning.is_now) == (STAFF[0], True)
    assert [view.id for view in duty.on_duty(world.me, world.desk)] == [morning.id]
    today = date(2026, 10, 12)
    assert len(duty.list_shifts(world.me, world.desk, today, today)) == 2
    assert duty.list_shifts(world.me, world.desk, today + timedelta(days=1), today + timedelta(days=9)) == ()
    world.clock.moment += timedelta(hours=3)
    assert duty.on_duty(world.me, world.desk) == ()


def test_a_substitute_is_on_duty_in_the_place_of_another(world: World) -> None:
    first = duty.set_shift(world.me, world.desk, shift(world)).value
    done = duty.set_shift(
        world.me, world.desk, shift(world, substitute_id=world.colleague.person_id), first.id, first.seen
    )
    assert done.value.who == STAFF[1]
    assert done.changes.undo is not None
    assert take_back(world.me, world.desk, done.changes.undo).value.who == STAFF[0]
    with pytest.raises(UserError):
        take_back(world.me, world.desk, done.changes.undo)


@pytest.mark.parametrize("wrong", ["length", "long", "nobody", "double"])
def test_a_shift_that_cannot_be(world: World, wrong: str) -> None:
    duty.set_shift(world.me, world.desk, shift(world))
    changes = {
        "length": shift(world, hours=0),
        "long": shift(world, hours=25),
        "nobody": shift(world, 14, counsellor_id=world.students[0]),
        "double": shift(world, 11),
    }
    with pytest.raises(UserError):
        duty.set_shift(world.me, world.desk, changes[wrong])
    duty.set_shift(world.me, world.desk, shift(world, 11, channel=DutyChannel.HOTLINE))
    duty.set_shift(world.me, world.desk, shift(world, 12))


def test_a_shift_is_removed_and_restored_unless_it_is_filled(world: World) -> None:
    first = duty.set_shift(world.me, world.desk, shift(world))
    done = duty.remove_shift(world.me, world.desk, first.value.id)
    assert duty.on_duty(world.me, world.desk) == ()
    assert done.changes.undo is not None
    take_back(world.me, world.desk, done.changes.undo)
    removed = duty.remove_shift(world.me, world.desk, first.value.id)
    duty.set_shift(world.me, world.desk, shift(world))
    assert removed.changes.undo is not None
    with pytest.raises(UserError):
        take_back(world.me, world.desk, removed.changes.undo)


def test_a_quick_note_is_its_writers_alone_until_given_on(world: World) -> None:
    done = scratch_notes.write_scratch(world.me, world.desk, " 走廊遇到，说周五请假 ")
    note = done.value
    assert (note.said, note.subject_person) == ("走廊遇到，说周五请假", None)
    assert scratch_notes.list_scratch(world.colleague, world.desk) == ()
    with pytest.raises(AccessDenied):
        scratch_notes.change_scratch(world.colleague, world.desk, note.id, "x")
    given = scratch_notes.give_scratch(world.me, world.desk, note.id, world.students[0], "case_file", "c1", note.seen)
    assert (given.value.subject_name, given.value.entity) == (NAMES[0], "case_file")
    assert scratch_notes.list_scratch(world.me, world.desk) == ()
    assert len(scratch_notes.list_scratch(world.me, world.desk, also_given=True)) == 1
    with pytest.raises(UserError):
        scratch_notes.change_scratch(world.me, world.desk, note.id, "x")
    assert given.changes.undo is not None
    take_back(world.me, world.desk, given.changes.undo)
    assert [view.id for view in scratch_notes.list_scratch(world.me, world.desk)] == [note.id]


def test_a_quick_note_is_changed_dropped_and_brought_back(world: World) -> None:
    for wrong in (lambda: scratch_notes.write_scratch(world.me, world.desk, "  "),
                  lambda: scratch_notes.write_scratch(world.me, world.desk, "x", "nobody")):  # fmt: skip
        with pytest.raises(UserError):
            wrong()
    first = scratch_notes.write_scratch(world.me, world.desk, "一")
    changed = scratch_notes.change_scratch(world.me, world.desk, first.value.id, "二")
    assert changed.changes.undo is not None
    assert take_back(world.me, world.desk, changed.changes.undo).value.said == "一"
    dropped = scratch_notes.drop_scratch(world.me, world.desk, first.value.id)
    assert scratch_notes.list_scratch(world.me, world.desk) == ()
    assert dropped.changes.undo is not None
    back = take_back(world.me, world.desk, dropped.changes.undo)
    assert back.value.said == "一"
    assert back.changes.undo is not None
    take_back(world.me, world.desk, back.changes.undo)
    with pytest.raises(UserError):
        take_back(world.me, world.desk, back.changes.undo)
