"""日程: everything the calendar shows of some days, in one read (SYS-04, SYS-05)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import ColumnElement, case, select

from counselroom.model.care import TierRecord
from counselroom.model.counselling import Appointment, SessionRecord
from counselroom.model.day import DutyShift, WaitingEntry
from counselroom.model.people import Account, Person, Student
from counselroom.model.school import CalendarDay, Room
from counselroom.rules.access import Action, Actor, Role, Subject
from counselroom.rules.care_words import CareTier, TierState, WaitingState
from counselroom.rules.counselling import AppointmentState, CancelledBy, Channel, ClientType, Mode, Urgency
from counselroom.rules.school import DayKind
from counselroom.rules.school_calendar import TermSpan, booking_stopped, week_of_term
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, parameter_values
from counselroom.services.appointment_rows import absences_in_a_row, school_days
from counselroom.services.desk import Desk, Work
from counselroom.services.duty import ShiftView
from counselroom.services.duty import shift_view as shift_view_of
from counselroom.services.session_rows import visit_numbers


@dataclass(frozen=True)
class Entry:
    """An appointment as the calendar shows it; the reason for coming is not in it.

    Attributes:
        nth_visit: which session of its case it is or would be, as 今日 counts; 0 where it is none or another's.
        absences: how often in a row the client did not come, this time included; 0 unless absent.
        has_note: whether a note of it exists.
        cancelled_by: who cancelled, or None.
    """

    id: str
    number: str
    client_id: str
    client_name: str
    client_no: str | None
    client_type: ClientType
    counsellor_id: str
    room_id: str | None
    starts_at: datetime
    ends_at: datetime
    channel: Channel
    mode: Mode
    urgency: Urgency
    state: AppointmentState
    series_id: str | None
    series_nth: int | None
    cancelled_by: CancelledBy | None
    seen: datetime
    nth_visit: int = 0
    absences: int = 0
    has_note: bool = False


@dataclass(frozen=True)
class Waiting:
    """Somebody in 待安排; `tier` is their tier of care, or None."""

    id: str
    client_id: str
    client_name: str
    client_no: str | None
    counsellor_id: str | None
    asked_at: datetime
    channel: Channel
    urgency: Urgency
    mode: Mode
    minutes: int
    wanted_times: str
    tier: CareTier | None
    seen: datetime


@dataclass(frozen=True)
class Day:
    """A day of the calendar.

    Attributes:
        on: the day.
        is_school_day: whether school is held.
        is_stopped: whether appointments have stopped in its term.
        marks: kind and label of what is marked: holidays, exams …
    """

    on: date
    is_school_day: bool
    is_stopped: bool
    marks: tuple[tuple[DayKind, str], ...]


@dataclass(frozen=True)
class Named:
    """A counsellor or a room."""

    id: str
    name: str


@dataclass(frozen=True)
class Schedule:
    """Some days of the room.

    Attributes:
        days: each day in order.
        entries: the appointments in order, cancelled ones too.
        shifts: who is on duty.
        waiting: who waits for a time; the urgent first, then those who asked first.
        counsellors: who receives clients, the reader first, and whoever had an appointment in these days.
        rooms: those in use.
        term: the term of the first day with its week, or None.
        week: in which week of that term, counted from 1, the first day lies; 0 outside of terms.
        minutes: how long an appointment usually is.
    """

    days: tuple[Day, ...]
    entries: tuple[Entry, ...]
    shifts: tuple[ShiftView, ...]
    waiting: tuple[Waiting, ...]
    counsellors: tuple[Named, ...]
    rooms: tuple[Named, ...]
    term: TermSpan | None
    week: int
    minutes: int


@dataclass(frozen=True)
class DayCount:
    """A day of the overview of a month: appointments still to come or held, absences, and whether it is off."""

    day: Day
    visits: int
    absences: int


def schedule(actor: Actor, desk: Desk, first: date, last: date) -> Schedule:
    """Return what the calendar shows from `first` to `last`, both included."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("appointment", secrecy=Secrecy.S2), work)
        entries = _entries(work, actor, first, last)
        shifts = work.session.scalars(
            select(DutyShift)
            .where(DutyShift.on_day.between(first, last), DutyShift.voided_at.is_(None))
            .order_by(DutyShift.starts_at, DutyShift.id)
        ).all()
        term = next((each for each in work.terms() if each.starts_on <= last and first <= each.ends_on), None)
        rooms = work.session.execute(
            select(Room.id, Room.name).where(Room.active, Room.voided_at.is_(None)).order_by(Room.name)
        )
        return Schedule(
            _days(work, first, last),
            entries,
            tuple(shift_view_of(work, row) for row in shifts),
            _waiting(work),
            _counsellors(work, actor, {entry.counsellor_id for entry in entries}),
            tuple(Named(*row) for row in rooms),
            term,
            0 if term is None else week_of_term(first, term),
            parameter_values.number(work, "session_default"),
        )


def month(actor: Actor, desk: Desk, first: date, last: date) -> tuple[DayCount, ...]:
    """Return how many appointments each day from `first` to `last` has."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("appointment", secrecy=Secrecy.S2), work)
        zone = work.now.tzinfo
        rows = work.session.execute(
            select(Appointment.starts_at, Appointment.state).where(*_between(first, last, zone))
        ).all()
        visits: dict[date, int] = {}
        absences: dict[date, int] = {}
        for starts_at, state in rows:
            day = starts_at.astimezone(zone).date()
            if state is AppointmentState.NO_SHOW:
                absences[day] = absences.get(day, 0) + 1
            elif state is not AppointmentState.CANCELLED:
                visits[day] = visits.get(day, 0) + 1
        return tuple(DayCount(day, visits.get(day.on, 0), absences.get(day.on, 0)) for day in _days(work, first, last))


def _between(first: date, last: date, zone: tzinfo | None) -> tuple[ColumnElement[bool], ...]:
    """Name the counsellors, so that the index on them and the time is used: there is none on the time alone."""
    people = select(Account.person_id)
    return (
        Appointment.counsellor_id.in_(people),
        Appointment.starts_at >= datetime.combine(first, time(0), zone),
        Appointment.starts_at < datetime.combine(last + timedelta(days=1), time(0), zone),
        Appointment.voided_at.is_(None),
    )


def _entries(work: Work, actor: Actor, first: date, last: date) -> tuple[Entry, ...]:
    rows = work.session.execute(
        select(Appointment, Person.name, Student.student_no, SessionRecord.id)
        .join(Person, Person.id == Appointment.client_id)
        .outerjoin(Student, Student.id == Appointment.client_id)
        .outerjoin(SessionRecord, SessionRecord.appointment_id == Appointment.id)
        .where(*_between(first, last, work.now.tzinfo))
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()
    visits = visit_numbers(
        work, actor, {row.client_id for row, _name, _no, _note in rows if row.counsellor_id == actor.person_id}
    )
    return tuple(
        Entry(
            row.id,
            row.number,
            row.client_id,
            name,
            number,
            row.client_type,
            row.counsellor_id,
            row.room_id,
            row.starts_at,
            row.ends_at,
            row.channel,
            row.mode,
            row.urgency,
            row.state,
            row.series_id,
            row.series_nth,
            row.cancelled_by,
            row.updated_at,
            visits.get(row.id, 0),
            absences_in_a_row(work, row) if row.state is AppointmentState.NO_SHOW else 0,
            note is not None,
        )
        for row, name, number, note in rows
    )


def _waiting(work: Work) -> tuple[Waiting, ...]:
    tier = (
        select(TierRecord.tier)
        .where(
            TierRecord.student_id == WaitingEntry.client_id,
            TierRecord.state == TierState.CONFIRMED,
            TierRecord.voided_at.is_(None),
        )
        .limit(1)
        .scalar_subquery()
    )
    rows = work.session.execute(
        select(WaitingEntry, Person.name, Student.student_no, tier)
        .join(Person, Person.id == WaitingEntry.client_id)
        .outerjoin(Student, Student.id == WaitingEntry.client_id)
        .where(WaitingEntry.state == WaitingState.WAITING, WaitingEntry.voided_at.is_(None))
        .order_by(case((WaitingEntry.urgency == Urgency.SOON, 0), else_=1), WaitingEntry.asked_at)
    )
    return tuple(
        Waiting(
            row.id,
            row.client_id,
            name,
            number,
            row.counsellor_id,
            row.asked_at,
            row.channel,
            row.urgency,
            row.mode,
            row.minutes,
            row.wanted_times or "",
            None if held is None else CareTier(held),
            row.updated_at,
        )
        for row, name, number, held in rows
    )


def _counsellors(work: Work, actor: Actor, met: Iterable[str]) -> tuple[Named, ...]:
    rows = work.session.execute(
        select(Account, Person.name).join(Person, Person.id == Account.person_id).order_by(Account.created_at)
    ).all()
    shown = [
        Named(account.person_id, name)
        for account, name in rows
        if account.person_id in met or (account.closed_at is None and Role.COUNSELLOR in account.role_set())
    ]
    return tuple(sorted(shown, key=lambda each: each.id != actor.person_id))


def _days(work: Work, first: date, last: date) -> tuple[Day, ...]:
    calendar = school_days(work)
    marks: dict[date, Sequence[tuple[DayKind, str]]] = {}
    for day, kind, label in work.session.execute(
        select(CalendarDay.day, CalendarDay.kind, CalendarDay.label)
        .where(CalendarDay.day.between(first, last))
        .order_by(CalendarDay.day, CalendarDay.kind)
    ):
        marks[day] = (*marks.get(day, ()), (kind, label))
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return tuple(
        Day(day, calendar.is_school_day(day), booking_stopped(day, calendar.terms), tuple(marks.get(day, ())))
        for day in days
    )
