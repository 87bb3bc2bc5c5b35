"""The visits of one day and the notes they still need, as the page 今日 shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, exists, select

from counselroom.model.counselling import Appointment, SessionRecord
from counselroom.model.crisis_events import CrisisAssessment
from counselroom.model.people import Account, Person, Student
from counselroom.model.school import OrgUnit, Room
from counselroom.rules.access import Actor, Role
from counselroom.rules.counselling import AppointmentState, Channel, ClientType, Mode, Urgency
from counselroom.services.desk import Work
from counselroom.services.session_rows import visit_numbers
from counselroom.services.student_rows import CLASS_WORDS, GRADE

LOOK_BACK = timedelta(days=200)
"""How far back a visit without a note is looked for: a term with the holidays after it."""


@dataclass(frozen=True)
class Client:
    """Whom a row is about: what a list shows of a person."""

    id: str
    name: str
    number: str | None
    class_name: str


@dataclass(frozen=True)
class Visit:
    """An appointment of the day; why somebody comes is not in it.

    Attributes:
        is_mine: it is the reader's own, so that its note may be told of.
        nth: which session of the case it is or would be; 0 where that is not the reader's to know.
        session_id: its note, or empty.
        is_signed: the note is signed.
        wants_assessment: it is marked as a crisis whose risk nobody has assessed yet.
        seen: when the row was last changed.
    """

    id: str
    client: Client
    client_type: ClientType
    counsellor_id: str
    is_mine: bool
    channel: Channel
    mode: Mode
    room_name: str
    starts_at: datetime
    ends_at: datetime
    state: AppointmentState
    nth: int
    session_id: str
    is_signed: bool
    wants_assessment: bool
    seen: datetime


@dataclass(frozen=True)
class Lane:
    """A counsellor with a lane of the day."""

    person_id: str
    name: str


@dataclass(frozen=True)
class UnsignedNote:
    """A note that waits for its signature, or a visit that has no note yet.

    Attributes:
        session_id: the draft, or empty where nothing was written.
        appointment_id: the visit without a note, or empty.
        saved_at: when the draft was last saved, or None.
    """

    session_id: str
    appointment_id: str
    client: Client
    held_at: datetime
    saved_at: datetime | None


def day_span(work: Work, day: date) -> tuple[datetime, datetime]:
    """Return the beginning of a day and of the next one, in the zone of the present moment."""
    first = datetime.combine(day, time(), work.now.tzinfo)
    return first, first + timedelta(days=1)


def lanes(work: Work, actor: Actor) -> tuple[Lane, ...]:
    """Return the counsellors of the room, the reader first."""
    rows = work.session.execute(
        select(Person.id, Person.name, Account.roles)
        .join(Account, Account.person_id == Person.id)
        .where(Account.closed_at.is_(None))
        .order_by(Account.created_at, Account.id)
    ).all()
    found = [Lane(person_id, name) for person_id, name, roles in rows if Role.COUNSELLOR in roles]
    return tuple(sorted(found, key=lambda lane: lane.person_id != actor.person_id))


def visits_of(work: Work, actor: Actor, first: datetime, last: datetime) -> tuple[Visit, ...]:
    """Return the visits that begin from `first` to before `last`, without those that were cancelled."""
    rows = work.session.execute(
        select(
            Appointment.id,
            Appointment.client_id,
            Person.name,
            Student.student_no,
            CLASS_WORDS,
            Appointment.client_type,
            Appointment.counsellor_id,
            Appointment.channel,
            Appointment.mode,
            Room.name,
            Appointment.starts_at,
            Appointment.ends_at,
            Appointment.state,
            Appointment.urgency,
            Appointment.updated_at,
        )
        .join(Person, Person.id == Appointment.client_id)
        .outerjoin(Student, Student.id == Appointment.client_id)
        .outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
        .outerjoin(GRADE, GRADE.id == OrgUnit.parent_id)
        .outerjoin(Room, Room.id == Appointment.room_id)
        .where(
            _in_time(work, first, last),
            Appointment.state != AppointmentState.CANCELLED,
            Appointment.voided_at.is_(None),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()
    mine = [row for row in rows if row[6] == actor.person_id]
    notes = _notes(work, [row[0] for row in mine])
    numbers = visit_numbers(work, actor, {row[1] for row in mine})
    assessed = _assessed(work, [row[0] for row in rows if row[13] is Urgency.CRISIS])
    found = []
    for row in rows:
        is_mine = row[6] == actor.person_id
        session_id, is_signed = notes.get(row[0], ("", False))
        found.append(
            Visit(
                id=row[0],
                client=Client(row[1], row[2], row[3], row[4] or ""),
                client_type=row[5],
                counsellor_id=row[6],
                is_mine=is_mine,
                channel=row[7],
                mode=row[8],
                room_name=row[9] or "",
                starts_at=row[10],
                ends_at=row[11],
                state=row[12],
                nth=numbers.get(row[0], 0),
                session_id=session_id,
                is_signed=is_signed,
                wants_assessment=row[13] is Urgency.CRISIS and row[0] not in assessed,
                seen=row[14],
            )
        )
    return tuple(found)


def unsigned_notes(work: Work, actor: Actor, limit: int) -> tuple[int, tuple[UnsignedNote, ...]]:
    """Return how many of the reader's visits have no signed note, and the newest of them.

    A visit that took place and has no note counts like a draft: a note nobody began is the one that is forgotten.
    """
    drafts = [
        UnsignedNote(row[0], "", Client(row[1], row[2], row[3], row[4] or ""), row[5], row[6])
        for row in work.session.execute(
            select(
                SessionRecord.id,
                SessionRecord.client_id,
                Person.name,
                Student.student_no,
                CLASS_WORDS,
                SessionRecord.starts_at,
                SessionRecord.updated_at,
            )
            .join(Person, Person.id == SessionRecord.client_id)
            .outerjoin(Student, Student.id == SessionRecord.client_id)
            .outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
            .outerjoin(GRADE, GRADE.id == OrgUnit.parent_id)
            .where(
                SessionRecord.signed_at.is_(None),
                SessionRecord.voided_at.is_(None),
                SessionRecord.counsellor_id == actor.person_id,
            )
        )
    ]
    missing = [
        UnsignedNote("", row[0], Client(row[1], row[2], row[3], row[4] or ""), row[5], None)
        for row in work.session.execute(
            select(
                Appointment.id, Appointment.client_id, Person.name, Student.student_no, CLASS_WORDS,
                Appointment.starts_at,
            )
            .join(Person, Person.id == Appointment.client_id)
            .outerjoin(Student, Student.id == Appointment.client_id)
            .outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
            .outerjoin(GRADE, GRADE.id == OrgUnit.parent_id)
            .where(
                Appointment.counsellor_id == actor.person_id,
                Appointment.starts_at >= work.now - LOOK_BACK,
                Appointment.starts_at < work.now,
                Appointment.ends_at <= work.now,
                Appointment.state.in_([AppointmentState.COMPLETED, AppointmentState.CHECKED_IN]),
                Appointment.voided_at.is_(None),
                ~exists().where(SessionRecord.appointment_id == Appointment.id),
            )
        )
    ]  # fmt: skip
    newest = sorted((*drafts, *missing), key=lambda note: note.held_at, reverse=True)
    return len(newest), tuple(newest[:limit])


def _in_time(work: Work, first: datetime, last: datetime) -> ColumnElement[bool]:
    """Return the condition for the time, by counsellor, so that the index on counsellor and time serves."""
    counsellors = work.session.scalars(select(Account.person_id)).all()
    return and_(
        Appointment.counsellor_id.in_(counsellors), Appointment.starts_at >= first, Appointment.starts_at < last
    )


def _notes(work: Work, appointment_ids: Sequence[str]) -> dict[str, tuple[str, bool]]:
    """Return the note and whether it is signed, by appointment."""
    rows = work.session.execute(
        select(SessionRecord.appointment_id, SessionRecord.id, SessionRecord.signed_at).where(
            SessionRecord.appointment_id.in_(appointment_ids)
        )
    )
    return {row[0]: (row[1], row[2] is not None) for row in rows if row[0]}


def _assessed(work: Work, appointment_ids: Sequence[str]) -> set[str]:
    if not appointment_ids:
        return set()
    rows = work.session.scalars(
        select(CrisisAssessment.source_id).where(
            CrisisAssessment.source_entity == "appointment",
            CrisisAssessment.source_id.in_(appointment_ids),
            CrisisAssessment.signed_at.is_not(None),
            CrisisAssessment.voided_at.is_(None),
        )
    )
    return {source for source in rows if source}
