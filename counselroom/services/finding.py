"""What the search palette finds: students with the reading that matched, and records by their code.

Access is decided before anything is counted, and nothing of what was looked for is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from counselroom.model.archive import PsychArchive
from counselroom.model.counselling import Appointment, CaseFile
from counselroom.model.crisis import Referral
from counselroom.model.crisis_events import CrisisEvent
from counselroom.model.people import Person, Student
from counselroom.model.safekeeping import SearchName
from counselroom.model.school import OrgUnit
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.counselling import CaseStatus
from counselroom.rules.people import StudentStatus
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access
from counselroom.services.desk import Desk, Work
from counselroom.services.rows import case_subject, crisis_subject, load_case, referral_subject
from counselroom.services.student_rows import CLASS_WORDS, GRADE
from counselroom.vault import name_readings, search_index

FOUND_AT_MOST = 200
"""Students that are ranked; who has typed so little types on."""
CODES_AT_MOST = 5
_SHORTEST_CODE = 3

Pieces = tuple[tuple[str, bool], ...]
"""A text in pieces; True marks what was typed."""


def warm_up() -> None:
    """Load the readings of characters, for a moment when nobody waits."""
    name_readings.warm_up()


@dataclass(frozen=True)
class FoundStudent:
    """A student that fits what was typed.

    Attributes:
        id: of the student.
        name: whole.
        student_no: the number, or None.
        class_name: of the class, or None.
        status: enrolled, on leave, graduated …
        reading: pinyin with what was typed marked; empty when something else matched.
        is_mine: the reader has an open case with the student.
    """

    id: str
    name: str
    student_no: str | None
    class_name: str | None
    status: StudentStatus
    reading: Pieces
    is_mine: bool


@dataclass(frozen=True)
class FoundStudents:
    """How many students fit, and the best of them."""

    total: int
    students: tuple[FoundStudent, ...]


@dataclass(frozen=True)
class FoundCode:
    """A record whose code begins with what was typed, and the student it is about."""

    entity: str
    entity_id: str
    code: str
    student_id: str
    name: str
    student_no: str | None


def find_students(actor: Actor, desk: Desk, query: str, limit: int = 8) -> FoundStudents:
    """Return students by name, pinyin, initials or number.

    Order: exact name, in care of the reader, the rest, those who have graduated or left.
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("student"), work)
        scope = select(Student.id).where(Student.id == SearchName.person_id, Student.voided_at.is_(None)).exists()
        ids = search_index.find_people(work.session, query, scope, FOUND_AT_MOST)
        rows = {
            row[0]: row
            for row in work.session.execute(
                select(Person.id, Person.name, Student.student_no, CLASS_WORDS, Student.status)
                .join(Student, Student.id == Person.id)
                .outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
                .outerjoin(GRADE, GRADE.id == OrgUnit.parent_id)
                .where(Person.id.in_(ids))
            )
        }
        mine = frozenset(
            work.session.scalars(
                select(CaseFile.client_id).where(
                    CaseFile.client_id.in_(ids),
                    CaseFile.counsellor_id == actor.person_id,
                    CaseFile.status != CaseStatus.CLOSED,
                    CaseFile.voided_at.is_(None),
                )
            )
        )
        typed = query.strip()

        def rank(student_id: str) -> tuple[bool, bool, bool]:
            _id, name, _number, _class, status = rows[student_id]
            left = status not in (StudentStatus.ENROLLED, StudentStatus.ON_LEAVE)
            return (name != typed, student_id not in mine, left)

        best = sorted((student_id for student_id in ids if student_id in rows), key=rank)[:limit]
        return FoundStudents(
            len(ids),
            tuple(
                FoundStudent(each, name, number, in_class, status, name_readings.matched(name, typed), each in mine)
                for each, name, number, in_class, status in (rows[best_id] for best_id in best)
            ),
        )


def find_codes(actor: Actor, desk: Desk, query: str) -> tuple[FoundCode, ...]:
    """Return records whose printed code begins with what was typed, as far as the reader may know of them."""
    typed = query.strip().upper()
    if len(typed) < _SHORTEST_CODE:
        return ()
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("student"), work)
        found = [
            FoundCode(entity, entity_id, code, student_id, name, number)
            for entity, entity_id, code, student_id, name, number in _coded(work, typed)
            if access.judge(actor, Action.READ, _subject(actor, work, entity, entity_id), work).refusal is None
        ]
        return tuple(found[:CODES_AT_MOST])


def names_of(actor: Actor, desk: Desk, person_ids: frozenset[str]) -> dict[str, tuple[str, str | None]]:
    """Return names and student numbers of people by id, for hits that carry the id only."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("student"), work)
        query = select(Person.id, Person.name, Student.student_no).outerjoin(Student, Student.id == Person.id)
        rows = work.session.execute(query.where(Person.id.in_(person_ids)))
        return {row[0]: (row[1], row[2]) for row in rows}


def _coded(work: Work, typed: str) -> list[tuple[str, str, str, str, str, str | None]]:
    """Return (entity, id, code, student, name, number) of the codes that begin so; the index on each code serves."""
    end = typed + "\U0010ffff"
    columns = (
        ("psych_archive", PsychArchive.id, PsychArchive.archive_no, PsychArchive.student_id),
        ("case_file", CaseFile.id, CaseFile.code, CaseFile.client_id),
        ("appointment", Appointment.id, Appointment.number, Appointment.client_id),
        ("referral", Referral.id, Referral.number, Referral.student_id),
        ("crisis_event", CrisisEvent.id, CrisisEvent.code, CrisisEvent.student_id),
    )
    found: list[tuple[str, str, str, str, str, str | None]] = []
    for entity, entity_id, code, student in columns:
        rows = work.session.execute(
            select(entity_id, code, student, Person.name, Student.student_no)
            .join(Person, Person.id == student)
            .outerjoin(Student, Student.id == student)
            .where(code.between(typed, end), entity_id.class_.voided_at.is_(None))
            .order_by(code)
            .limit(CODES_AT_MOST)
        )
        found += [(entity, *row) for row in rows]
    return found


def _subject(actor: Actor, work: Work, entity: str, entity_id: str) -> Subject:
    if entity == "case_file":
        return case_subject(load_case(work, entity_id))
    if entity == "referral":
        row = work.session.get_one(Referral, entity_id)
        return referral_subject(work, row)
    if entity == "crisis_event":
        event = work.session.get_one(CrisisEvent, entity_id)
        return crisis_subject(work, event, actor.person_id)
    return Subject(entity, entity_id, Secrecy.S2)
