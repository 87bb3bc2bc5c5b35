"""The rows behind a student's timeline, each kind with one query, as the reader may see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from counselroom.model import Base
from counselroom.model.archive import ArchiveCard, PsychArchive
from counselroom.model.counselling import Amendment, Appointment, CaseFile, Consent, SessionRecord
from counselroom.model.crisis import Referral
from counselroom.model.office import PrintLog
from counselroom.model.people import Account, Person
from counselroom.model.safekeeping import Attachment
from counselroom.printing.note_text import paragraphs
from counselroom.rules.access import Action, Actor, Grant, Subject, decide
from counselroom.rules.school_calendar import TermSpan, place_of
from counselroom.rules.secrecy import Secrecy
from counselroom.rules.timeline import Correction, EntryKind, TimelineEntry, newest_first
from counselroom.services import access, forms
from counselroom.services.desk import Work
from counselroom.services.timeline_care import care_rows
from counselroom.services.timeline_crisis import crisis_entries

SUMMARY = 240
"""Characters of a text that are worth showing in two lines."""
_SESSION_FORM = "F-11"


@dataclass
class _Reader:
    """Who looks, what was granted, and what turned out to be readable.

    Attributes:
        seen: (table, id) of each record met, to whether its content may be shown.
        cases: id of each case to what the rules need of it: counsellor and whether it is restricted.
    """

    work: Work
    actor: Actor
    grants: tuple[Grant, ...]
    names: Mapping[str, str]
    seen: dict[tuple[str, str], bool] = field(default_factory=dict)
    cases: dict[str, tuple[str, bool]] = field(default_factory=dict)

    def may(self, subject: Subject) -> bool:
        """Tell whether the reader may read this."""
        return decide(self.actor, Action.READ, subject, self.grants, self.work.now).allowed

    def of_case(self, entity: str, entity_id: str, case_id: str | None, owner: str) -> bool | None:
        """Tell whether a record of a case may be read; None when not even its existence is told."""
        counsellor, restricted = self.cases.get(case_id or "", (owner, False))
        subject = Subject(entity, entity_id, Secrecy.S3, counsellor, restricted=restricted, case_id=case_id)
        allowed = self.may(subject)
        if allowed or not restricted:
            self.seen[entity, entity_id] = allowed
        return None if restricted and not allowed else allowed


def rows_of(work: Work, actor: Actor, student_id: str, terms: tuple[TermSpan, ...]) -> tuple[TimelineEntry, ...]:
    """Return everything about a student that `actor` may know of, newest first; asked within an allowed work."""
    reader = _Reader(work, actor, access.grants_of(actor, work), _names(work))
    # Attachments and prints hang on the others: these must have been looked at before.
    found = [
        *_cases(reader, student_id),
        *_sessions(reader, student_id),
        *_appointments(reader, student_id),
        *_consents(reader, student_id),
        *_archive(reader, student_id),
        *_referrals(reader, student_id),
        *_register_rows(reader, student_id),
        *crisis_entries(work, student_id, actor.person_id, reader.may, reader.names),
        *care_rows(work, student_id, reader.may, reader.names),
    ]
    for entry in found:
        if entry.kind in (EntryKind.CRISIS, EntryKind.ASSESSMENT):
            reader.seen[entry.entity, entry.entity_id] = entry.readable
    found += [*_attachments(reader, student_id, terms), *_prints(reader, student_id, terms)]
    return newest_first(found)


def summary_of(work: Work, sections: Mapping[str, str]) -> str:
    """Return what a note says, without marks of emphasis, in the order of its template; `work` is for its forms."""
    del work
    items = forms.all_forms()[_SESSION_FORM].definition.item
    order = {item.link_id: place for place, item in enumerate(items)}
    texts = [sections[key] for key in sorted(sections, key=lambda key: order.get(key, len(order)))]
    plain = " ".join(part.text for text in texts for part in paragraphs(text))
    return plain[:SUMMARY]


def _names(work: Work) -> dict[str, str]:
    """Return the names of the room's staff by person and by account."""
    names: dict[str, str] = {}
    for account, person, name in work.session.execute(
        select(Account.id, Person.id, Person.name).join(Person, Person.id == Account.person_id)
    ):
        names[account] = names[person] = name
    return names


def _cases(reader: _Reader, student_id: str) -> Iterator[TimelineEntry]:
    rows = reader.work.session.execute(
        select(
            CaseFile.id,
            CaseFile.code,
            CaseFile.counsellor_id,
            CaseFile.opened_on,
            CaseFile.status,
            CaseFile.goals,
            CaseFile.restricted,
            CaseFile.academic_year,
            CaseFile.term,
        ).where(CaseFile.client_id == student_id, CaseFile.voided_at.is_(None))
    ).all()
    reader.cases.update({row.id: (row.counsellor_id, row.restricted) for row in rows})
    for row in rows:
        readable = reader.of_case("case_file", row.id, row.id, row.counsellor_id)
        if readable is None:
            continue
        text = "；".join(row.goals) if readable else ""
        yield TimelineEntry(
            EntryKind.CASE,
            "case_file",
            row.id,
            row.opened_on,
            academic_year=row.academic_year,
            term=row.term,
            owner=row.counsellor_id,
            who=reader.names.get(row.counsellor_id, ""),
            state=row.status,
            number=row.code,
            text=text,
            case_id=row.id,
            readable=readable,
            tells_secrets=bool(text),
        )


def _sessions(reader: _Reader, student_id: str) -> Iterator[TimelineEntry]:
    corrections: dict[str, list[Correction]] = {}
    for beside in reader.work.session.execute(
        select(Amendment.entity_id, Amendment.text, Amendment.created_at, Amendment.created_by)
        .where(
            Amendment.subject_person == student_id,
            Amendment.entity == "session_record",
            Amendment.voided_at.is_(None),
        )
        .order_by(Amendment.created_at, Amendment.id)
    ):
        correction = Correction(beside.text, beside.created_at, reader.names.get(beside.created_by, ""))
        corrections.setdefault(beside.entity_id, []).append(correction)
    rows = reader.work.session.execute(
        select(
            SessionRecord.id,
            SessionRecord.case_id,
            SessionRecord.counsellor_id,
            SessionRecord.seq,
            SessionRecord.held_on,
            SessionRecord.starts_at,
            SessionRecord.ends_at,
            SessionRecord.sections,
            SessionRecord.mode,
            SessionRecord.signed_at,
            SessionRecord.academic_year,
            SessionRecord.term,
            SessionRecord.voided_at,
        ).where(SessionRecord.client_id == student_id)
    )
    for row in rows:
        readable = reader.of_case("session_record", row.id, row.case_id, row.counsellor_id)
        if readable is None:
            continue
        # A draft is its counsellor's alone: nobody else reads what is not signed.
        mine = row.counsellor_id == reader.actor.person_id
        if row.signed_at is None and not mine:
            continue
        text = summary_of(reader.work, row.sections) if readable else ""
        yield TimelineEntry(
            EntryKind.SESSION,
            "session_record",
            row.id,
            row.held_on,
            row.starts_at,
            row.academic_year,
            row.term,
            owner=row.counsellor_id,
            who=reader.names.get(row.counsellor_id, ""),
            state="blanked" if row.voided_at is not None else row.mode,
            seq=row.seq,
            minutes=round((row.ends_at - row.starts_at).total_seconds() / 60),
            text=text,
            case_id=row.case_id,
            signed_at=row.signed_at,
            readable=readable,
            tells_secrets=bool(text),
            corrections=tuple(corrections.get(row.id, ())) if readable else (),
        )


def _appointments(reader: _Reader, student_id: str) -> Iterator[TimelineEntry]:
    rows = reader.work.session.execute(
        select(
            Appointment.id,
            Appointment.number,
            Appointment.counsellor_id,
            Appointment.starts_at,
            Appointment.ends_at,
            Appointment.state,
            Appointment.academic_year,
            Appointment.term,
        ).where(Appointment.client_id == student_id, Appointment.voided_at.is_(None))
    )
    for row in rows:
        subject = Subject("appointment", row.id, Secrecy.S2, row.counsellor_id)
        reader.seen["appointment", row.id] = reader.may(subject)
        yield TimelineEntry(
            EntryKind.APPOINTMENT,
            "appointment",
            row.id,
            row.starts_at.date(),
            row.starts_at,
            row.academic_year,
            row.term,
            owner=row.counsellor_id,
            who=reader.names.get(row.counsellor_id, ""),
            state=row.state,
            number=row.number,
            minutes=round((row.ends_at - row.starts_at).total_seconds() / 60),
        )


def _consents(reader: _Reader, student_id: str) -> Iterator[TimelineEntry]:
    rows = reader.work.session.execute(
        select(
            Consent.id,
            Consent.kind,
            Consent.signer_relation,
            Consent.signed_at,
            Consent.withdrawn_at,
            Consent.created_at,
            Consent.academic_year,
            Consent.term,
        ).where(Consent.client_id == student_id, Consent.voided_at.is_(None))
    )
    for row in rows:
        at = row.signed_at or row.created_at
        reader.seen["consent", row.id] = True
        yield TimelineEntry(
            EntryKind.CONSENT,
            "consent",
            row.id,
            at.date(),
            at,
            row.academic_year,
            row.term,
            who=row.signer_relation,
            state=row.kind,
            number="withdrawn" if row.withdrawn_at is not None else "",
            signed_at=row.signed_at,
        )


def _archive(reader: _Reader, student_id: str) -> Iterator[TimelineEntry]:
    for row in reader.work.session.execute(
        select(
            PsychArchive.id,
            PsychArchive.archive_no,
            PsychArchive.opened_on,
            PsychArchive.state,
            PsychArchive.academic_year,
            PsychArchive.term,
        ).where(PsychArchive.student_id == student_id, PsychArchive.voided_at.is_(None))
    ):
        yield TimelineEntry(
            EntryKind.ARCHIVE,
            "psych_archive",
            row.id,
            row.opened_on,
            academic_year=row.academic_year,
            term=row.term,
            state=row.state,
            number=row.archive_no,
        )
    for card in reader.work.session.execute(
        select(
            ArchiveCard.id,
            ArchiveCard.filed_at,
            ArchiveCard.filed_by,
            ArchiveCard.collected_on,
            ArchiveCard.created_at,
            ArchiveCard.academic_year,
            ArchiveCard.term,
        ).where(ArchiveCard.student_id == student_id, ArchiveCard.voided_at.is_(None))
    ):
        subject = Subject("archive_card", card.id, Secrecy.S3, filed=card.filed_at is not None)
        readable = reader.seen["archive_card", card.id] = reader.may(subject)
        yield TimelineEntry(
            EntryKind.ARCHIVE,
            "archive_card",
            card.id,
            card.collected_on or card.created_at.date(),
            academic_year=card.academic_year,
            term=card.term,
            who=reader.names.get(card.filed_by or "", ""),
            state="card",
            signed_at=card.filed_at,
            readable=readable,
        )


def _referrals(reader: _Reader, student_id: str) -> Iterator[TimelineEntry]:
    rows = reader.work.session.execute(
        select(
            Referral.id,
            Referral.number,
            Referral.case_id,
            Referral.counsellor_id,
            Referral.to_name,
            Referral.reason,
            Referral.state,
            Referral.issued_at,
            Referral.created_at,
            Referral.academic_year,
            Referral.term,
        ).where(Referral.student_id == student_id, Referral.voided_at.is_(None))
    )
    for row in rows:
        readable = reader.of_case("referral", row.id, row.case_id, row.counsellor_id)
        if readable is None:
            continue
        at: datetime = row.issued_at or row.created_at
        text = f"{row.to_name}；{row.reason}"[:SUMMARY] if readable else ""
        yield TimelineEntry(
            EntryKind.REFERRAL,
            "referral",
            row.id,
            at.date(),
            at,
            row.academic_year,
            row.term,
            owner=row.counsellor_id,
            who=reader.names.get(row.counsellor_id, ""),
            state=row.state,
            number=row.number,
            text=text,
            signed_at=row.issued_at,
            readable=readable,
            tells_secrets=bool(text),
        )


def _register_rows(reader: _Reader, student_id: str) -> Iterator[TimelineEntry]:
    """Rows of registers, through their one envelope; what they say stays on the page of the register."""
    table = Base.metadata.tables.get("register_row")
    if table is None:
        return
    rows = reader.work.session.execute(
        select(table).where(table.c.subject_person == student_id, table.c.voided_at.is_(None))
    )
    for row in rows:
        values: Any = row._mapping  # noqa: SLF001 - SQLAlchemy's own name for it
        owner = values.get("owner")
        subject = Subject("register_row", row.id, Secrecy(row.secrecy), owner)
        readable = reader.seen["register_row", row.id] = reader.may(subject)
        form = forms.all_forms().get(str(row.form_id))
        yield TimelineEntry(
            EntryKind.REGISTER,
            "register_row",
            row.id,
            row.occurred_on or row.created_at.date(),
            academic_year=row.academic_year,
            term=row.term,
            owner=owner or "",
            who=reader.names.get(owner or row.created_by, ""),
            state=str(row.register),
            number=form.definition.form.title if form is not None else str(row.register),
            readable=readable,
        )


def _attachments(reader: _Reader, student_id: str, terms: tuple[TermSpan, ...]) -> Iterator[TimelineEntry]:
    rows = reader.work.session.execute(
        select(
            Attachment.id,
            Attachment.entity,
            Attachment.entity_id,
            Attachment.name,
            Attachment.media_type,
            Attachment.size,
            Attachment.created_at,
            Attachment.created_by,
        ).where(Attachment.subject_person == student_id, Attachment.voided_at.is_(None))
    )
    for row in rows:
        if row.entity != "student" and not reader.seen.get((row.entity, row.entity_id), False):
            continue
        place = place_of(row.created_at.date(), terms)
        yield TimelineEntry(
            EntryKind.ATTACHMENT,
            "attachment",
            row.id,
            row.created_at.date(),
            row.created_at,
            place.academic_year,
            place.term,
            who=reader.names.get(row.created_by, ""),
            state=row.media_type,
            number=row.name,
            minutes=0,
            seq=row.size,
        )


def _prints(reader: _Reader, student_id: str, terms: tuple[TermSpan, ...]) -> Iterator[TimelineEntry]:
    rows = reader.work.session.execute(
        select(
            PrintLog.id,
            PrintLog.entity,
            PrintLog.entity_id,
            PrintLog.form_id,
            PrintLog.secrecy,
            PrintLog.recipient,
            PrintLog.purpose,
            PrintLog.copy_no,
            PrintLog.state,
            PrintLog.printed_at,
            PrintLog.printed_by,
        ).where(PrintLog.subject_person == student_id)
    )
    for row in rows:
        known = reader.seen.get((row.entity, row.entity_id))
        if known is False or (known is None and row.secrecy is Secrecy.S3):
            continue
        form = forms.all_forms().get(row.form_id)
        place = place_of(row.printed_at.date(), terms)
        yield TimelineEntry(
            EntryKind.PRINT,
            "print_log",
            row.id,
            row.printed_at.date(),
            row.printed_at,
            place.academic_year,
            place.term,
            who=reader.names.get(row.printed_by, ""),
            state=row.state,
            number=form.definition.form.title if form is not None else row.form_id,
            seq=row.copy_no,
            text="；".join(part for part in (row.recipient, row.purpose) if part),
        )
