"""Tiers and follow-ups in a student's timeline, as the reader may see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sqlalchemy import select

from counselroom.model.care import FollowUpRecord, FollowUpTask, TierRecord
from counselroom.rules.access import Subject
from counselroom.rules.secrecy import Secrecy
from counselroom.rules.timeline import EntryKind, TimelineEntry
from counselroom.services.desk import Work

_LONGEST = 240


def care_rows(
    work: Work, student_id: str, may: Callable[[Subject], bool], names: Mapping[str, str]
) -> Iterator[TimelineEntry]:
    """Yield the tiers a student was in, and what was found in follow-ups.

    Args:
        work: the allowed piece of work.
        student_id: whose.
        may: whether the reader may read a record.
        names: names of the room's staff by person.
    """
    for tier in work.session.scalars(
        select(TierRecord).where(TierRecord.student_id == student_id, TierRecord.voided_at.is_(None))
    ):
        readable = may(Subject("tier_record", tier.id, Secrecy.S2, tier.counsellor_id))
        yield TimelineEntry(
            EntryKind.TIER,
            "tier_record",
            tier.id,
            tier.effective_on or tier.proposed_at.date(),
            tier.decided_at or tier.proposed_at,
            tier.academic_year,
            tier.term,
            owner=tier.counsellor_id,
            who=names.get(tier.counsellor_id, ""),
            state=tier.state,
            number=tier.tier if readable else "",
            readable=readable,
        )
    rows = work.session.execute(
        select(FollowUpRecord, FollowUpTask.rule, FollowUpTask.task)
        .outerjoin(FollowUpTask, FollowUpTask.id == FollowUpRecord.task_id)
        .where(FollowUpRecord.student_id == student_id, FollowUpRecord.voided_at.is_(None))
    )
    for record, rule, task in rows:
        readable = may(Subject("follow_up_record", record.id, Secrecy.S3, record.counsellor_id))
        said = "；".join(part for part in (record.change, record.measures) if part)[:_LONGEST] if readable else ""
        yield TimelineEntry(
            EntryKind.FOLLOW_UP,
            "follow_up_record",
            record.id,
            record.held_on,
            academic_year=record.academic_year,
            term=record.term,
            owner=record.counsellor_id,
            who=names.get(record.counsellor_id, ""),
            state=record.mode,
            number=" ".join(part for part in (rule, task) if part),
            text=said,
            readable=readable,
            tells_secrets=bool(said),
        )
