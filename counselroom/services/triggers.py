"""What one system sets off in another (requirements §3.G), as one table.

A service tells what happened, within its own work; what follows happens in the same transaction or not at all. So
services never import each other: they meet here and in the model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.care import FollowUpTask, TierRecord
from counselroom.model.crisis_events import CrisisAssessment, CrisisEvent
from counselroom.model.people import Student
from counselroom.rules.access import Actor
from counselroom.rules.care_words import FollowUpOrigin, TaskState, TierState
from counselroom.rules.crisis_words import CrisisKind, CrisisLevel
from counselroom.rules.follow_up import RuleKind, Situation, rules_for
from counselroom.rules.people import StudentStatus
from counselroom.services import follow_up_rows
from counselroom.services.desk import Work
from counselroom.services.follow_up_rows import Reason


class Happened(StrEnum):
    """What a service tells."""

    TIER_CONFIRMED = "tier_confirmed"
    TIER_ENDED = "tier_ended"
    TIER_HANDED_OVER = "tier_handed_over"
    LEAVE_BEGAN = "leave_began"
    RETURNED = "returned"
    LEFT_SCHOOL = "left_school"
    STATUS_TAKEN_BACK = "status_taken_back"
    CRISIS_RESPONSE = "crisis_response"
    CRISIS_RESPONSE_OVER = "crisis_response_over"
    CRISIS_OVER = "crisis_over"
    CASE_CLOSED = "case_closed"
    CASE_REOPENED = "case_reopened"


@dataclass(frozen=True)
class Event:
    """What happened.

    Attributes:
        what: the kind of thing.
        student_id: with whom.
        record_id: id of the record it happened to.
        counsellor_id: who sees to what follows.
        on: the day of it.
        note: what is written on tasks that end by it, in Chinese: it is kept and printed.
        at: for a change that is taken back, the moment of that change.
    """

    what: Happened
    student_id: str
    record_id: str | None
    counsellor_id: str
    on: date
    note: str = ""
    at: datetime | None = None


def fire(work: Work, actor: Actor, event: Event) -> None:
    """Do all that follows from what happened, within the work of the service that tells it."""
    for follows in TABLE[event.what]:
        follows(work, actor, event)


def refuse_unassessed(work: Work, entity: str, entity_id: str) -> None:
    """Refuse to finish with a record whose urgency is `crisis` before the risk was assessed (SYS-25).

    Raises:
        UserError: no signed assessment names this record as its source.
    """
    assessed = select(CrisisAssessment.id).where(
        CrisisAssessment.source_entity == entity,
        CrisisAssessment.source_id == entity_id,
        CrisisAssessment.signed_at.is_not(None),
        CrisisAssessment.voided_at.is_(None),
    )
    if work.session.scalar(assessed.limit(1)) is None:
        raise UserError(
            _("This is marked as a crisis and the risk has not been assessed yet."),
            _("Nothing was changed."),
            _("Please write and sign the risk assessment first, or take the mark away."),
        )


def _begin_tier(work: Work, actor: Actor, event: Event) -> None:
    """Tasks of the tier that holds now; those of the tier before are closed and say what took their place."""
    tier = work.session.get_one(TierRecord, event.record_id)
    calendar = follow_up_rows.calendar(work)
    rules = [calendar.rules[key] for key in tier.rules if key in calendar.rules]
    if work.session.get_one(Student, event.student_id).status is StudentStatus.ON_LEAVE:
        # What needs the student at school begins with the return.
        rules = [rule for rule in rules if rule.kind is not RuleKind.SCHOOL]
    reason = Reason(event.student_id, FollowUpOrigin.TIER, tier.id, event.counsellor_id)
    first = follow_up_rows.begin(work, actor, reason, rules, event.on, calendar)
    if tier.previous_id is not None:
        old = follow_up_rows.last_tasks(work, event.student_id, FollowUpOrigin.TIER, tier.previous_id)
        follow_up_rows.end(work, actor, old, event.note or "分级已变更", calendar, first)


def _end_tier(work: Work, actor: Actor, event: Event) -> None:
    old = follow_up_rows.last_tasks(work, event.student_id, FollowUpOrigin.TIER, event.record_id)
    follow_up_rows.end(work, actor, old, event.note or "已移出分级", follow_up_rows.calendar(work))


def _hand_over(work: Work, actor: Actor, event: Event) -> None:
    """Open tasks go to the new counsellor by themselves."""
    rows = work.session.scalars(
        select(FollowUpTask).where(
            FollowUpTask.student_id == event.student_id,
            FollowUpTask.origin == FollowUpOrigin.TIER,
            FollowUpTask.origin_id == event.record_id,
            FollowUpTask.state == TaskState.OPEN,
            FollowUpTask.voided_at.is_(None),
        )
    )
    for row in rows:
        row.owner_id = event.counsellor_id
        work.touch(row, actor)


def _pause_school_tasks(work: Work, actor: Actor, event: Event) -> None:
    """A leave ends what needs the student at school; contact with the guardians and safety go on."""
    calendar = follow_up_rows.calendar(work)
    old = follow_up_rows.last_tasks(work, event.student_id, kind=RuleKind.SCHOOL, rules=calendar.rules)
    follow_up_rows.end(work, actor, old, event.note or "休学，在校类任务暂停", calendar)


def _end_everything(work: Work, actor: Actor, event: Event) -> None:
    old = follow_up_rows.last_tasks(work, event.student_id)
    follow_up_rows.end(work, actor, old, event.note or "离校", follow_up_rows.calendar(work))


def _resume_tier(work: Work, actor: Actor, event: Event) -> None:
    """The series of the tier that still holds go on from today with their numbers."""
    calendar = follow_up_rows.calendar(work)
    for tier in work.session.scalars(
        select(TierRecord).where(
            TierRecord.student_id == event.student_id,
            TierRecord.state == TierState.CONFIRMED,
            TierRecord.voided_at.is_(None),
        )
    ).all():
        rules = [calendar.rules[key] for key in tier.rules if key in calendar.rules]
        reason = Reason(event.student_id, FollowUpOrigin.TIER, tier.id, tier.counsellor_id)
        follow_up_rows.begin(work, actor, reason, rules, event.on, calendar)


def _follow_return(work: Work, actor: Actor, event: Event) -> None:
    """FR-20 to FR-22; after a strong wish to die or an attempt also FR-23 to FR-25, for a year."""
    origin_id = f"{event.student_id}:{event.on.isoformat()}"
    _begin(work, actor, event, FollowUpOrigin.RETURN, Situation.RETURNED, origin_id)
    if is_high_risk(work, event.student_id):
        _begin(work, actor, event, FollowUpOrigin.RETURN, Situation.RETURNED_HIGH_RISK, origin_id)


def is_high_risk(work: Work, student_id: str) -> bool:
    """Return whether a student's return is one after a strong wish to die or an attempt (FR-23 to FR-25)."""
    events = work.session.execute(
        select(CrisisEvent.kind, CrisisEvent.level).where(
            CrisisEvent.student_id == student_id, CrisisEvent.voided_at.is_(None)
        )
    )
    return any(
        kind is CrisisKind.ATTEMPT or (kind is CrisisKind.IDEATION and level is CrisisLevel.SEVERE)
        for kind, level in events
    )


def _take_status_back(work: Work, actor: Actor, event: Event) -> None:
    """A status set by mistake leaves no trace in the tasks: what it ended is open again, what it began is void."""
    if event.at is None:
        return
    sentence = "学籍变动已撤销"
    begun = work.session.scalars(
        select(FollowUpTask).where(
            FollowUpTask.student_id == event.student_id,
            FollowUpTask.created_at == event.at,
            FollowUpTask.voided_at.is_(None),
        )
    ).all()
    for row in begun:
        follow_up_rows.void(work, actor, row, sentence)
    work.session.flush()
    for row in follow_up_rows.closed_at(work, event.student_id, event.at):
        follow_up_rows.reopen(work, actor, row, sentence)


def _guard(work: Work, actor: Actor, event: Event) -> None:
    _begin(work, actor, event, FollowUpOrigin.CRISIS, Situation.CRISIS_RESPONSE, event.record_id)


def _end_guard(work: Work, actor: Actor, event: Event) -> None:
    calendar = follow_up_rows.calendar(work)
    keys = {rule.key for rule in calendar.rules.values() if Situation.CRISIS_RESPONSE in rule.when}
    old = follow_up_rows.last_tasks(work, event.student_id, FollowUpOrigin.CRISIS, event.record_id)
    follow_up_rows.end(work, actor, [row for row in old if row.rule in keys], event.note or "监护已结束", calendar)


def _follow_crisis(work: Work, actor: Actor, event: Event) -> None:
    _begin(work, actor, event, FollowUpOrigin.CRISIS, Situation.CRISIS_OVER, event.record_id)


def _follow_case(work: Work, actor: Actor, event: Event) -> None:
    _begin(work, actor, event, FollowUpOrigin.CLOSURE, Situation.CASE_CLOSED, event.record_id)


def _end_follow_case(work: Work, actor: Actor, event: Event) -> None:
    old = follow_up_rows.last_tasks(work, event.student_id, FollowUpOrigin.CLOSURE, event.record_id)
    follow_up_rows.end(work, actor, old, event.note or "个案重新打开", follow_up_rows.calendar(work))


def _begin(
    work: Work,
    actor: Actor,
    event: Event,
    origin: FollowUpOrigin,
    situation: Situation,
    origin_id: str | None,
) -> None:
    calendar = follow_up_rows.calendar(work)
    rules = rules_for(list(calendar.rules.values()), situation, calendar.school_type)
    reason = Reason(event.student_id, origin, origin_id, event.counsellor_id)
    follow_up_rows.begin(work, actor, reason, rules, event.on, calendar)


TABLE: Mapping[Happened, tuple[Callable[[Work, Actor, Event], None], ...]] = {
    Happened.TIER_CONFIRMED: (_begin_tier,),
    Happened.TIER_ENDED: (_end_tier,),
    Happened.TIER_HANDED_OVER: (_hand_over,),
    Happened.LEAVE_BEGAN: (_pause_school_tasks,),
    Happened.RETURNED: (_resume_tier, _follow_return),
    Happened.LEFT_SCHOOL: (_end_everything,),
    Happened.STATUS_TAKEN_BACK: (_take_status_back,),
    Happened.CRISIS_RESPONSE: (_guard,),
    Happened.CRISIS_RESPONSE_OVER: (_end_guard,),
    Happened.CRISIS_OVER: (_end_guard, _follow_crisis),
    Happened.CASE_CLOSED: (_follow_case,),
    Happened.CASE_REOPENED: (_end_follow_case,),
}
"""What follows from what; no system that is built stands outside of it."""


def status_changed(
    work: Work,
    actor: Actor,
    student_id: str,
    before: StudentStatus,
    after: StudentStatus,
    undone: datetime | None,
) -> None:
    """Tell what a new status of a student means: a leave, a return, the end of school, or a mistake taken back.

    Args:
        work: the piece of work.
        actor: who set it.
        student_id: whose.
        before: the status of before.
        after: the new one.
        undone: the moment of the change that is taken back by it, or None.
    """
    if undone is not None:
        what = Happened.STATUS_TAKEN_BACK
    elif before is after:
        return
    elif after is StudentStatus.ON_LEAVE:
        what = Happened.LEAVE_BEGAN
    elif after is StudentStatus.ENROLLED:
        what = Happened.RETURNED
    else:
        what = Happened.LEFT_SCHOOL
    fire(work, actor, Event(what, student_id, None, actor.person_id, work.now.date(), at=undone))
