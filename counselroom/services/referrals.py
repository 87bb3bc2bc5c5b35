"""Referrals: draft, issue (R-13), and what comes back (SYS-32)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.model.crisis import Referral, ReferralFeedback, ReferralSupplement
from counselroom.model.people import Student
from counselroom.rules import referral as rules
from counselroom.rules.access import Action, Actor, Refusal, Role, Subject
from counselroom.rules.counselling import RiskLevel
from counselroom.rules.numbering import Series
from counselroom.rules.referral import (
    CompletionState,
    ConsentAnswer,
    IssueObstacle,
    ReferralState,
    ReferralTarget,
    ReferralUrgency,
)
from counselroom.rules.secrecy import Secrecy
from counselroom.rules.session import content_hash
from counselroom.services import access, numbers, parameter_values
from counselroom.services.changes import Done
from counselroom.services.desk import AccessDenied, Desk, Work
from counselroom.services.rows import load_case, load_referral, referral_subject


class NotReadyToIssue(UserError):
    """A referral may not be issued yet.

    Attributes:
        obstacles: what is missing.
    """

    def __init__(self, obstacles: tuple[IssueObstacle, ...]) -> None:
        self.obstacles = obstacles
        words = {
            IssueObstacle.NO_SUPERVISOR_OPINION: _("the supervisor's opinion"),
            IssueObstacle.NO_GUARDIAN_CONSENT: _("the guardian's consent"),
            IssueObstacle.NO_EMERGENCY_BASIS: _("the reason for the emergency"),
        }
        super().__init__(
            _("The referral cannot be issued yet. Missing: {what}.").format(
                what=pgettext("list", ", ").join(words[item] for item in obstacles)
            ),
            _("The draft is saved."),
        )


@dataclass(frozen=True)
class ReferralData:
    """What is written on a referral."""

    student_id: str
    to_kind: ReferralTarget
    to_name: str
    reason: str
    summary: str
    done_so_far: str | None = None
    risk: RiskLevel | None = None
    urgency: ReferralUrgency = ReferralUrgency.NORMAL
    accompanied_by: str | None = None
    client_consent: ConsentAnswer = ConsentAnswer.PENDING
    guardian_consent: ConsentAnswer = ConsentAnswer.PENDING
    emergency_basis: str | None = None
    supervisor_opinion: str | None = None
    session_excerpt: str | None = None
    case_id: str | None = None


@dataclass(frozen=True)
class ReferralView:
    """A referral; `complete_by` is set for an emergency that left something out, `missing` says what it still lacks."""

    id: str
    number: str
    data: ReferralData
    state: ReferralState
    issued_at: datetime | None
    complete_by: datetime | None
    excerpt_approved: bool
    missing: tuple[IssueObstacle, ...] = ()
    completion: CompletionState = CompletionState.NOTHING_LEFT


@dataclass(frozen=True)
class FeedbackData:
    """The reply slip as it came back."""

    received_on: date
    institution: str
    recommendation: str
    seen_on: date | None = None
    may_attend_school: str | None = None
    next_visit_on: date | None = None


_COLUMNS = tuple(item.name for item in fields(ReferralData))
_APPROVE = "approve_excerpt"
"""Action of the audit row."""


def draft_referral(actor: Actor, desk: Desk, data: ReferralData) -> Done[ReferralView]:
    """Write a referral; nothing leaves the room before it is issued.

    Raises:
        UserError: recipient, reason or summary is empty.
    """
    _check(data)
    with desk.change() as work:
        row_id = work.new_id()
        access.allow(actor, Action.WRITE, Subject("referral", row_id, Secrecy.S3, actor.person_id), work)
        _check_case(work, data)
        row = Referral(
            **work.common(actor, Secrecy.S3, work.now.date(), row_id=row_id),
            number=numbers.next_code(work, Series.REFERRAL, work.now.year),
            counsellor_id=actor.person_id,
            state=ReferralState.ASSESSED,
        )
        _fill(row, data)
        work.session.add(row)
        work.touch(row, actor)
        work.session.flush()
        return Done(view_of(work, row), work.changes())


def edit_referral(actor: Actor, desk: Desk, referral_id: str, data: ReferralData) -> Done[ReferralView]:
    """Change a referral that is not issued yet; a changed excerpt needs the director's approval anew.

    Raises:
        UserError: it is issued, or recipient, reason or summary is empty.
    """
    _check(data)
    with desk.change() as work:
        row = load_referral(work, referral_id)
        access.allow(actor, Action.WRITE, referral_subject(work, row), work)
        _refuse_issued(row)
        _check_case(work, data)
        if data.session_excerpt != row.session_excerpt:
            row.excerpt_approved_by = None
        _fill(row, data)
        work.touch(row, actor)
        return Done(view_of(work, row), work.changes())


def approve_excerpt(actor: Actor, desk: Desk, referral_id: str) -> Done[ReferralView]:
    """Let the excerpt of the session record go out with the referral; only the director may.

    Raises:
        AccessDenied: the actor is not the director, or stated no reason for another counsellor's record.
        UserError: there is no excerpt, or the referral is issued.
    """
    with desk.change() as work:
        row = load_referral(work, referral_id)
        access.allow(actor, Action.READ, referral_subject(work, row), work)
        if Role.CENTER_DIRECTOR not in actor.roles:
            sentence = _("Only the director may let an excerpt go out.")
            raise AccessDenied(actor, _APPROVE, "referral", row.id, Refusal.ROLE, sentence)
        _refuse_issued(row)
        if not row.session_excerpt:
            raise UserError(_("This referral has no excerpt."), _("Nothing was changed."))
        row.excerpt_approved_by = actor.account_id
        work.audit(actor, _APPROVE, "referral", row.id)
        work.touch(row, actor)
        return Done(view_of(work, row), work.changes())


def issue_referral(actor: Actor, desk: Desk, referral_id: str) -> Done[ReferralView]:
    """Issue a referral: its text is locked (R-13).

    Raises:
        NotReadyToIssue: supervisor's opinion, guardian's consent or the basis of the emergency is missing.
        UserError: it is issued already.
    """
    with desk.change() as work:
        row = load_referral(work, referral_id)
        digest = content_hash({name: getattr(row, name) for name in _COLUMNS})
        access.allow(actor, Action.SIGN, referral_subject(work, row), work, digest=work.keyed(digest))
        _refuse_issued(row)
        decision = rules.may_issue(
            row.urgency,
            supervisor_opinion=row.supervisor_opinion,
            guardian_consent=row.guardian_consent,
            emergency_basis=row.emergency_basis,
            issued_at=work.now,
            completion_days=parameter_values.number(work, "referral_completion_days"),
        )
        if decision.obstacles:
            raise NotReadyToIssue(decision.obstacles)
        row.state = ReferralState.ISSUED
        row.issued_at, row.issued_by, row.content_hash = work.now, actor.account_id, digest
        row.complete_by = decision.complete_by
        work.touch(row, actor)
        work.session.flush()
        return Done(view_of(work, row), work.changes())


def complete_referral(
    actor: Actor,
    desk: Desk,
    referral_id: str,
    *,
    supervisor_opinion: str = "",
    guardian_consent: ConsentAnswer | None = None,
    given_at: datetime | None = None,
    late_reason: str = "",
) -> Done[ReferralView]:
    """Add what an emergency referral left out, beside the issued text (R-13).

    Raises:
        UserError: nothing is left out, nothing is added, it lies in the future, or it is late without a reason.
    """
    with desk.change() as work:
        row = load_referral(work, referral_id)
        access.allow(actor, Action.WRITE, referral_subject(work, row), work)
        at = given_at or work.now
        if at > work.now:
            raise UserError(_("It cannot have been given in the future."), _("Nothing was changed."))
        missing = _missing(work, row)
        if row.complete_by is None or not missing:
            raise UserError(_("This referral lacks nothing."), _("Nothing was changed."))
        if not supervisor_opinion.strip() and guardian_consent in (None, ConsentAnswer.PENDING):
            raise UserError(
                _("Please add the supervisor's opinion or the guardian's answer."), _("Nothing was changed.")
            )
        if rules.completion(row.complete_by, missing, work.now) is CompletionState.OVERDUE and not late_reason.strip():
            raise UserError(_("It is late; please add the reason."), _("Nothing was changed."))
        work.session.add(
            ReferralSupplement(
                **work.common(actor, Secrecy.S3, at.date()),
                referral_id=row.id,
                supervisor_opinion=supervisor_opinion.strip() or None,
                guardian_consent=guardian_consent,
                given_at=at,
                late_reason=late_reason.strip() or None,
            )
        )
        work.touch(row, actor)
        work.session.flush()
        return Done(view_of(work, row), work.changes())


def record_feedback(actor: Actor, desk: Desk, referral_id: str, data: FeedbackData) -> Done[ReferralView]:
    """Type in the reply slip of an issued referral.

    Raises:
        UserError: the referral is not out, or institution or recommendation is empty.
    """
    if not data.institution.strip() or not data.recommendation.strip():
        raise UserError(_("A reply needs its institution and its recommendation."), _("Nothing was changed."))
    with desk.change() as work:
        row = load_referral(work, referral_id)
        access.allow(actor, Action.WRITE, referral_subject(work, row), work)
        if not rules.may_become(row.state, ReferralState.FEEDBACK_RECEIVED):
            raise UserError(_("No reply is expected for this referral."), _("Nothing was changed."))
        work.session.add(
            ReferralFeedback(
                **work.common(actor, Secrecy.S3, data.received_on),
                referral_id=row.id,
                received_on=data.received_on,
                institution=data.institution.strip(),
                seen_on=data.seen_on,
                recommendation=data.recommendation.strip(),
                may_attend_school=data.may_attend_school,
                next_visit_on=data.next_visit_on,
            )
        )
        row.state = ReferralState.FEEDBACK_RECEIVED
        work.touch(row, actor)
        return Done(view_of(work, row), work.changes())


def referral(actor: Actor, desk: Desk, referral_id: str) -> ReferralView:
    """Return a referral; reading it leaves an audit row."""
    with desk.look() as work:
        row = load_referral(work, referral_id)
        access.allow(actor, Action.READ, referral_subject(work, row), work)
        return view_of(work, row)


def list_referrals(actor: Actor, desk: Desk, student_id: str) -> tuple[tuple[str, str, ReferralState], ...]:
    """Return (id, number, state) of a student's referrals, the newest first; not what they say."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("referral", secrecy=Secrecy.S2), work)
        rows = work.session.execute(
            select(Referral.id, Referral.number, Referral.state)
            .where(Referral.student_id == student_id, Referral.voided_at.is_(None))
            .order_by(Referral.created_at.desc())
        )
        return tuple((row_id, number, state) for row_id, number, state in rows)


def _check(data: ReferralData) -> None:
    if not (data.to_name.strip() and data.reason.strip() and data.summary.strip()):
        raise UserError(_("A referral needs a recipient, a reason and a summary."), _("Nothing was changed."))


def _check_case(work: Work, data: ReferralData) -> None:
    """Refuse a referral of one student out of the case of another."""
    if work.session.get(Student, data.student_id) is None:
        raise UserError(_("There is no such student."), _("Nothing was changed."))
    if data.case_id is not None and load_case(work, data.case_id).client_id != data.student_id:
        raise UserError(_("This case is another student's."), _("Nothing was changed."))


def _refuse_issued(row: Referral) -> None:
    if row.issued_at is not None:
        raise UserError(
            _("This referral is issued and can no longer be edited."), _("The issued referral is unchanged.")
        )


def _fill(row: Referral, data: ReferralData) -> None:
    for name in _COLUMNS:
        setattr(row, name, getattr(data, name))


def _missing(work: Work, row: Referral) -> tuple[IssueObstacle, ...]:
    """Return what an issued emergency referral still lacks, with what was added since (R-13)."""
    if row.complete_by is None:
        return ()
    opinion, consent = row.supervisor_opinion, row.guardian_consent
    added = select(ReferralSupplement).where(ReferralSupplement.referral_id == row.id)
    for supplement in work.session.scalars(added.order_by(ReferralSupplement.created_at)):
        opinion = supplement.supervisor_opinion or opinion
        consent = supplement.guardian_consent or consent
    return rules.still_missing(supervisor_opinion=opinion, guardian_consent=consent)


def view_of(work: Work, row: Referral) -> ReferralView:
    """Return a loaded referral as one view."""
    data = ReferralData(**{name: getattr(row, name) for name in _COLUMNS})
    missing = _missing(work, row)
    return ReferralView(
        row.id,
        row.number,
        data,
        row.state,
        row.issued_at,
        row.complete_by,
        row.excerpt_approved_by is not None,
        missing,
        rules.completion(row.complete_by, missing, work.now),
    )
