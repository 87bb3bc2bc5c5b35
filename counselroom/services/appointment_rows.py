"""The rows of appointments within a piece of work: how they are loaded, checked against others, and shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from sqlalchemy import or_, select

from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.model.counselling import Appointment
from counselroom.model.people import Person, Student
from counselroom.model.school import CalendarDay, Room
from counselroom.rules import appointment as rules
from counselroom.rules.appointment import Clash, LengthHint, Slot
from counselroom.rules.counselling import AppointmentState, Channel, ClientType, Mode, Urgency
from counselroom.rules.school import DayKind
from counselroom.rules.school_calendar import booking_stopped
from counselroom.rules.school_days import SchoolDays
from counselroom.services import parameter_values
from counselroom.services.desk import Work
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
    absences: int = 0
    """How often in a row the client did not come, this time included; 0 unless absent."""
    room_id: str | None = None
    client_no: str | None = None
    """The student number, which stands for the name where names are masked; None for somebody else."""
    client_type: ClientType = ClientType.STUDENT
    channel: Channel = Channel.IN_PERSON
    series_id: str | None = None
    series_nth: int | None = None


def check_time(work: Work, starts_at: datetime, ends_at: datetime) -> None:
    """Refuse a time that cannot be. Raises UserError."""
    del work
    if not timedelta(0) < ends_at - starts_at <= _LONGEST:
        raise UserError(_("An appointment ends after it begins, on the same day."), _("Nothing was booked."))


def refuse_stopped(work: Work, starts_at: datetime) -> None:
    """Refuse a day after the stop day of its term. Raises UserError."""
    if booking_stopped(starts_at.date(), work.terms()):
        raise UserError(
            _("New appointments in this term have stopped."),
            _("Nothing was booked."),
            _("Choose a day in the next term, or change the stop day in the settings."),
        )


def load_appointment(work: Work, appointment_id: str, seen: datetime | None) -> Appointment:
    """Return the row of an appointment. Raises UserError when there is none, or it has moved on since `seen`."""
    row = work.session.get(Appointment, appointment_id)
    if row is None or row.voided_at is not None:
        raise UserError(_("There is no such appointment."), _("Nothing was changed."))
    if seen is not None and row.updated_at != seen:
        raise moved_on()
    return row


def slot_of(work: Work, row: Appointment) -> Slot:
    """Return whom and what an appointment keeps busy, and when."""
    del work
    return Slot(row.starts_at, row.ends_at, row.counsellor_id, row.client_id, row.room_id, row.id)


def refuse_clash(work: Work, wanted: Slot) -> None:
    """Refuse a time at which counsellor, room or client is busy. Raises AppointmentClash."""
    found = rules.clashes(wanted, taken_slots(work, wanted, frozenset({wanted.appointment_id})))
    if found:
        raise AppointmentClash(frozenset(clash.kind for clash in found))


def appointment_view(work: Work, row: Appointment) -> AppointmentView:
    """Return an appointment as the calendar shows it."""
    people = select(Person.id, Person.name).where(Person.id.in_([row.client_id, row.counsellor_id]))
    names = {found.id: found.name for found in work.session.execute(people)}
    room_name = None if row.room_id is None else work.session.scalar(select(Room.name).where(Room.id == row.room_id))
    minutes = slot_of(work, row).minutes
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
        absences_in_a_row(work, row) if row.state is AppointmentState.NO_SHOW else 0,
        row.room_id,
        work.session.scalar(select(Student.student_no).where(Student.id == row.client_id)),
        row.client_type,
        row.channel,
        row.series_id,
        row.series_nth,
    )


def school_days(work: Work) -> SchoolDays:
    """Return the school's calendar, day by day."""
    marked = work.session.execute(
        select(CalendarDay.day, CalendarDay.kind).where(CalendarDay.kind.in_([DayKind.HOLIDAY, DayKind.MAKE_UP]))
    ).all()
    return SchoolDays(
        work.terms(),
        frozenset(day for day, kind in marked if kind is DayKind.HOLIDAY),
        frozenset(day for day, kind in marked if kind is DayKind.MAKE_UP),
    )


def taken_slots(work: Work, who: Slot, without: frozenset[str] = frozenset()) -> tuple[Slot, ...]:
    """Return what is booked between two moments that could clash with counsellor, client or room of `who`.

    Args:
        work: the piece of work.
        who: whom and what to look for; its times are the whole span.
        without: appointments that are left out, because they are about to be moved.
    """
    same = [Appointment.counsellor_id == who.counsellor_id, Appointment.client_id == who.client_id]
    if who.room_id is not None:
        same.append(Appointment.room_id == who.room_id)
    near = select(Appointment).where(
        Appointment.starts_at < who.ends_at,
        Appointment.starts_at > who.starts_at - _LONGEST,
        Appointment.voided_at.is_(None),
        Appointment.state.in_([state for state in AppointmentState if state.holds_the_slot]),
        or_(*same),
    )
    with work.session.no_autoflush:
        return tuple(slot_of(work, row) for row in work.session.scalars(near) if row.id not in without)


def absences_in_a_row(work: Work, row: Appointment) -> int:
    """Return how many of the client's last appointments up to this one they did not come to, without a break."""
    states = work.session.scalars(
        select(Appointment.state)
        .where(
            Appointment.client_id == row.client_id,
            Appointment.starts_at <= row.starts_at,
            Appointment.voided_at.is_(None),
            Appointment.state.in_([AppointmentState.NO_SHOW, AppointmentState.CHECKED_IN, AppointmentState.COMPLETED]),
        )
        .order_by(Appointment.starts_at.desc())
        .limit(20)
    )
    return len(list(takewhile(lambda state: state is AppointmentState.NO_SHOW, states)))
