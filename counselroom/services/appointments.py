"""Appointments: book, move, cancel, arrive; a clash is refused with its reason (SYS-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.model.counselling import Appointment
from counselroom.model.people import Person
from counselroom.model.school import Room
from counselroom.rules import appointment as rules
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.appointment import Clash, LengthHint, Slot
from counselroom.rules.counselling import AppointmentState, CancelledBy, Channel, ClientType, Mode, Urgency
from counselroom.rules.numbering import Series
from counselroom.rules.school_calendar import booking_stopped
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, numbers, parameter_values
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk, Work
from counselroom.services.rows import moved_on

_LONGEST = timedelta(hours=12)
"""No appointment is longer; it bounds the look-back for clashes."""


class AppointmentClash(UserError):
    """The time is taken.

    Attributes:
        kinds: what is taken: counsellor, room or client.
    """

    def __init__(self, kinds: frozenset[Clash]) -> None:
        self.kinds = kinds
        what = pgettext("list", ", ").join(
            {
                Clash.COUNSELLOR: pgettext("clash", "the counsellor"),
                Clash.ROOM: pgettext("clash", "the room"),
                Clash.CLIENT: pgettext("clash", "the client"),
            }[kind]
            for kind in sorted(kinds)
        )
        super().__init__(
            _("At this time {what} is taken already.").format(what=what),
            _("Nothing was booked."),
            _("Please choose another time, room or counsellor."),
        )


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


@dataclass(frozen=True)
class AppointmentView:
    """An appointment as the calendar shows it; the reason for coming is not in it."""

    id: str
    number: str
    client_id: str
    client_name: str
    counsellor_id: str
    counsellor_name: str
    room_name: str | None
    starts_at: datetime
    ends_at: datetime
    mode: Mode
    urgency: Urgency
    state: AppointmentState
    hint: LengthHint | None
    seen: datetime


def book_appointment(actor: Actor, desk: Desk, booking: Booking) -> Done[AppointmentView]:
    """Book an appointment.

    Raises:
        AppointmentClash: counsellor, room or client is taken at that time.
        UserError: it ends before it begins, is longer than twelve hours, or lies after the term's stop day.
    """
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("appointment", secrecy=Secrecy.S2), work)
        _check_time(booking.starts_at, booking.ends_at)
        _refuse_stopped(work, booking.starts_at)
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
            state=AppointmentState.CONFIRMED,
        )
        _refuse_clash(work, _slot(row))
        work.session.add(row)
        work.touch(row, actor)
        work.session.flush()
        undo = Undo(
            _("The appointment was booked."),
            "cancel_appointment",
            {"appointment_id": row.id, "by": CancelledBy.COUNSELLOR, "reason": "", "seen": work.now},
        )
        return Done(_view(work, row), work.changes(undo))


def move_appointment(
    actor: Actor,
    desk: Desk,
    appointment_id: str,
    starts_at: datetime,
    ends_at: datetime,
    room_id: str | None,
    seen: datetime | None = None,
) -> Done[AppointmentView]:
    """Move an appointment to another time or room.

    Raises:
        AppointmentClash: the new time is taken.
        UserError: it is over or cancelled, has moved on since `seen`, or its new day lies after the term's stop day.
    """
    with desk.change() as work:
        row = _load(work, appointment_id, seen)
        access.allow(actor, Action.WRITE, Subject("appointment", row.id, Secrecy.S2, row.counsellor_id), work)
        if row.state not in (AppointmentState.REQUESTED, AppointmentState.CONFIRMED):
            raise UserError(_("Only an appointment still to come can be moved."), _("Nothing was changed."))
        _check_time(starts_at, ends_at)
        if starts_at.date() != row.starts_at.date():
            _refuse_stopped(work, starts_at)
        undo = Undo(
            _("The appointment was moved."),
            "move_appointment",
            {
                "appointment_id": row.id,
                "starts_at": row.starts_at,
                "ends_at": row.ends_at,
                "room_id": row.room_id,
                "seen": work.now,
            },
        )
        row.starts_at, row.ends_at, row.room_id = starts_at, ends_at, room_id
        work.place(row, starts_at.date())
        _refuse_clash(work, _slot(row))
        work.touch(row, actor)
        return Done(_view(work, row), work.changes(undo))


def cancel_appointment(
    actor: Actor, desk: Desk, appointment_id: str, by: CancelledBy, reason: str, seen: datetime | None = None
) -> Done[AppointmentView]:
    """Cancel an appointment; it stays on record with who cancelled and why."""
    with desk.change() as work:
        row = _load(work, appointment_id, seen)
        access.allow(actor, Action.WRITE, Subject("appointment", row.id, Secrecy.S2, row.counsellor_id), work)
        before = row.state
        _go_to(row, AppointmentState.CANCELLED)
        row.cancelled_by, row.cancel_reason = by, reason.strip() or None
        work.touch(row, actor)
        undo = Undo(
            _("The appointment was cancelled."),
            "set_appointment_state",
            {"appointment_id": row.id, "state": before, "seen": work.now},
        )
        return Done(_view(work, row), work.changes(undo))


def set_appointment_state(
    actor: Actor, desk: Desk, appointment_id: str, state: AppointmentState, seen: datetime | None = None
) -> Done[AppointmentView]:
    """Mark as arrived, completed or absent, or take such a mark back.

    Raises:
        AppointmentClash: a cancelled appointment cannot come back because its time was given away.
        UserError: the state cannot follow the present one, or is `cancelled`: `cancel_appointment` says by whom.
    """
    with desk.change() as work:
        row = _load(work, appointment_id, seen)
        access.allow(actor, Action.WRITE, Subject("appointment", row.id, Secrecy.S2, row.counsellor_id), work)
        if state is AppointmentState.CANCELLED:
            raise _out_of_step()
        before = row.state
        undo = _undo_of_state(work, row, state)
        _go_to(row, state)
        if not before.holds_the_slot and state.holds_the_slot:
            _refuse_clash(work, _slot(row))
        if state is AppointmentState.CONFIRMED:
            row.cancelled_by, row.cancel_reason = None, None
        work.touch(row, actor)
        return Done(_view(work, row), work.changes(undo))


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
        return tuple(_view(work, row) for row in work.session.scalars(query))


def _check_time(starts_at: datetime, ends_at: datetime) -> None:
    if not timedelta(0) < ends_at - starts_at <= _LONGEST:
        raise UserError(_("An appointment ends after it begins, on the same day."), _("Nothing was booked."))


def _refuse_stopped(work: Work, starts_at: datetime) -> None:
    if booking_stopped(starts_at.date(), work.terms()):
        raise UserError(
            _("New appointments in this term have stopped."),
            _("Nothing was booked."),
            _("Choose a day in the next term, or change the stop day in the settings."),
        )


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


def _go_to(row: Appointment, state: AppointmentState) -> None:
    if not rules.may_become(row.state, state):
        raise _out_of_step()
    row.state = state


def _out_of_step() -> UserError:
    return UserError(_("This step does not follow from the appointment's present state."), _("Nothing was changed."))


def _load(work: Work, appointment_id: str, seen: datetime | None) -> Appointment:
    row = work.session.get(Appointment, appointment_id)
    if row is None or row.voided_at is not None:
        raise UserError(_("There is no such appointment."), _("Nothing was changed."))
    if seen is not None and row.updated_at != seen:
        raise moved_on()
    return row


def _slot(row: Appointment) -> Slot:
    return Slot(row.starts_at, row.ends_at, row.counsellor_id, row.client_id, row.room_id, row.id)


def _refuse_clash(work: Work, wanted: Slot) -> None:
    near = select(Appointment).where(
        Appointment.starts_at < wanted.ends_at,
        Appointment.starts_at > wanted.starts_at - _LONGEST,
        Appointment.id != wanted.appointment_id,
        Appointment.voided_at.is_(None),
        Appointment.state.in_([state for state in AppointmentState if state.holds_the_slot]),
        or_(
            Appointment.counsellor_id == wanted.counsellor_id,
            Appointment.client_id == wanted.client_id,
            Appointment.room_id == wanted.room_id,
        ),
    )
    with work.session.no_autoflush:
        taken = tuple(_slot(row) for row in work.session.scalars(near))
    found = rules.clashes(wanted, taken)
    if found:
        raise AppointmentClash(frozenset(clash.kind for clash in found))


def _view(work: Work, row: Appointment) -> AppointmentView:
    people = select(Person.id, Person.name).where(Person.id.in_([row.client_id, row.counsellor_id]))
    names = {found.id: found.name for found in work.session.execute(people)}
    room_name = None if row.room_id is None else work.session.scalar(select(Room.name).where(Room.id == row.room_id))
    minutes = _slot(row).minutes
    hint = rules.length_hint(
        minutes,
        shortest=parameter_values.number(work, "session_min"),
        longest=parameter_values.number(work, "session_max"),
    )
    return AppointmentView(
        row.id,
        row.number,
        row.client_id,
        names[row.client_id],
        row.counsellor_id,
        names[row.counsellor_id],
        room_name,
        row.starts_at,
        row.ends_at,
        row.mode,
        row.urgency,
        row.state,
        hint,
        row.updated_at,
    )
