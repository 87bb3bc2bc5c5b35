"""Consents, archives, registers, files and prints in a student's timeline, as the reader may see them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from counselroom.model import Base
from counselroom.model.archive import ArchiveCard, PsychArchive
from counselroom.model.counselling import Consent
from counselroom.model.office import PrintLog
from counselroom.model.safekeeping import Attachment
from counselroom.rules.access import Subject
from counselroom.rules.school_calendar import TermSpan, place_of
from counselroom.rules.secrecy import Secrecy
from counselroom.rules.timeline import EntryKind, TimelineEntry
from counselroom.services import forms
from counselroom.services.timeline_reader import Reader


def consents(reader: Reader, student_id: str) -> Iterator[TimelineEntry]:
    """Yield the consents of a student."""
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


def archive(reader: Reader, student_id: str) -> Iterator[TimelineEntry]:
    """Yield the archive of a student and its cards."""
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


def register_rows(reader: Reader, student_id: str) -> Iterator[TimelineEntry]:
    """Yield rows of registers, through their one envelope; what they say stays on the page of the register."""
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


def attachments(reader: Reader, student_id: str, terms: tuple[TermSpan, ...]) -> Iterator[TimelineEntry]:
    """Yield the files that hang on the student, or on a record that may be read."""
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


def prints(reader: Reader, student_id: str, terms: tuple[TermSpan, ...]) -> Iterator[TimelineEntry]:
    """Yield what was printed of records that may be read."""
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
