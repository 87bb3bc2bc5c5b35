"""One's own counselling cases as a list, read in one piece (辅导个案)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from counselroom.model.counselling import Appointment, CaseFile, SessionRecord
from counselroom.model.people import Person, Student
from counselroom.model.school import OrgUnit
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.counselling import AppointmentState, CaseStatus
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access
from counselroom.services.desk import Desk, Work
from counselroom.services.student_rows import CLASS_WORDS, GRADE

OPEN_CASES = (CaseStatus.OPEN, CaseStatus.ACTIVE, CaseStatus.PAUSED, CaseStatus.CLOSING)
"""Cases that are worked on."""
LISTED_AT_MOST = 200
"""Cases a list shows, those that wait for the reader first; the others are found by search."""
_KEPT = (AppointmentState.CONFIRMED, AppointmentState.CHECKED_IN)


@dataclass(frozen=True)
class CaseLine:
    """A case of the reader's own, as a list shows it.

    Attributes:
        sessions: how many there are, signed or not.
        last_on: the day of the last one.
        unsigned: the notes that wait for the signature, the oldest first.
        without_note: the appointments that took place and have no note, the oldest first.
        next_at: the next appointment of client and reader.
    """

    id: str
    code: str
    client_id: str
    client_name: str
    client_no: str | None
    class_name: str | None
    status: CaseStatus
    restricted: bool
    opened_on: date
    closed_on: date | None
    sessions: int
    last_on: date | None
    unsigned: tuple[str, ...]
    without_note: tuple[str, ...]
    next_at: datetime | None


@dataclass(frozen=True)
class CaseList:
    """The first of one's own cases, and how many there are."""

    total: int
    lines: tuple[CaseLine, ...]


def case_list(actor: Actor, desk: Desk, *, closed: bool = False) -> CaseList:
    """Return the actor's own open cases, or the closed ones; what waits for the actor comes first, then the newest.

    Others' cases have no part in it (R-01).
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("case_file", secrecy=Secrecy.S2), work)
        held = (
            CaseFile.counsellor_id == actor.person_id,
            CaseFile.status.in_((CaseStatus.CLOSED, CaseStatus.ARCHIVED) if closed else OPEN_CASES),
            CaseFile.voided_at.is_(None),
        )
        total = work.session.scalar(select(func.count()).select_from(CaseFile).where(*held)) or 0
        unsigned, missing = _unsigned(work, actor), {} if closed else _without_note(work, actor)
        # First the ids alone: names and classes are looked up for those that are shown.
        shown = work.session.scalars(
            select(CaseFile.id)
            .where(*held)
            .order_by(
                CaseFile.id.in_(list(unsigned)).desc(),
                CaseFile.client_id.in_(list(missing)).desc(),
                CaseFile.opened_on.desc(),
                CaseFile.code.desc(),
            )
            .limit(LISTED_AT_MOST)
        ).all()
        rows = {
            row[0]: row
            for row in work.session.execute(
                select(
                    CaseFile.id,
                    CaseFile.code,
                    CaseFile.client_id,
                    Person.name,
                    Student.student_no,
                    CLASS_WORDS,
                    CaseFile.status,
                    CaseFile.restricted,
                    CaseFile.opened_on,
                    CaseFile.closed_on,
                )
                .join(Person, Person.id == CaseFile.client_id)
                .outerjoin(Student, Student.id == CaseFile.client_id)
                .outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
                .outerjoin(GRADE, GRADE.id == OrgUnit.parent_id)
                .where(CaseFile.id.in_(shown))
            )
        }
        told = _sessions(work, shown)
        coming = _coming(work, actor, [row[2] for row in rows.values()])
        lines = []
        for case_id in shown:
            _id, code, client, name, number, class_name, status, restricted, opened_on, closed_on = rows[case_id]
            lines.append(
                CaseLine(
                    case_id,
                    code,
                    client,
                    name,
                    number,
                    class_name,
                    status,
                    restricted,
                    opened_on,
                    closed_on,
                    *told.get(case_id, (0, None)),
                    unsigned.get(case_id, ()),
                    missing.get(client, ()),
                    coming.get(client),
                )
            )
        return CaseList(total, tuple(lines))


def _sessions(work: Work, cases: Sequence[str]) -> dict[str, tuple[int, date | None]]:
    """Return how many sessions each case has, and the day of the last one."""
    rows = work.session.execute(
        select(SessionRecord.case_id, func.count(), func.max(SessionRecord.held_on))
        .where(SessionRecord.case_id.in_(cases), SessionRecord.voided_at.is_(None))
        .group_by(SessionRecord.case_id)
    )
    return {case_id: (count, last) for case_id, count, last in rows}


def _unsigned(work: Work, actor: Actor) -> dict[str, tuple[str, ...]]:
    """Return by case the actor's notes that wait for the signature, the oldest first."""
    rows = work.session.execute(
        select(SessionRecord.case_id, SessionRecord.id)
        .where(
            SessionRecord.counsellor_id == actor.person_id,
            SessionRecord.signed_at.is_(None),
            SessionRecord.voided_at.is_(None),
        )
        .order_by(SessionRecord.starts_at)
    )
    return _grouped((case_id, session_id) for case_id, session_id in rows)


def _without_note(work: Work, actor: Actor) -> dict[str, tuple[str, ...]]:
    """Return by client the actor's appointments that took place and have no note, the oldest first."""
    rows = work.session.execute(
        select(Appointment.client_id, Appointment.id)
        .outerjoin(SessionRecord, SessionRecord.appointment_id == Appointment.id)
        .where(
            Appointment.counsellor_id == actor.person_id,
            Appointment.state == AppointmentState.COMPLETED,
            SessionRecord.id.is_(None),
            Appointment.voided_at.is_(None),
        )
        .order_by(Appointment.starts_at)
    )
    return _grouped((client, appointment_id) for client, appointment_id in rows)


def _coming(work: Work, actor: Actor, clients: Sequence[str]) -> dict[str, datetime]:
    """Return the next appointment of each client with the actor."""
    rows = work.session.execute(
        select(Appointment.client_id, func.min(Appointment.starts_at))
        .where(
            Appointment.client_id.in_(clients),
            Appointment.counsellor_id == actor.person_id,
            Appointment.starts_at >= work.now,
            Appointment.state.in_(_KEPT),
            Appointment.voided_at.is_(None),
        )
        .group_by(Appointment.client_id)
    )
    return {row[0]: row[1] for row in rows}


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for key, value in pairs:
        found[key] = (*found.get(key, ()), value)
    return found
