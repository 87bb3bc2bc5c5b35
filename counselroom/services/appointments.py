"""Appointments: book, move, cancel, arrive; a clash is refused with its reason (SYS-05)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.counselling import Appointment
from counselroom.model.people import Person
from counselroom.rules import appointment as rules
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.appointment import Slot
from counselroom.rules.counselling import AppointmentState, CancelledBy, Channel, ClientType, Mode, Urgency
from counselroom.rules.numbering import Series
from counselroom.rules.people import Gender, PersonKind
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, numbers, parameter_values, triggers
from counselroom.services.appointment_rows import AppointmentClash as AppointmentClash
from counselroom.services.appointment_rows import AppointmentView as AppointmentView
from counselroom.services.appointment_rows import (
    appointment_view,
    check_time,
    load_appointment,
    refuse_clash,
    refuse_stopped,
    slot_of,
    taken_slots,
)
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk, Work
from counselroom.services.waiting_rows import answer_waiting, put_on_waiting_list, wait_again_of, wait_no_more_of


@dataclass(frozen=True)
class Booking:
    """What is booked; both moments are aware."""

    client_id: str
    counsellor_id: str
    starts_at: datetime
    ends_at: datetime
    room_id: str | None = None
    client_type: ClientType = ClientType.STUDENT
    channel: Channel = Channel.IN_PERSON
    mode: Mode = Mode.FACE
    urgency: Urgency = Urgency.NORMAL
    issue_brief: str | None = None
    waiting_id: str | None = None
    """The entry of the waiting list that it answers."""
    client_name: str = ""
    """Of somebody the vault does not know yet, when `client_id` is empty."""


def book_appointment(actor: Actor, desk: Desk, booking: Booking) -> Done[AppointmentView]:
    """Book an appointment.

    Raises:
        AppointmentClash: counsellor, room or client is taken at that time.
        UserError: it ends before it begins, is longer than twelve hours, or lies after the term's stop day.
    """
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("appointment", secrecy=Secrecy.S2), work)
        check_time(work, booking.starts_at, booking.ends_at)
        refuse_stopped(work, booking.starts_at)
        return _book(work, actor, with_client(work, actor, booking), AppointmentState.CONFIRMED)


def walk_in(
    actor: Actor,
    desk: Desk,
    client_id: str,
    room_id: str | None = None,
    urgency: Urgency = Urgency.NORMAL,
    *,
    name: str = "",
    client_type: ClientType = ClientType.STUDENT,
) -> Done[AppointmentView]:
    """Write down somebody who came without an appointment: from this minute, arrived, with the actor.

    Who comes is received, also after the day on which appointments stop (P.open_hours). It lasts as long as usual, or
    until the next appointment of the actor or the client.

    Args:
        actor: who receives.
        desk: the desk.
        client_id: who came; empty for somebody the vault does not know yet.
        room_id: where, or None.
        urgency: how soon.
        name: of somebody the vault does not know.
        client_type: whether that is a parent, somebody of the staff, or a student.

    Raises:
        AppointmentClash: the actor, the client or the room is taken now.
        UserError: nobody is named.
    """
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("appointment", secrecy=Secrecy.S2), work)
        starts_at = work.now.replace(second=0, microsecond=0)
        ends_at = starts_at + timedelta(minutes=parameter_values.number(work, "session_default"))
        booking = with_client(
            work,
            actor,
            Booking(
                client_id,
                actor.person_id,
                starts_at,
                ends_at,
                room_id,
                client_type,
                channel=Channel.WALK_IN,
                urgency=urgency,
                client_name=name,
            ),
        )
        wanted = Slot(starts_at, ends_at, actor.person_id, booking.client_id, room_id)
        later = [slot.starts_at for slot in taken_slots(work, wanted) if slot.starts_at > starts_at]
        booking = replace(booking, ends_at=min([ends_at, *later]))
        view = _book(work, actor, booking, AppointmentState.CHECKED_IN).value
        undo = Undo(
            _("The walk-in was written down."), "withdraw_walk_in", {"appointment_id": view.id, "seen": work.now}
        )
        return Done(view, work.changes(undo))


def with_client(work: Work, actor: Actor, booking: Booking) -> Booking:
    """Return a booking for somebody the vault knows: a name it does not know yet is written down. Raises UserError."""
    if booking.client_id:
        return booking
    if not booking.client_name.strip():
        raise UserError(_("Nobody is named."), _("Nothing was booked."), _("Please type a name, initials or a number."))
    kinds = {ClientType.PARENT: PersonKind.GUARDIAN, ClientType.STAFF: PersonKind.STAFF}
    person = Person(
        **work.common(actor, Secrecy.S2, work.now.date()),
        kind=kinds.get(booking.client_type, PersonKind.OTHER),
        name=booking.client_name.strip(),
        gender=Gender.UNKNOWN,
    )
    work.session.add(person)
    work.touch(person, actor)
    work.session.flush()
    return replace(booking, client_id=person.id, client_name="")


def withdraw_walk_in(actor: Actor, desk: Desk, appointment_id: str, seen: datetime | None = None) -> Done[None]:
    """Take back a walk-in that was written down by mistake; it stays on record, void.

    Raises:
        UserError: it is no walk-in that has just arrived, or it has moved on since `seen`.
    """
    with desk.change() as work:
        row = load_appointment(work, appointment_id, seen)
        access.allow(actor, Action.WRITE, Subject("appointment", row.id, Secrecy.S2, row.counsellor_id), work)
        if row.channel is not Channel.WALK_IN or row.state is not AppointmentState.CHECKED_IN:
            raise _out_of_step()
        row.voided_at, row.voided_by, row.void_reason = work.now, actor.account_id, "撤销"
        work.touch(row, actor)
        return Done(None, work.changes())


def set_urgency(
    actor: Actor, desk: Desk, appointment_id: str, urgency: Urgency, seen: datetime | None = None
) -> Done[AppointmentView]:
    """Say how urgent an appointment is; `crisis` asks for the risk assessment before it can be finished."""
    with desk.change() as work:
        row = load_appointment(work, appointment_id, seen)
        access.allow(actor, Action.WRITE, Subject("appointment", row.id, Secrecy.S2, row.counsellor_id), work)
        undo = Undo(
            _("The urgency was changed."),
            "set_urgency",
            {"appointment_id": row.id, "urgency": row.urgency, "seen": work.now},
        )
        row.urgency = urgency
        work.touch(row, actor)
        return Done(appointment_view(work, row), work.changes(undo))


def move_appointment(
    actor: Actor,
    desk: Desk,
    appointment_id: str,
    starts_at: datetime,
    ends_at: datetime,
    room_id: str | None,
    seen: datetime | None = None,
    counsellor_id: str | None = None,
) -> Done[AppointmentView]:
    """Move an appointment to another time or room, or give it to another counsellor.

    Raises:
        AppointmentClash: the new time is taken.
        UserError: it is over or cancelled, has moved on since `seen`, or its new day lies after the term's stop day.
    """
    with desk.change() as work:
        row = load_appointment(work, appointment_id, seen)
        access.allow(actor, Action.WRITE, Subject("appointment", row.id, Secrecy.S2, row.counsellor_id), work)
        if row.state not in (AppointmentState.REQUESTED, AppointmentState.CONFIRMED):
            raise UserError(_("Only an appointment still to come can be moved."), _("Nothing was changed."))
        check_time(work, starts_at, ends_at)
        if starts_at.date() != row.starts_at.date():
            refuse_stopped(work, starts_at)
        undo = Undo(
            _("The appointment was moved."),
            "move_appointment",
            {
                "appointment_id": row.id,
                "starts_at": row.starts_at,
                "ends_at": row.ends_at,
                "room_id": row.room_id,
                "seen": work.now,
                "counsellor_id": row.counsellor_id,
            },
        )
        row.starts_at, row.ends_at, row.room_id = starts_at, ends_at, room_id
        row.counsellor_id = counsellor_id or row.counsellor_id
        work.place(row, starts_at.date())
        refuse_clash(work, slot_of(work, row))
        work.touch(row, actor)
        return Done(appointment_view(work, row), work.changes(undo))


def cancel_appointment(
    actor: Actor,
    desk: Desk,
    appointment_id: str,
    by: CancelledBy,
    reason: str,
    seen: datetime | None = None,
    *,
    waits: bool = False,
) -> Done[AppointmentView]:
    """Cancel an appointment; it stays on record with who cancelled and why.

    With `waits` the client goes back to the waiting list in the same step, unless they wait already.
    """
    with desk.change() as work:
        row = load_appointment(work, appointment_id, seen)
        access.allow(actor, Action.WRITE, Subject("appointment", row.id, Secrecy.S2, row.counsellor_id), work)
        before = row.state
        if row.updated_at == row.created_at:
            wait_again_of(work, actor, row)
        else:
            refuse_unassessed(work, row)
        _go_to(row, AppointmentState.CANCELLED)
        if waits:
            put_on_waiting_list(work, actor, row)
        row.cancelled_by, row.cancel_reason = by, reason.strip() or None
        work.touch(row, actor)
        undo = Undo(
            _("The appointment was cancelled."),
            "set_appointment_state",
            {"appointment_id": row.id, "state": before, "seen": work.now},
        )
        return Done(appointment_view(work, row), work.changes(undo))


def set_appointment_state(
    actor: Actor, desk: Desk, appointment_id: str, state: AppointmentState, seen: datetime | None = None
) -> Done[AppointmentView]:
    """Mark as arrived, completed or absent, or take such a mark back.

    Raises:
        AppointmentClash: a cancelled appointment cannot come back because its time was given away.
        UserError: the state cannot follow the present one, or is `cancelled`: `cancel_appointment` says by whom.
    """
    with desk.change() as work:
        row = load_appointment(work, appointment_id, seen)
        access.allow(actor, Action.WRITE, Subject("appointment", row.id, Secrecy.S2, row.counsellor_id), work)
        if state is AppointmentState.CANCELLED:
            raise _out_of_step()
        before = row.state
        if state in (AppointmentState.COMPLETED, AppointmentState.NO_SHOW):
            refuse_unassessed(work, row)
        undo = _undo_of_state(work, row, state)
        _go_to(row, state)
        if not before.holds_the_slot and state.holds_the_slot:
            refuse_clash(work, slot_of(work, row))
        if before is AppointmentState.CANCELLED:
            wait_no_more_of(work, actor, row)
        if state is AppointmentState.CONFIRMED:
            row.cancelled_by, row.cancel_reason = None, None
        work.touch(row, actor)
        return Done(appointment_view(work, row), work.changes(undo))


def list_appointments(
    actor: Actor, desk: Desk, first: datetime, last: datetime, counsellor_id: str | None = None
) -> tuple[AppointmentView, ...]:
    """Return the appointments that begin from `first` (included) to `last` (not included), the earliest first."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("appointment", secrecy=Secrecy.S2), work)
        query = (
            select(Appointment)
            .where(Appointment.starts_at >= first, Appointment.starts_at < last, Appointment.voided_at.is_(None))
            .order_by(Appointment.starts_at)
        )
        if counsellor_id is not None:
            query = query.where(Appointment.counsellor_id == counsellor_id)
        return tuple(appointment_view(work, row) for row in work.session.scalars(query))


def _book(work: Work, actor: Actor, booking: Booking, state: AppointmentState) -> Done[AppointmentView]:
    row = new_row(work, actor, booking, state)
    answer_waiting(work, actor, booking.waiting_id, row)
    undo = Undo(
        _("The appointment was booked."),
        "cancel_appointment",
        {"appointment_id": row.id, "by": CancelledBy.COUNSELLOR, "reason": "", "seen": work.now},
    )
    return Done(appointment_view(work, row), work.changes(undo))


def new_row(work: Work, actor: Actor, booking: Booking, state: AppointmentState) -> Appointment:
    """Write a new appointment within a piece of work. Raises AppointmentClash."""
    row = Appointment(
        **work.common(actor, Secrecy.S2, booking.starts_at.date()),
        number=numbers.next_code(work, Series.APPOINTMENT, booking.starts_at.year),
        client_id=booking.client_id,
        client_type=booking.client_type,
        counsellor_id=booking.counsellor_id,
        room_id=booking.room_id,
        channel=booking.channel,
        mode=booking.mode,
        urgency=booking.urgency,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        issue_brief=booking.issue_brief,
        state=state,
    )
    refuse_clash(work, slot_of(work, row))
    work.session.add(row)
    work.touch(row, actor)
    work.session.flush()
    return row


def _undo_of_state(work: Work, row: Appointment, state: AppointmentState) -> Undo | None:
    """Return what leads from `state` back to the present one, with who had cancelled and why; None if nothing does."""
    if not rules.may_become(state, row.state):
        return None
    sentence = _("The appointment's state was changed.")
    back: dict[str, object] = {"appointment_id": row.id, "seen": work.now}
    if row.state is AppointmentState.CANCELLED:
        back |= {"by": row.cancelled_by, "reason": row.cancel_reason or ""}
        return Undo(sentence, "cancel_appointment", back)
    return Undo(sentence, "set_appointment_state", back | {"state": row.state})


def refuse_unassessed(work: Work, row: Appointment) -> None:
    """A crisis is not closed before it was assessed; one that was only just booked by mistake can be taken back."""
    if row.urgency is Urgency.CRISIS:
        triggers.refuse_unassessed(work, "appointment", row.id)


def _go_to(row: Appointment, state: AppointmentState) -> None:
    if not rules.may_become(row.state, state):
        raise _out_of_step()
    row.state = state


def _out_of_step() -> UserError:
    return UserError(_("This step does not follow from the appointment's present state."), _("Nothing was changed."))
