"""One appointment in full, and everything about it changed at once, as its dialog does (SYS-05)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.counselling import Appointment
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.counselling import AppointmentState
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access
from counselroom.services.appointment_rows import (
    AppointmentView,
    appointment_view,
    check_time,
    load_appointment,
    refuse_clash,
    refuse_stopped,
    slot_of,
)
from counselroom.services.appointments import Booking
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk


@dataclass(frozen=True)
class AppointmentDetails:
    """An appointment as its dialog shows it.

    Attributes:
        view: as the calendar shows it.
        booking: what was booked; the reason for coming only for its own counsellor.
        is_own: whether the reader is its counsellor.
        cancel_reason: why it was cancelled; empty for others.
    """

    view: AppointmentView
    booking: Booking
    is_own: bool
    cancel_reason: str


def appointment_details(actor: Actor, desk: Desk, appointment_id: str) -> AppointmentDetails:
    """Return an appointment in full; why the client comes is told to its own counsellor only.

    Raises:
        UserError: there is none.
    """
    with desk.look() as work:
        row = load_appointment(work, appointment_id, None)
        access.allow(actor, Action.READ, Subject("appointment", row.id, Secrecy.S2, row.counsellor_id), work)
        is_own = row.counsellor_id == actor.person_id
        booking = _booking(row)
        if not is_own:
            booking = replace(booking, issue_brief=None)
        return AppointmentDetails(
            appointment_view(work, row), booking, is_own, (row.cancel_reason or "") if is_own else ""
        )


def edit_appointment(
    actor: Actor, desk: Desk, appointment_id: str, booking: Booking, seen: datetime | None = None
) -> Done[AppointmentView]:
    """Change an appointment that is still to come; a reason for coming of None stays as it was.

    The client stays: another client has another appointment.

    Raises:
        AppointmentClash: counsellor, room or client is taken at that time.
        UserError: it is over or cancelled, has moved on since `seen`, or its new day lies after the term's stop day.
    """
    with desk.change() as work:
        row = load_appointment(work, appointment_id, seen)
        access.allow(actor, Action.WRITE, Subject("appointment", row.id, Secrecy.S2, row.counsellor_id), work)
        if row.state not in (AppointmentState.REQUESTED, AppointmentState.CONFIRMED):
            raise UserError(_("Only an appointment still to come can be changed."), _("Nothing was changed."))
        check_time(work, booking.starts_at, booking.ends_at)
        if booking.starts_at.date() != row.starts_at.date():
            refuse_stopped(work, booking.starts_at)
        undo = Undo(
            _("The appointment was changed."),
            "edit_appointment",
            {
                "appointment_id": row.id,
                "booking": replace(_booking(row), issue_brief=row.issue_brief or ""),
                "seen": work.now,
            },
        )
        row.starts_at, row.ends_at = booking.starts_at, booking.ends_at
        row.counsellor_id, row.room_id = booking.counsellor_id, booking.room_id
        row.channel, row.mode, row.urgency = booking.channel, booking.mode, booking.urgency
        if booking.issue_brief is not None:
            row.issue_brief = booking.issue_brief.strip() or None
        work.place(row, row.starts_at.date())
        refuse_clash(work, slot_of(work, row))
        work.touch(row, actor)
        return Done(appointment_view(work, row), work.changes(undo))


def _booking(row: Appointment) -> Booking:
    return Booking(
        row.client_id,
        row.counsellor_id,
        row.starts_at,
        row.ends_at,
        row.room_id,
        row.client_type,
        row.channel,
        row.mode,
        row.urgency,
        row.issue_brief,
    )
