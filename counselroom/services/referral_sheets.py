"""What the page of a referral shows, in one read: the referral, its replies, its steps, consents on file (SYS-32)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from counselroom.model.care import FollowUpTask
from counselroom.model.counselling import Consent
from counselroom.model.crisis import Referral, ReferralFeedback, ReferralSupplement
from counselroom.model.crisis_events import CrisisEvent
from counselroom.model.people import Account, Person
from counselroom.model.safekeeping import Attachment
from counselroom.rules.access import Action, Actor, Role, Subject
from counselroom.rules.care_words import TaskState
from counselroom.rules.counselling import ConsentKind, RiskLevel
from counselroom.rules.referral import ConsentAnswer, ReferralState, ReferralTarget, ReferralUrgency
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, parameter_values
from counselroom.services.desk import Desk, Work
from counselroom.services.referrals import ReferralData, ReferralView, view_of
from counselroom.services.rows import crisis_subject, load_referral, referral_subject
from counselroom.services.student_heads import StudentHead, student_head

_RETURN_RULE = "FR-22"
"""The assessment within days after a return."""


@dataclass(frozen=True)
class ReplyView:
    """A reply slip that came back; the oldest first."""

    id: str
    received_on: date
    institution: str
    seen_on: date | None
    recommendation: str
    may_attend_school: str
    next_visit_on: date | None


@dataclass(frozen=True)
class AddedView:
    """What was added to an emergency referral afterwards (R-13)."""

    opinion: str
    consent: ConsentAnswer | None
    given_at: datetime
    late_reason: str


@dataclass(frozen=True)
class Steps:
    """The days of a referral, in its order; None for what has not happened.

    Attributes:
        issued_on: the referral.
        seen_on: the visit, by the reply.
        replied_on: the reply.
        assessed_on: the assessment after the return (FR-22), done.
        assess_by: until when that is due, while it is open.
    """

    issued_on: date | None = None
    seen_on: date | None = None
    replied_on: date | None = None
    assessed_on: date | None = None
    assess_by: date | None = None


@dataclass(frozen=True)
class ReferralSheet:
    """A referral with everything its page shows.

    Attributes:
        student: whom it is about.
        view: the referral; None for a new one.
        proposed: what a new one begins with.
        counsellor: who writes it.
        issuer: who issued it, or empty.
        is_mine: whether the reader writes it.
        is_director: whether the reader may let the excerpt go out.
        replies: what came back.
        added: what was added to an emergency.
        completion_days: how long an emergency may lack something.
        consented_on: day of a signed consent of the guardian that holds, or None.
        consented_by: who signed it.
        steps: the line of dated steps.
        files: how many files are attached.
        awaits_reply: a reply can be recorded.
    """

    student: StudentHead
    view: ReferralView | None
    proposed: ReferralData
    counsellor: str
    issuer: str
    is_mine: bool
    is_director: bool
    replies: tuple[ReplyView, ...]
    added: tuple[AddedView, ...]
    completion_days: int
    consented_on: date | None
    consented_by: str
    steps: Steps
    files: int
    awaits_reply: bool


def referral_sheet(
    actor: Actor, desk: Desk, *, referral_id: str = "", student_id: str = "", event_id: str = ""
) -> ReferralSheet:
    """Return one referral, or the place for a new one; reading one leaves an audit row.

    Args:
        actor: who opens the page.
        desk: the open vault.
        referral_id: a certain one.
        student_id: whom a new one is about.
        event_id: the 专案 a new one comes out of; its facts are proposed.

    Raises:
        AccessDenied: it is not the actor's to read.
        UserError: there is no such student or referral.
    """
    with desk.look() as work:
        row = load_referral(work, referral_id) if referral_id else None
        subject = Subject("referral", secrecy=Secrecy.S2) if row is None else referral_subject(work, row)
        access.allow(actor, Action.READ, subject, work)
        whom = student_id if row is None else row.student_id
        replies = () if row is None else _replies(work, row.id)
        counsellor = actor.person_id if row is None else row.counsellor_id
        consented_on, consented_by = _consented(work, whom)
        view = None if row is None else view_of(work, row)
        return ReferralSheet(
            student=student_head(work, whom),
            view=view,
            proposed=_proposed(work, actor, whom, event_id) if view is None else view.data,
            counsellor=work.session.scalar(select(Person.name).where(Person.id == counsellor)) or "",
            issuer=_issuer(work, row),
            is_mine=Role.COUNSELLOR in actor.roles and counsellor == actor.person_id,
            is_director=Role.CENTER_DIRECTOR in actor.roles,
            replies=replies,
            added=() if row is None else _added(work, row.id),
            completion_days=parameter_values.number(work, "referral_completion_days"),
            consented_on=consented_on,
            consented_by=consented_by,
            steps=_steps(work, row, replies),
            files=0 if row is None else _files(work, row.id),
            awaits_reply=row is not None
            and row.state in (ReferralState.ISSUED, ReferralState.ACCEPTED, ReferralState.TREATED),
        )


def _proposed(work: Work, actor: Actor, student_id: str, event_id: str) -> ReferralData:
    """Return what a new referral begins with: an open 专案 brings its facts, never the text of a session."""
    event = work.session.get(CrisisEvent, event_id) if event_id else None
    data = ReferralData(student_id, ReferralTarget.HOSPITAL, "", "", "")
    if event is None or event.voided_at is not None or event.student_id != student_id:
        return data
    if not access.judge(actor, Action.READ, crisis_subject(work, event, actor.person_id), work).allowed:
        return data
    return ReferralData(
        student_id,
        ReferralTarget.HOSPITAL,
        "",
        event.facts or "",
        event.facts or "",
        done_so_far=event.measures,
        risk=RiskLevel(event.level.value),
        urgency=ReferralUrgency.SOON,
        case_id=event.case_id,
    )


def _replies(work: Work, referral_id: str) -> tuple[ReplyView, ...]:
    rows = work.session.scalars(
        select(ReferralFeedback)
        .where(ReferralFeedback.referral_id == referral_id, ReferralFeedback.voided_at.is_(None))
        .order_by(ReferralFeedback.received_on, ReferralFeedback.created_at)
    )
    return tuple(
        ReplyView(
            row.id,
            row.received_on,
            row.institution,
            row.seen_on,
            row.recommendation,
            row.may_attend_school or "",
            row.next_visit_on,
        )
        for row in rows
    )


def _added(work: Work, referral_id: str) -> tuple[AddedView, ...]:
    rows = work.session.scalars(
        select(ReferralSupplement)
        .where(ReferralSupplement.referral_id == referral_id, ReferralSupplement.voided_at.is_(None))
        .order_by(ReferralSupplement.created_at)
    )
    return tuple(
        AddedView(row.supervisor_opinion or "", row.guardian_consent, row.given_at, row.late_reason or "")
        for row in rows
    )


def _issuer(work: Work, row: Referral | None) -> str:
    if row is None or row.issued_by is None:
        return ""
    query = select(Person.name).join(Account, Account.person_id == Person.id).where(Account.id == row.issued_by)
    return work.session.scalar(query) or ""


def _consented(work: Work, student_id: str) -> tuple[date | None, str]:
    """Return the day of the newest consent of a guardian that holds, and who signed it."""
    found = work.session.execute(
        select(Consent.signed_at, Consent.signed_by, Consent.signer_relation)
        .where(
            Consent.client_id == student_id,
            Consent.kind.in_((ConsentKind.GUARDIAN, ConsentKind.TREATMENT)),
            Consent.signed_at.is_not(None),
            Consent.withdrawn_at.is_(None),
            Consent.voided_at.is_(None),
        )
        .order_by(Consent.signed_at.desc())
        .limit(1)
    ).one_or_none()
    if found is None or found[0] is None:
        return None, ""
    return found[0].astimezone(work.now.tzinfo).date(), found[2] or found[1]


def _steps(work: Work, row: Referral | None, replies: tuple[ReplyView, ...]) -> Steps:
    if row is None or row.issued_at is None:
        return Steps()
    issued_on = row.issued_at.astimezone(work.now.tzinfo).date()
    seen = [reply.seen_on for reply in replies if reply.seen_on is not None]
    task = work.session.execute(
        select(FollowUpTask.state, FollowUpTask.due_on, FollowUpTask.updated_at)
        .where(
            FollowUpTask.student_id == row.student_id,
            FollowUpTask.rule == _RETURN_RULE,
            FollowUpTask.due_on >= issued_on,
            FollowUpTask.voided_at.is_(None),
        )
        .order_by(FollowUpTask.due_on)
        .limit(1)
    ).one_or_none()
    done = task is not None and task[0] is TaskState.DONE
    return Steps(
        issued_on,
        max(seen, default=None),
        replies[-1].received_on if replies else None,
        task[2].astimezone(work.now.tzinfo).date() if task is not None and done else None,
        task[1] if task is not None and not done else None,
    )


def _files(work: Work, referral_id: str) -> int:
    query = select(func.count()).where(
        Attachment.entity == "referral", Attachment.entity_id == referral_id, Attachment.voided_at.is_(None)
    )
    return work.session.scalar(query) or 0
