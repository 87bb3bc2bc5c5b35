"""What a dialog of booking needs at once: whom, with whom, where, when first; and who is meant by what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select

from counselroom.model.counselling import Appointment
from counselroom.model.people import Account, Person, Student
from counselroom.model.school import OrgUnit, Room
from counselroom.rules.access import Action, Actor, Role, Subject
from counselroom.rules.appointment import Slot, clashes
from counselroom.rules.counselling import ClientType
from counselroom.rules.people import PersonKind
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, parameter_values
from counselroom.services.appointment_rows import school_days, taken_slots
from counselroom.services.desk import Desk, Work
from counselroom.services.finding import find_students
from counselroom.services.schedule import Named
from counselroom.services.student_rows import CLASS_WORDS, GRADE

OPENS, CLOSES = time(8), time(18)
"""Between these the calendar is shown and a first free time is looked for."""
_STEP = timedelta(minutes=15)
_DAYS_AHEAD = 14
_KINDS = {PersonKind.GUARDIAN: ClientType.PARENT, PersonKind.STAFF: ClientType.STAFF}


@dataclass(frozen=True)
class Client:
    """Somebody an appointment can be made for.

    Attributes:
        student_no: of a student; stands for the name where names are masked.
        class_name: of a student, or None.
        is_mine: the reader has an open case with the student.
    """

    id: str
    name: str
    client_type: ClientType
    student_no: str | None = None
    class_name: str | None = None
    is_mine: bool = False


@dataclass(frozen=True)
class Choices:
    """What the fields of a booking offer.

    Attributes:
        counsellors: who receives clients, the reader first.
        rooms: those in use.
        room_id: where the reader was last, or None.
        minutes: how long an appointment usually is.
        first_free: when the reader is free next.
        client: the client that was asked for, or None.
    """

    counsellors: tuple[Named, ...]
    rooms: tuple[Named, ...]
    room_id: str | None
    minutes: int
    first_free: datetime
    client: Client | None


def booking_choices(actor: Actor, desk: Desk, client_id: str = "") -> Choices:
    """Return what a new appointment can be made of, with a client that is known already if one is named."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("appointment", secrecy=Secrecy.S2), work)
        people = work.session.execute(
            select(Account, Person.name)
            .join(Person, Person.id == Account.person_id)
            .where(Account.closed_at.is_(None))
            .order_by(Account.created_at)
        ).all()
        counsellors = [
            Named(account.person_id, name) for account, name in people if Role.COUNSELLOR in account.role_set()
        ]
        rooms = work.session.execute(
            select(Room.id, Room.name).where(Room.active, Room.voided_at.is_(None)).order_by(Room.name)
        )
        last_room = work.session.scalar(
            select(Appointment.room_id)
            .where(Appointment.counsellor_id == actor.person_id, Appointment.room_id.is_not(None))
            .order_by(Appointment.starts_at.desc())
            .limit(1)
        )
        minutes = parameter_values.number(work, "session_default")
        return Choices(
            tuple(sorted(counsellors, key=lambda each: each.id != actor.person_id)),
            tuple(Named(*row) for row in rooms),
            last_room,
            minutes,
            _first_free(work, actor, minutes),
            _client(work, client_id),
        )


def find_clients(actor: Actor, desk: Desk, query: str, limit: int = 6) -> tuple[Client, ...]:
    """Return students by name, pinyin, initials or number, then parents and staff by the beginning of the name."""
    typed = query.strip()
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("person", secrecy=Secrecy.S2), work)
        others = work.session.execute(
            select(Person.id, Person.name, Person.kind)
            .where(
                Person.kind != PersonKind.STUDENT,
                Person.name.startswith(typed, autoescape=True),
                Person.voided_at.is_(None),
            )
            .order_by(Person.name)
            .limit(limit)
        ).all()
    students = find_students(actor, desk, typed, limit).students
    found = [
        Client(each.id, each.name, ClientType.STUDENT, each.student_no, each.class_name, each.is_mine)
        for each in students
    ]
    found += [Client(row[0], row[1], _KINDS.get(row[2], ClientType.STUDENT)) for row in others]
    return tuple(found[:limit])


def _client(work: Work, client_id: str) -> Client | None:
    row = work.session.execute(
        select(Person.name, Person.kind, Student.student_no, CLASS_WORDS)
        .outerjoin(Student, Student.id == Person.id)
        .outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
        .outerjoin(GRADE, GRADE.id == OrgUnit.parent_id)
        .where(Person.id == client_id)
    ).one_or_none()
    if row is None:
        return None
    return Client(client_id, row[0], _KINDS.get(row[1], ClientType.STUDENT), row[2], row[3])


def _first_free(work: Work, actor: Actor, minutes: int) -> datetime:
    """Return the next quarter of an hour at which the actor is free, within the open hours of a school day."""
    now = work.now
    calendar = school_days(work)
    length = timedelta(minutes=minutes)
    begin = now.replace(minute=0, second=0, microsecond=0) + _STEP * (now.minute // 15)
    last = begin + timedelta(days=_DAYS_AHEAD)
    taken = taken_slots(work, Slot(begin, last, actor.person_id, "", ""))
    at = begin
    while at < last:
        if at.time() < OPENS:
            at = datetime.combine(at.date(), OPENS, now.tzinfo)
        ends_at = at + length
        is_late = ends_at.date() != at.date() or ends_at.time() > CLOSES
        if is_late or not calendar.is_school_day(at.date()):
            at = datetime.combine(at.date() + timedelta(days=1), OPENS, now.tzinfo)
        elif clashes(Slot(at, ends_at, actor.person_id, "", None), taken):
            at += _STEP
        else:
            return at
    return begin
