"""What a form is about: loads the record and answers every path of `bindings.COLUMNS` that belongs to it.

Only plain values leave this module: words, numbers, dates, times, codes of options, rows of a table.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import select

from counselroom import resources
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.archive import ArchiveCard, PsychArchive
from counselroom.model.counselling import Appointment, CaseFile, SessionRecord
from counselroom.model.crisis import Referral
from counselroom.model.people import Account, Person, Student
from counselroom.model.school import OrgUnit, Room, School
from counselroom.printing.definitions import Audience
from counselroom.printing.form_values import FormValue
from counselroom.rules.access import Subject
from counselroom.rules.secrecy import Secrecy
from counselroom.services.bindings import SECTIONS
from counselroom.services.desk import Work
from counselroom.services.register_papers import paper_of
from counselroom.services.rows import guardians_of, load_case, load_referral, referral_subject, session_subject

Values = dict[str, FormValue]


@dataclass(frozen=True)
class FormSubject:
    """A record as a form sees it.

    Attributes:
        access: the record as the access rules see it.
        person_id: whom it is about, or None.
        number: the record's own number, printed in the head of the form.
        academic_year: the academic year it belongs to, such as `2026-2027`.
        term: the name of its term, such as `第一学期`, or None.
        values: the answer to every path of this kind of record.
        director_agreed: whether the director let the optional session text go out.
        not_ready_for: readers who cannot have it yet, such as the hospital before a referral is issued (R-13).
    """

    access: Subject
    person_id: str | None
    number: str
    academic_year: str | None
    term: str | None
    values: Mapping[str, FormValue]
    director_agreed: bool = False
    not_ready_for: frozenset[Audience] = frozenset()


def load_subject(work: Work, kind: str, entity_id: str) -> FormSubject:
    """Return the record `entity_id` as a form of subject `kind` sees it.

    Args:
        work: the piece of work.
        kind: `appointment`, `session`, `card` or `referral`, as `[form].subject` names it.
        entity_id: id of the row.

    Raises:
        UserError: there is no such record.
    """
    loader = _LOADERS.get(kind)
    if loader is None:
        raise UserError(_("This form is not printed from a record."), _("Nothing was printed."))
    return loader(work, entity_id)


@cache
def _words() -> dict[str, dict[str, str]]:
    """Return how codes are written on paper; forms are Chinese whatever the window speaks."""
    return tomllib.loads(resources.read_text("resources/words.toml"))


def _missing() -> UserError:
    return UserError(_("There is no such record for this form."), _("Nothing was printed."))


def _room(work: Work) -> Values:
    school = work.session.scalar(select(School))
    return {
        "room.name": school.room_name if school else None,
        "room.reschedule_phone": school.room_phone if school else None,
    }


def _name_of(work: Work, person_id: str | None) -> str | None:
    return None if person_id is None else work.session.scalar(select(Person.name).where(Person.id == person_id))


def _student(work: Work, person_id: str) -> Values:
    person = work.session.get_one(Person, person_id)
    student = work.session.get(Student, person_id)
    unit = work.session.get(OrgUnit, student.class_id) if student and student.class_id else None
    grade = work.session.get(OrgUnit, unit.parent_id) if unit and unit.parent_id else None
    values: Values = {
        "student.name": person.name,
        "student.gender": _words()["gender"][person.gender],
        "student.birth_date": person.birth_date,
        "student.phone": person.phone,
        "student.address": person.address,
        "student.student_no": student.student_no if student else None,
        "student.class_name": unit.name if unit else None,
        "student.grade": grade.name if grade else None,
        "student.dorm": student.dorm if student else None,
        "student.ethnicity": student.ethnicity if student else None,
        "student.political_status": student.political_status if student else None,
    }
    guardians = guardians_of(work, person_id)
    first = guardians[0] if guardians else None
    values |= {
        "guardian.name": first.name if first else None,
        "guardian.relation": _words()["relation"][first.relation] if first else None,
        "guardian.phone": first.phone if first else None,
        "guardian.backup_phone": first.backup_phone if first else None,
        "guardian.address": first.address if first else None,
    }
    return values


def _term(key: str | None) -> str | None:
    """Return how a form names the term with this key (`2026-2027-1`)."""
    if key is None:
        return None
    number = key.rsplit("-", 1)[-1]
    return f"第{dict(enumerate('一二三四', start=1)).get(int(number), number)}学期"


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def _minutes(starts_at: datetime, ends_at: datetime) -> int:
    return int((ends_at - starts_at).total_seconds() // 60)


def _appointment(work: Work, entity_id: str) -> FormSubject:
    row = work.session.get(Appointment, entity_id)
    if row is None:
        raise _missing()
    place = None if row.room_id is None else work.session.scalar(select(Room.name).where(Room.id == row.room_id))
    values: Values = {
        **_student(work, row.client_id),
        **_room(work),
        "appointment.number": row.number,
        "appointment.starts_on": row.starts_at.date(),
        "appointment.time_span": f"{_clock(row.starts_at)}-{_clock(row.ends_at)}",
        "appointment.minutes": _minutes(row.starts_at, row.ends_at),
        "appointment.place": place,
        "appointment.counsellor": _name_of(work, row.counsellor_id),
        "appointment.mode": row.mode.value,
    }
    access = Subject("appointment", row.id, Secrecy.S2, row.counsellor_id)
    return FormSubject(access, row.client_id, row.number, row.academic_year, _term(row.term), values)


def _session(work: Work, entity_id: str) -> FormSubject:
    row = work.session.get(SessionRecord, entity_id)
    if row is None:
        raise _missing()
    case: CaseFile = load_case(work, row.case_id)
    values: Values = {
        **_student(work, row.client_id),
        **_room(work),
        "case.code": case.code,
        "session.seq": row.seq,
        "session.date": row.held_on,
        "session.start": row.starts_at.time(),
        "session.end": row.ends_at.time(),
        "session.minutes": _minutes(row.starts_at, row.ends_at),
        "session.mode": row.mode.value,
        "session.place": row.place,
        "session.risk_level": None if row.risk_level is None else row.risk_level.value,
        "session.next_time": None if row.next_at is None else f"{row.next_at:%Y-%m-%d %H:%M}",
        "session.counsellor": _name_of(work, row.counsellor_id),
        **{f"session.section.{section}": row.sections.get(section) for section in SECTIONS},
    }
    access = session_subject(row.id, case)
    return FormSubject(access, row.client_id, f"{case.code}-{row.seq:02d}", row.academic_year, _term(row.term), values)


def _card(work: Work, entity_id: str) -> FormSubject:
    row = work.session.get(ArchiveCard, entity_id)
    if row is None:
        raise _missing()
    archive = work.session.get_one(PsychArchive, row.archive_id)
    values: Values = {
        **_student(work, row.student_id),
        **_room(work),
        "card.archive_no": archive.archive_no,
        "card.family_members": row.family_members,
        "card.family_structure": None if row.family_structure is None else row.family_structure.value,
        "card.major_events": row.major_events,
        "card.special_groups": tuple(row.special_groups),
        "card.source": None if row.source is None else row.source.value,
        "card.collected_on": row.collected_on,
        **{f"card.{name}": getattr(row, name) for name in _CARD_TEXTS},
    }
    access = Subject("archive_card", row.id, Secrecy.S3, filed=row.filed_at is not None)
    return FormSubject(access, row.student_id, archive.archive_no, row.academic_year, _term(row.term), values)


_CARD_TEXTS = (
    "economic",
    "living",
    "caretaker",
    "health_history",
    "medication",
    "study_status",
    "interests",
    "self_description",
    "teacher_description",
    "friendships",
    "teacher_observation",
    "home_visit_summary",
    "collected_by",
    "suggestion",
)


def _referral(work: Work, entity_id: str) -> FormSubject:
    row: Referral = load_referral(work, entity_id)
    issuer = None
    if row.issued_by is not None:
        issuer = work.session.scalar(
            select(Person.name).join(Account, Account.person_id == Person.id).where(Account.id == row.issued_by)
        )
    values: Values = {
        **_student(work, row.student_id),
        **_room(work),
        "referral.number": row.number,
        "referral.to_kind": row.to_kind.value,
        "referral.to_name": row.to_name,
        "referral.reason": row.reason,
        "referral.summary": row.summary,
        "referral.done_so_far": row.done_so_far,
        "referral.risk": None if row.risk is None else row.risk.value,
        "referral.urgency": row.urgency.value,
        "referral.accompanied_by": row.accompanied_by,
        "referral.client_consent": row.client_consent.value,
        "referral.guardian_consent": row.guardian_consent.value,
        "referral.emergency_basis": row.emergency_basis,
        "referral.supervisor_opinion": row.supervisor_opinion,
        "referral.issued_on": None if row.issued_at is None else row.issued_at.date(),
        "referral.issued_by": issuer,
        "referral.session_excerpt": row.session_excerpt,
    }
    return FormSubject(
        referral_subject(work, row),
        row.student_id,
        row.number,
        row.academic_year,
        _term(row.term),
        values,
        row.excerpt_approved_by is not None,
        frozenset() if row.issued_at is not None else frozenset({Audience.HOSPITAL}),
    )


def _register(work: Work, entity_id: str) -> FormSubject:
    paper = paper_of(work, entity_id)
    return FormSubject(paper.access, paper.person_id, "", paper.academic_year, _term(paper.term), paper.values)


_LOADERS: dict[str, Callable[[Work, str], FormSubject]] = {
    "appointment": _appointment,
    "session": _session,
    "card": _card,
    "referral": _referral,
    "register": _register,
}
