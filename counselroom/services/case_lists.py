"""One's own counselling cases as a list, read in one piece (辅导个案)."""

from __future__ import annotations

from collections.abc import Iterable
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
LISTED_AT_MOST = 500
"""Cases a list shows; nobody has as many open, and the closed ones are found by search."""
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


def own_cases(actor: Actor, desk: Desk, *, closed: bool = False) -> tuple[CaseLine, ...]:
    """Return the actor's own open cases, or the closed ones; what waits for the actor comes first, then the newest.

    Others' cases have no part in it (R-01).
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("case_file", secrecy=Secrecy.S2), work)
        wanted = (CaseStatus.CLOSED, CaseStatus.ARCHIVED) if closed else OPEN_CASES
        rows = work.session.execute(
            select(CaseFile, Person.name, Student.student_no, CLASS_WORDS)
            .join(Person, Person.id == CaseFile.client_id)
            .outerjoin(Student, Student.id == CaseFile.client_id)
            .outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
            .outerjoin(GRADE, GRADE.id == OrgUnit.parent_id)
            .where(
                CaseFile.counsellor_id == actor.person_id,
                CaseFile.status.in_(wanted),
                CaseFile.voided_at.is_(None),
            )
            .order_by(CaseFile.opened_on.desc(), CaseFile.code.desc())
            .limit(LISTED_AT_MOST)
        ).all()
        lines = _lines(work, actor, [tuple(row) for row in rows])
        return tuple(sorted(lines, key=lambda line: (not line.unsigned, not line.without_note)))


def _lines(work: Work, actor: Actor, rows: list[tuple[CaseFile, str, str | None, str | None]]) -> list[CaseLine]:
    ids = [row[0].id for row in rows]
    clients = [row[0].client_id for row in rows]
    told: dict[str, tuple[int, date | None]] = {
        case_id: (count, last)
        for case_id, count, last in work.session.execute(
            select(SessionRecord.case_id, func.count(), func.max(SessionRecord.held_on))
            .where(SessionRecord.case_id.in_(ids), SessionRecord.voided_at.is_(None))
            .group_by(SessionRecord.case_id)
        )
    }
    unsigned = _grouped(
        (case_id, session_id)
        for case_id, session_id in work.session.execute(
            select(SessionRecord.case_id, SessionRecord.id)
            .where(
                SessionRecord.counsellor_id == actor.person_id,
                SessionRecord.signed_at.is_(None),
                SessionRecord.voided_at.is_(None),
            )
            .order_by(SessionRecord.starts_at)
        )
    )
    mine = Appointment.client_id.in_(clients), Appointment.counsellor_id == actor.person_id
    coming = {
        row[0]: row[1]
        for row in work.session.execute(
            select(Appointment.client_id, func.min(Appointment.starts_at))
            .where(
                *mine,
                Appointment.starts_at >= work.now,
                Appointment.state.in_(_KEPT),
                Appointment.voided_at.is_(None),
            )
            .group_by(Appointment.client_id)
        )
    }
    missing = _grouped(
        (client, appointment_id)
        for client, appointment_id in work.session.execute(
            select(Appointment.client_id, Appointment.id)
            .outerjoin(SessionRecord, SessionRecord.appointment_id == Appointment.id)
            .where(
                *mine,
                Appointment.state == AppointmentState.COMPLETED,
                SessionRecord.id.is_(None),
                Appointment.voided_at.is_(None),
            )
            .order_by(Appointment.starts_at)
        )
    )
    return [
        CaseLine(
            case.id,
            case.code,
            case.client_id,
            name,
            number,
            class_name,
            case.status,
            case.restricted,
            case.opened_on,
            case.closed_on,
            *told.get(case.id, (0, None)),
            unsigned.get(case.id, ()),
            missing.get(case.client_id, ()) if case.status in OPEN_CASES else (),
            coming.get(case.client_id),
        )
        for case, name, number, class_name in rows
    ]


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for key, value in pairs:
        found[key] = (*found.get(key, ()), value)
    return found
