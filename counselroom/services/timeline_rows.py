"""The rows behind a student's timeline, each kind with one query, as the reader may see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import select

from counselroom.model.counselling import Amendment, Appointment, CaseFile, SessionRecord
from counselroom.model.crisis import Referral, ReferralFeedback
from counselroom.model.people import Account, Person
from counselroom.printing.note_text import paragraphs
from counselroom.rules.access import Actor, Subject
from counselroom.rules.school_calendar import TermSpan
from counselroom.rules.secrecy import Secrecy
from counselroom.rules.timeline import Correction, EntryKind, TimelineEntry, newest_first
from counselroom.services import access, forms
from counselroom.services.desk import Work
from counselroom.services.timeline_care import care_rows
from counselroom.services.timeline_crisis import crisis_entries
from counselroom.services.timeline_papers import archive, attachments, consents, prints, register_rows
from counselroom.services.timeline_reader import Reader

SUMMARY = 240
"""Characters of a text that are worth showing in two lines."""
_SESSION_FORM = "F-11"


def rows_of(work: Work, actor: Actor, student_id: str, terms: tuple[TermSpan, ...]) -> tuple[TimelineEntry, ...]:
    """Return everything about a student that `actor` may know of, newest first; asked within an allowed work."""
    reader = Reader(work, actor, access.grants_of(actor, work), _names(work))
    # Attachments and prints hang on the others: these must have been looked at before.
    found = [
        *_cases(reader, student_id),
        *_sessions(reader, student_id),
        *_appointments(reader, student_id),
        *consents(reader, student_id),
        *archive(reader, student_id),
        *_referrals(reader, student_id),
        *register_rows(reader, student_id),
        *crisis_entries(work, student_id, actor.person_id, reader.may, reader.names),
        *care_rows(work, student_id, reader.may, reader.names),
    ]
    for entry in found:
        if entry.kind in (EntryKind.CRISIS, EntryKind.ASSESSMENT):
            reader.seen[entry.entity, entry.entity_id] = entry.readable
    found += [*attachments(reader, student_id, terms), *prints(reader, student_id, terms)]
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


def _cases(reader: Reader, student_id: str) -> Iterator[TimelineEntry]:
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


def _sessions(reader: Reader, student_id: str) -> Iterator[TimelineEntry]:
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
        if row.signed_at is None and (not mine or row.voided_at is not None):
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


def _appointments(reader: Reader, student_id: str) -> Iterator[TimelineEntry]:
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


def _referrals(reader: Reader, student_id: str) -> Iterator[TimelineEntry]:
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
        if row.issued_at is not None:
            yield from _replies(reader, row.id, row.number, readable=readable)


def _replies(reader: Reader, referral_id: str, number: str, *, readable: bool) -> Iterator[TimelineEntry]:
    """What came back of a referral; each stands at its day and leads to the referral."""
    rows = reader.work.session.scalars(
        select(ReferralFeedback).where(
            ReferralFeedback.referral_id == referral_id, ReferralFeedback.voided_at.is_(None)
        )
    )
    for row in rows:
        parts = (row.institution, row.recommendation, row.may_attend_school)
        text = "；".join(part for part in parts if part)[:SUMMARY] if readable else ""
        yield TimelineEntry(
            EntryKind.REPLY,
            "referral",
            referral_id,
            row.received_on,
            academic_year=row.academic_year,
            term=row.term,
            who=reader.names.get(row.created_by, ""),
            number=number,
            text=text,
            readable=readable,
            tells_secrets=bool(text),
        )
