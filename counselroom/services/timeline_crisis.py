"""专案 and assessments in a student's timeline, as the reader may see them.

What is restricted is not there at all for others: whom it is about is told to nobody (R-01).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sqlalchemy import select

from counselroom.model.crisis_events import CrisisAssessment, CrisisEvent
from counselroom.rules.access import Subject
from counselroom.rules.secrecy import Secrecy
from counselroom.rules.timeline import EntryKind, TimelineEntry
from counselroom.services.desk import Work
from counselroom.services.rows import crisis_subject, record_subject

_LONGEST = 240


def crisis_entries(
    work: Work, student_id: str, reader: str, may: Callable[[Subject], bool], names: Mapping[str, str]
) -> Iterator[TimelineEntry]:
    """Yield the 专案 and the assessments of a student.

    Args:
        work: the allowed piece of work.
        student_id: whose.
        reader: person id of who looks.
        may: whether the reader may read a record.
        names: names of the room's staff by person.
    """
    for event in work.session.scalars(
        select(CrisisEvent).where(CrisisEvent.student_id == student_id, CrisisEvent.voided_at.is_(None))
    ):
        subject = crisis_subject(work, event, reader)
        if not may(subject):
            continue
        text = "；".join(part for part in (event.facts, event.outcome) if part)[:_LONGEST]
        yield TimelineEntry(
            EntryKind.CRISIS,
            "crisis_event",
            event.id,
            event.found_at.date(),
            event.found_at,
            event.academic_year,
            event.term,
            owner=event.counsellor_id,
            who=names.get(event.counsellor_id, ""),
            state=event.state,
            number=event.code,
            text=text,
            case_id=event.case_id or "",
            signed_at=event.closed_at,
            tells_secrets=bool(text) and subject.secrecy is Secrecy.S3,
        )
    for row in work.session.scalars(
        select(CrisisAssessment).where(CrisisAssessment.student_id == student_id, CrisisAssessment.voided_at.is_(None))
    ):
        subject, _person = record_subject(work, "crisis_assessment", row.id)
        readable = may(subject)
        mine = row.counsellor_id == reader
        if (subject.restricted and not readable) or (row.signed_at is None and not mine):
            continue
        text = (row.opinion or "")[:_LONGEST] if readable else ""
        yield TimelineEntry(
            EntryKind.ASSESSMENT,
            "crisis_assessment",
            row.id,
            row.assessed_at.date(),
            row.assessed_at,
            row.academic_year,
            row.term,
            owner=row.counsellor_id,
            who=names.get(row.counsellor_id, ""),
            state=(row.level or "") if readable else "",
            text=text,
            case_id=row.case_id or "",
            signed_at=row.signed_at,
            readable=readable,
            tells_secrets=bool(text),
        )
