"""Tiers of care (SYS-22): proposed, confirmed, changed, handed over, reviewed, ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.model.care import TierRecord
from counselroom.model.people import Account, Student
from counselroom.rules import tiers as rules
from counselroom.rules.access import Action, Actor, Refusal, Role, Subject
from counselroom.rules.care_words import TierState
from counselroom.rules.follow_up import Situation, rules_for
from counselroom.rules.people import StudentStatus
from counselroom.rules.secrecy import Secrecy
from counselroom.rules.tiers import TierObstacle
from counselroom.services import access, follow_up_rows, parameter_values, triggers
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import AccessDenied, Desk, Work
from counselroom.services.rows import moved_on
from counselroom.services.tier_views import TierData, TierView, evidence_of, tier_view
from counselroom.services.triggers import Event, Happened

__all__ = [
    "NotReadyToConfirm",
    "TierData",
    "TierView",
    "confirm_tier",
    "end_tier",
    "hand_over_tier",
    "list_tiers",
    "propose_tier",
    "reject_tier",
    "review_tier",
    "tiers_of",
]

_CONFIRM = "confirm_tier"
_END = "end_tier"
"""Actions of refused audit rows."""


class NotReadyToConfirm(UserError):
    """A tier may not be confirmed yet.

    Attributes:
        obstacles: what is missing.
    """

    def __init__(self, obstacles: tuple[TierObstacle, ...]) -> None:
        self.obstacles = obstacles
        words = {
            TierObstacle.SCALE_ALONE: _("an interview, an observation or a paper of a hospital"),
            TierObstacle.NO_HOSPITAL_PAPER: _("the paper of a hospital"),
            TierObstacle.NO_ASSESSMENT: _("an interview that speaks for a lower tier"),
        }
        super().__init__(
            _("The tier cannot be confirmed yet. Missing: {what}.").format(
                what=pgettext("list", ", ").join(words[item] for item in obstacles)
            ),
            _("The proposal is kept."),
        )


def propose_tier(actor: Actor, desk: Desk, data: TierData) -> Done[TierView]:
    """Propose a tier for a student, or another one than holds now.

    Raises:
        UserError: the subtype is not of this tier, the student is not at the school, or a proposal waits already.
    """
    if data.subtype not in rules.SUBTYPES[data.tier]:
        raise UserError(_("This kind does not belong to this tier."), _("Nothing was changed."))
    with desk.change() as work:
        row_id = work.new_id()
        access.allow(actor, Action.WRITE, Subject("tier_record", row_id, Secrecy.S2, actor.person_id), work)
        student = work.session.get(Student, data.student_id)
        if student is None or student.voided_at is not None:
            raise UserError(_("There is no such student."), _("Nothing was changed."))
        if student.status not in (StudentStatus.ENROLLED, StudentStatus.ON_LEAVE):
            raise UserError(_("This student is not at the school any more."), _("Nothing was changed."))
        if _of_student(work, data.student_id, TierState.PROPOSED) is not None:
            raise UserError(_("A proposal for this student waits already."), _("Nothing was changed."))
        now = _of_student(work, data.student_id, TierState.CONFIRMED)
        if now is not None and (now.tier, now.subtype) == (data.tier, data.subtype):
            raise UserError(_("The student is in this tier already."), _("Nothing was changed."))
        calendar = follow_up_rows.calendar(work)
        found = rules_for(list(calendar.rules.values()), Situation(data.subtype.value), calendar.school_type)
        row = TierRecord(
            **work.common(actor, Secrecy.S2, work.now.date(), row_id=row_id),
            student_id=data.student_id,
            tier=data.tier,
            subtype=data.subtype,
            change=rules.change_of(now.tier if now is not None else None, data.tier),
            previous_id=now.id if now is not None else None,
            event_id=data.event_id,
            counsellor_id=now.counsellor_id if now is not None else actor.person_id,
            contact_id=data.contact_id,
            contact_name=data.contact_name.strip() or None,
            evidence=[asdict(each) for each in data.evidence],
            reason=data.reason.strip() or None,
            rules=[rule.key for rule in found],
            state=TierState.PROPOSED,
            proposed_at=work.now,
            proposed_by=actor.account_id,
        )
        work.session.add(row)
        work.touch(row, actor)
        work.session.flush()
        undo = Undo(_("The tier was proposed."), "reject_tier", {"tier_id": row.id, "reason": "撤销", "seen": work.now})
        return Done(tier_view(work, actor, row), work.changes(undo))


def confirm_tier(
    actor: Actor, desk: Desk, tier_id: str, effective_on: date | None = None, seen: datetime | None = None
) -> Done[TierView]:
    """Confirm a proposed tier: it holds, replaces the one before, and its follow-up tasks are made.

    A higher tier holds at once; any other is the director's to confirm (SYS-22).

    Raises:
        NotReadyToConfirm: the evidence is not enough (R-12).
        AccessDenied: the director has to decide.
        UserError: it is not proposed any more, or it would hold from a day to come.
    """
    with desk.change() as work:
        row = _load(work, tier_id, seen)
        access.allow(actor, Action.WRITE, _subject(row), work)
        if rules.needs_director(row.change):
            _refuse_unless_director(actor, _CONFIRM, row)
        if row.state is not TierState.PROPOSED:
            raise UserError(_("This proposal was decided already."), _("Nothing was changed."))
        on = effective_on or work.now.date()
        if on > work.now.date():
            raise UserError(_("A tier cannot begin on a day to come."), _("Nothing was changed."))
        missing = rules.obstacles(row.tier, row.change, evidence_of(row))
        if missing:
            raise NotReadyToConfirm(missing)
        before = _of_student(work, row.student_id, TierState.CONFIRMED)
        if (before.id if before is not None else None) != row.previous_id:
            raise moved_on()
        row.state, row.decided_at, row.decided_by = TierState.CONFIRMED, work.now, actor.account_id
        row.effective_on = on
        row.review_due_on = work.now.date() + _review_time(work)
        work.place(row, on)
        if before is not None:
            before.state, before.ended_at, before.ended_by = TierState.CHANGED, work.now, actor.account_id
            work.touch(before, actor)
        work.touch(row, actor)
        work.session.flush()
        event = Event(Happened.TIER_CONFIRMED, row.student_id, row.id, row.counsellor_id, on, "分级已变更")
        triggers.fire(work, actor, event)
        work.session.flush()
        return Done(tier_view(work, actor, row), work.changes())


def reject_tier(actor: Actor, desk: Desk, tier_id: str, reason: str, seen: datetime | None = None) -> Done[TierView]:
    """Reject a proposal, or take one's own back; it stays on record.

    Raises:
        UserError: no reason is given, it is not proposed any more, or it has moved on since `seen`.
    """
    if not reason.strip():
        raise UserError(_("Please give the reason."), _("Nothing was changed."))
    with desk.change() as work:
        row = _load(work, tier_id, seen)
        access.allow(actor, Action.WRITE, _subject(row), work)
        if row.state is not TierState.PROPOSED:
            raise UserError(_("This proposal was decided already."), _("Nothing was changed."))
        row.state, row.end_reason = TierState.REJECTED, reason.strip()
        row.decided_at, row.decided_by = work.now, actor.account_id
        work.touch(row, actor)
        return Done(tier_view(work, actor, row), work.changes())


def end_tier(actor: Actor, desk: Desk, tier_id: str, reason: str, seen: datetime | None = None) -> Done[TierView]:
    """End a tier: the student leaves the pool, and what was open for it is closed. The director's to do (SYS-22).

    Raises:
        AccessDenied: the actor is not the director.
        UserError: no reason is given, or it does not hold.
    """
    if not reason.strip():
        raise UserError(_("Please give the reason."), _("Nothing was changed."))
    with desk.change() as work:
        row = _load(work, tier_id, seen)
        access.allow(actor, Action.WRITE, _subject(row), work)
        _refuse_unless_director(actor, _END, row)
        _refuse_unless_it_holds(row)
        row.state, row.end_reason = TierState.ENDED, reason.strip()
        row.ended_at, row.ended_by = work.now, actor.account_id
        work.touch(row, actor)
        event = Event(Happened.TIER_ENDED, row.student_id, row.id, row.counsellor_id, work.now.date(), "已移出分级")
        triggers.fire(work, actor, event)
        return Done(tier_view(work, actor, row), work.changes())


def review_tier(actor: Actor, desk: Desk, tier_id: str, seen: datetime | None = None) -> Done[TierView]:
    """Say that a tier was reviewed today and stays; the clock of its next review starts anew.

    Raises:
        UserError: it does not hold, or it has moved on since `seen`.
    """
    with desk.change() as work:
        row = _load(work, tier_id, seen)
        access.allow(actor, Action.WRITE, _subject(row), work)
        _refuse_unless_it_holds(row)
        row.review_due_on = work.now.date() + _review_time(work)
        work.touch(row, actor)
        return Done(tier_view(work, actor, row), work.changes())


def hand_over_tier(
    actor: Actor,
    desk: Desk,
    tier_id: str,
    counsellor_id: str,
    contact_name: str | None = None,
    seen: datetime | None = None,
) -> Done[TierView]:
    """Give a tier to another counsellor, or name another contact; open tasks go along.

    Raises:
        UserError: it does not hold, or there is no account of this counsellor.
    """
    with desk.change() as work:
        row = _load(work, tier_id, seen)
        access.allow(actor, Action.WRITE, _subject(row), work)
        _refuse_unless_it_holds(row)
        known = select(Account.id).where(Account.person_id == counsellor_id, Account.closed_at.is_(None))
        if work.session.scalar(known) is None:
            raise UserError(_("There is no such counsellor."), _("Nothing was changed."))
        undo = Undo(
            _("The tier was handed over."),
            "hand_over_tier",
            {
                "tier_id": row.id,
                "counsellor_id": row.counsellor_id,
                "contact_name": row.contact_name or "",
                "seen": work.now,
            },
        )
        row.counsellor_id = counsellor_id
        if contact_name is not None:
            row.contact_name = contact_name.strip() or None
        work.touch(row, actor)
        event = Event(Happened.TIER_HANDED_OVER, row.student_id, row.id, counsellor_id, work.now.date())
        triggers.fire(work, actor, event)
        return Done(tier_view(work, actor, row), work.changes(undo))


def list_tiers(actor: Actor, desk: Desk, states: Sequence[TierState] = (TierState.CONFIRMED,)) -> tuple[TierView, ...]:
    """Return the pool (重点关注对象库): records in these states, those first whose review is due first."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("tier_record", secrecy=Secrecy.S2), work)
        rows = work.session.scalars(
            select(TierRecord)
            .where(TierRecord.state.in_(list(states)), TierRecord.voided_at.is_(None))
            .order_by(TierRecord.review_due_on, TierRecord.proposed_at)
        ).all()
        return tuple(tier_view(work, actor, row) for row in rows)


def tiers_of(actor: Actor, desk: Desk, student_id: str) -> tuple[TierView, ...]:
    """Return all tier records of a student, the newest first; reading them leaves an audit row."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("tier_record", secrecy=Secrecy.S2), work)
        work.audit(actor, Action.READ, "tier_record", student_id)
        rows = work.session.scalars(
            select(TierRecord)
            .where(TierRecord.student_id == student_id, TierRecord.voided_at.is_(None))
            .order_by(TierRecord.proposed_at.desc())
        ).all()
        return tuple(tier_view(work, actor, row) for row in rows)


def _review_time(work: Work) -> timedelta:
    return timedelta(days=parameter_values.number(work, "tier_review_days"))


def _refuse_unless_director(actor: Actor, action: str, row: TierRecord) -> None:
    if Role.CENTER_DIRECTOR not in actor.roles:
        sentence = _("The director decides about this.")
        raise AccessDenied(actor, action, "tier_record", row.id, Refusal.ROLE, sentence)


def _refuse_unless_it_holds(row: TierRecord) -> None:
    if row.state is not TierState.CONFIRMED:
        raise UserError(_("This tier does not hold."), _("Nothing was changed."))


def _of_student(work: Work, student_id: str, state: TierState) -> TierRecord | None:
    return work.session.scalar(
        select(TierRecord).where(
            TierRecord.student_id == student_id, TierRecord.state == state, TierRecord.voided_at.is_(None)
        )
    )


def _load(work: Work, tier_id: str, seen: datetime | None) -> TierRecord:
    row = work.session.get(TierRecord, tier_id)
    if row is None or row.voided_at is not None:
        raise UserError(_("There is no such tier record."), _("Nothing was changed."))
    if seen is not None and row.updated_at != seen:
        raise moved_on()
    return row


def _subject(row: TierRecord) -> Subject:
    return Subject("tier_record", row.id, Secrecy.S2, row.counsellor_id)
