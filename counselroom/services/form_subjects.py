"""What a form is about: loads the record and answers every path of `bindings.COLUMNS` that belongs to it.

Only plain values leave this module: words, numbers, dates, times, codes of options, rows of a table.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.archive import ArchiveCard, PsychArchive
from counselroom.model.counselling import Appointment, CaseFile, Consent, SessionRecord
from counselroom.model.crisis import Referral
from counselroom.model.people import Account, Person
from counselroom.model.school import Room
from counselroom.printing.definitions import Audience
from counselroom.rules.access import Subject
from counselroom.rules.secrecy import Secrecy
from counselroom.services.appointment_papers import APPOINTMENT_LOADERS
from counselroom.services.archive_rows import index_lines, page_words
from counselroom.services.audit_papers import AUDIT_LOADERS
from counselroom.services.bindings import SECTIONS
from counselroom.services.care_subjects import CARE_LOADERS
from counselroom.services.crisis_subjects import CRISIS_LOADERS
from counselroom.services.desk import Work
from counselroom.services.form_parts import (
    FormSubject,
    Values,
    clock_text,
    minutes_between,
    missing,
    name_of,
    room_values,
    student_values,
    term_name,
    words,
)
from counselroom.services.register_papers import paper_of
from counselroom.services.rows import load_case, load_referral, referral_subject, session_subject

__all__ = ["FormSubject", "load_subject"]


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


def _appointment(work: Work, entity_id: str) -> FormSubject:
    row = work.session.get(Appointment, entity_id)
    if row is None:
        raise missing()
    place = None if row.room_id is None else work.session.scalar(select(Room.name).where(Room.id == row.room_id))
    values: Values = {
        **student_values(work, row.client_id),
        **room_values(work),
        "appointment.number": row.number,
        "appointment.starts_on": row.starts_at.date(),
        "appointment.time_span": f"{clock_text(row.starts_at)}-{clock_text(row.ends_at)}",
        "appointment.minutes": minutes_between(row.starts_at, row.ends_at),
        "appointment.place": place,
        "appointment.counsellor": name_of(work, row.counsellor_id),
        "appointment.mode": row.mode.value,
    }
    access = Subject("appointment", row.id, Secrecy.S2, row.counsellor_id)
    return FormSubject(access, row.client_id, row.number, row.academic_year, term_name(row.term), values)


def _session(work: Work, entity_id: str) -> FormSubject:
    row = work.session.get(SessionRecord, entity_id)
    if row is None:
        raise missing()
    case: CaseFile = load_case(work, row.case_id)
    values: Values = {
        **student_values(work, row.client_id),
        **room_values(work),
        "case.code": case.code,
        "session.seq": row.seq,
        "session.date": row.held_on,
        "session.start": row.starts_at.time(),
        "session.end": row.ends_at.time(),
        "session.minutes": minutes_between(row.starts_at, row.ends_at),
        "session.mode": row.mode.value,
        "session.place": row.place,
        "session.risk_level": None if row.risk_level is None else row.risk_level.value,
        "session.next_time": None if row.next_at is None else f"{row.next_at:%Y-%m-%d %H:%M}",
        "session.counsellor": name_of(work, row.counsellor_id),
        **{f"session.section.{section}": row.sections.get(section) for section in SECTIONS},
    }
    access = session_subject(row.id, case)
    return FormSubject(
        access, row.client_id, f"{case.code}-{row.seq:02d}", row.academic_year, term_name(row.term), values
    )


def _consent(work: Work, entity_id: str) -> FormSubject:
    row = work.session.get(Consent, entity_id)
    if row is None or row.voided_at is not None:
        raise missing()
    values: Values = {
        **student_values(work, row.client_id),
        **room_values(work),
        "consent.kind": row.kind.value,
        "consent.text_version": row.text_version,
        "consent.signed_by": row.signed_by,
        "consent.signer_relation": row.signer_relation,
        "consent.signed_on": None if row.signed_at is None else row.signed_at.date(),
        "consent.scope": row.scope,
    }
    access = Subject("consent", row.id, Secrecy.S2)
    return FormSubject(access, row.client_id, "", row.academic_year, term_name(row.term), values)


def _card(work: Work, entity_id: str) -> FormSubject:
    row = work.session.get(ArchiveCard, entity_id)
    if row is None:
        raise missing()
    archive = work.session.get_one(PsychArchive, row.archive_id)
    values: Values = {
        **student_values(work, row.student_id),
        **room_values(work),
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
    return FormSubject(access, row.student_id, archive.archive_no, row.academic_year, term_name(row.term), values)


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


def _archive(work: Work, entity_id: str) -> FormSubject:
    """The front page of a volume and its index; one volume, as long as nothing else is settled."""
    row = work.session.get(PsychArchive, entity_id)
    if row is None:
        raise missing()
    lines = index_lines(work, row.id)
    known = words()
    values: Values = {
        **student_values(work, row.student_id),
        **room_values(work),
        "archive.archive_no": row.archive_no,
        "archive.opened_on": row.opened_on,
        "archive.open_reason": known["open_reason"][row.open_reason],
        "archive.secrecy": known["secrecy"][Secrecy.S3],
        "archive.volumes": 1,
        "archive.pages": lines[-1].last_page if lines else 0,
        "archive.items": [
            {
                "number": line.number,
                "title": line.data.title,
                "date": line.data.dated_on,
                "author": line.data.author,
                "page": page_words(line.first_page, line.last_page),
                "carrier": "" if line.data.carrier is None else known["carrier"][line.data.carrier],
                "secrecy": known["secrecy"][line.data.secrecy],
                "remark": line.data.remark,
            }
            for line in lines
        ],
    }
    access = Subject("psych_archive", row.id, Secrecy.S3)
    return FormSubject(access, row.student_id, row.archive_no, row.academic_year, term_name(row.term), values)


def _referral(work: Work, entity_id: str) -> FormSubject:
    row: Referral = load_referral(work, entity_id)
    issuer = None
    if row.issued_by is not None:
        issuer = work.session.scalar(
            select(Person.name).join(Account, Account.person_id == Person.id).where(Account.id == row.issued_by)
        )
    values: Values = {
        **student_values(work, row.student_id),
        **room_values(work),
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
        term_name(row.term),
        values,
        row.excerpt_approved_by is not None,
        frozenset() if row.issued_at is not None else frozenset({Audience.HOSPITAL}),
    )


def _register(work: Work, entity_id: str) -> FormSubject:
    paper = paper_of(work, entity_id)
    return FormSubject(paper.access, paper.person_id, "", paper.academic_year, term_name(paper.term), paper.values)


_LOADERS: dict[str, Callable[[Work, str], FormSubject]] = {
    "appointment": _appointment,
    "session": _session,
    "card": _card,
    "archive": _archive,
    "consent": _consent,
    "referral": _referral,
    "register": _register,
    **CRISIS_LOADERS,
    **CARE_LOADERS,
    **APPOINTMENT_LOADERS,
    **AUDIT_LOADERS,
}
