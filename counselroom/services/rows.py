"""What several services read: a row with its plain error when it is missing, and how the access rules see it.

Services never import each other (`.importlinter`); what two of them need of the model stands here.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.archive import ArchiveCard
from counselroom.model.counselling import CaseFile, Consent, SessionRecord
from counselroom.model.crisis import Referral
from counselroom.model.crisis_events import CrisisAssessment, CrisisEvent, CrisisReport, CrisisStep, GuardianNotice
from counselroom.model.people import Guardian, Person, Student
from counselroom.model.registers import RegisterRow
from counselroom.rules.access import Subject
from counselroom.rules.people import Relation
from counselroom.rules.secrecy import Secrecy
from counselroom.rules.session import ConsentOnFile
from counselroom.services.desk import Work


@dataclass(frozen=True)
class GuardianView:
    """A guardian; `position` 1 is called first."""

    id: str
    person_id: str
    name: str
    relation: Relation
    phone: str | None
    backup_phone: str | None
    address: str | None
    position: int


def moved_on() -> UserError:
    """Return the refusal to undo what has been changed again since."""
    return UserError(_("This has been changed since; it cannot be undone any more."), _("Nothing was changed."))


def load_case(work: Work, case_id: str) -> CaseFile:
    """Return the row of a case within a piece of work. Raises UserError when there is none."""
    row = work.session.get(CaseFile, case_id)
    if row is None or row.voided_at is not None:
        raise UserError(_("There is no such case."), _("Nothing was changed."))
    return row


def case_subject(row: CaseFile) -> Subject:
    """Return a case as the access rules see it."""
    return Subject("case_file", row.id, Secrecy.S3, row.counsellor_id, restricted=row.restricted, case_id=row.id)


def session_subject(session_id: str, case: CaseFile) -> Subject:
    """Return a session record of a case as the access rules see it; an empty id stands for all of the case."""
    return Subject(
        "session_record", session_id, Secrecy.S3, case.counsellor_id, restricted=case.restricted, case_id=case.id
    )


def session_title(case: CaseFile, seq: int) -> str:
    """Return how a list of hits names a session record: the case's code and the number in it."""
    return f"{case.code} #{seq}"


def load_referral(work: Work, referral_id: str) -> Referral:
    """Return the row of a referral within a piece of work. Raises UserError when there is none."""
    row = work.session.get(Referral, referral_id)
    if row is None or row.voided_at is not None:
        raise UserError(_("There is no such referral."), _("Nothing was changed."))
    return row


def referral_subject(work: Work, row: Referral) -> Subject:
    """Return a referral as the access rules see it; one out of a restricted case is as restricted as the case."""
    restricted = row.case_id is not None and load_case(work, row.case_id).restricted
    return Subject("referral", row.id, Secrecy.S3, row.counsellor_id, restricted=restricted, case_id=row.case_id)


def consents_of(work: Work, client_id: str) -> tuple[ConsentOnFile, ...]:
    """Return the consents of a client as the rules need them."""
    rows = work.session.execute(
        select(Consent.kind, Consent.signed_at, Consent.withdrawn_at).where(
            Consent.client_id == client_id, Consent.voided_at.is_(None)
        )
    )
    return tuple(ConsentOnFile(kind, signed_at, withdrawn_at) for kind, signed_at, withdrawn_at in rows)


def guardians_of(work: Work, student_id: str) -> tuple[GuardianView, ...]:
    """Return the guardians of a student within a piece of work, the first to be called first."""
    rows = work.session.execute(
        select(Guardian, Person)
        .join(Person, Person.id == Guardian.person_id)
        .where(Guardian.student_id == student_id, Guardian.voided_at.is_(None))
        .order_by(Guardian.position)
    )
    return tuple(guardian_view(guardian, person) for guardian, person in rows)


def guardian_view(guardian: Guardian, person: Person) -> GuardianView:
    """Return a guardian's rows as one view."""
    return GuardianView(
        guardian.id,
        person.id,
        person.name,
        guardian.relation,
        person.phone,
        person.backup_phone,
        person.address,
        guardian.position,
    )


def record_subject(work: Work, entity: str, entity_id: str) -> tuple[Subject, str]:
    """Return a record something can be attached to, as the access rules see it, and the person it is about.

    Raises:
        UserError: there is no such record, or nothing can be attached to records of this kind.
    """
    if entity == "student":
        student = work.session.get(Student, entity_id)
        if student is not None and student.voided_at is None:
            return Subject("student", student.id, Secrecy.S2), student.id
    if entity == "session_record":
        row = work.session.get(SessionRecord, entity_id)
        if row is not None:
            return session_subject(row.id, load_case(work, row.case_id)), row.client_id
    if entity == "referral":
        referral = load_referral(work, entity_id)
        return referral_subject(work, referral), referral.student_id
    if entity == "consent":
        consent = work.session.get(Consent, entity_id)
        if consent is not None:
            return Subject("consent", consent.id, Secrecy.S2), consent.client_id
    if entity == "register_row":
        entry = work.session.get(RegisterRow, entity_id)
        if entry is not None and entry.subject_person is not None:
            return Subject("register_row", entry.id, entry.secrecy, entry.owner), entry.subject_person
    if entity == "archive_card":
        card = work.session.get(ArchiveCard, entity_id)
        if card is not None:
            return Subject("archive_card", card.id, Secrecy.S3, filed=card.filed_at is not None), card.student_id
    found = _crisis_record(work, entity, entity_id)
    if found is not None:
        return found
    raise UserError(_("There is no such record to attach to."), _("Nothing was changed."))


def _crisis_record(work: Work, entity: str, entity_id: str) -> tuple[Subject, str] | None:
    """Return an assessment, or a 专案 and what belongs to it, as the access rules see it, with whom it is about."""
    if entity == "crisis_assessment":
        assessment = work.session.get(CrisisAssessment, entity_id)
        if assessment is None:
            return None
        restricted = assessment.case_id is not None and load_case(work, assessment.case_id).restricted
        owner, case_id = assessment.counsellor_id, assessment.case_id
        subject = Subject(entity, entity_id, Secrecy.S3, owner, restricted=restricted, case_id=case_id)
        return subject, assessment.student_id
    event_id: str | None = entity_id if entity == "crisis_event" else None
    for name, mapped in (
        ("crisis_step", CrisisStep),
        ("guardian_notice", GuardianNotice),
        ("crisis_report", CrisisReport),
    ):
        row = work.session.get(mapped, entity_id) if entity == name else None
        event_id = row.event_id if isinstance(row, CrisisStep | GuardianNotice | CrisisReport) else event_id
    event = work.session.get(CrisisEvent, event_id) if event_id else None
    return None if event is None else (crisis_subject(work, event), event.student_id)


def crisis_subject(
    work: Work, row: CrisisEvent, reader: str = "", restricted_cases: frozenset[str] | None = None
) -> Subject:
    """Return a 专案 as the access rules see it.

    The room's staff work on it together (S2). One that is restricted, or out of a restricted case, is its two
    counsellors' alone, like a secret record. For a list, `restricted_cases` saves asking for each case apart.
    """
    owner = reader if reader and reader == row.deputy_id else row.counsellor_id
    restricted = row.restricted
    if row.case_id is not None and not restricted:
        known = restricted_cases is not None
        restricted = row.case_id in (restricted_cases or ()) if known else load_case(work, row.case_id).restricted
    secrecy = Secrecy.S3 if restricted else Secrecy.S2
    return Subject("crisis_event", row.id, secrecy, owner, restricted=restricted, case_id=row.case_id)
