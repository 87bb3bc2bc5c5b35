"""Referrals: words, states, and when one may be issued (SYS-32, R-13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class ReferralTarget(StrEnum):
    """To whom a student is referred."""

    HOSPITAL = "hospital"
    CRISIS_CENTER = "crisis_center"
    OTHER_SCHOOL = "other_school"
    DISTRICT_CENTER = "district_center"
    EXTERNAL_COUNSEL = "external_counsel"


class ReferralUrgency(StrEnum):
    """An emergency referral may be issued first and completed afterwards."""

    NORMAL = "normal"
    SOON = "soon"
    """Within the week; needs everything an ordinary referral needs."""
    EMERGENCY = "emergency"


class ReferralState(StrEnum):
    """States of SYS-32."""

    ASSESSED = "assessed"
    CONSENTED = "consented"
    WAIVED = "waived"
    ISSUED = "issued"
    ACCEPTED = "accepted"
    TREATED = "treated"
    FEEDBACK_RECEIVED = "feedback_received"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"
    REFUSED = "refused"


class ConsentAnswer(StrEnum):
    """What the client or the guardian said."""

    AGREED = "agreed"
    REFUSED = "refused"
    PENDING = "pending"


class IssueObstacle(StrEnum):
    """Why a referral may not be issued yet."""

    NO_SUPERVISOR_OPINION = "no_supervisor_opinion"
    NO_GUARDIAN_CONSENT = "no_guardian_consent"
    NO_EMERGENCY_BASIS = "no_emergency_basis"


@dataclass(frozen=True)
class IssueDecision:
    """Whether a referral may be issued now.

    Attributes:
        obstacles: what is missing; empty when it may be issued.
        complete_by: until when what an emergency left out must be added; None when nothing is left out.
    """

    obstacles: tuple[IssueObstacle, ...]
    complete_by: datetime | None


def may_issue(
    urgency: ReferralUrgency,
    *,
    supervisor_opinion: str | None,
    guardian_consent: ConsentAnswer,
    emergency_basis: str | None,
    issued_at: datetime,
    completion_days: int,
) -> IssueDecision:
    """Decide whether a referral may be issued (R-13).

    Without an emergency it needs the supervisor's opinion and the guardian's consent. In an emergency it needs the
    stated basis only, and what is missing must be added within `completion_days` days.
    """
    missing = []
    if not (supervisor_opinion or "").strip():
        missing.append(IssueObstacle.NO_SUPERVISOR_OPINION)
    if guardian_consent is not ConsentAnswer.AGREED:
        missing.append(IssueObstacle.NO_GUARDIAN_CONSENT)
    if urgency is not ReferralUrgency.EMERGENCY:
        return IssueDecision(tuple(missing), None)
    if not (emergency_basis or "").strip():
        return IssueDecision((IssueObstacle.NO_EMERGENCY_BASIS,), None)
    return IssueDecision((), issued_at + timedelta(days=completion_days) if missing else None)


class CompletionState(StrEnum):
    """How what an emergency referral left out stands."""

    NOTHING_LEFT = "nothing_left"
    RUNNING = "running"
    OVERDUE = "overdue"


def still_missing(
    *, supervisor_opinion: str | None, guardian_consent: ConsentAnswer | None
) -> tuple[IssueObstacle, ...]:
    """Return what an emergency referral still lacks, with what was added afterwards taken in (R-13).

    A guardian's refusal is an answer too: it closes the matter, and the paper says so.
    """
    missing = []
    if not (supervisor_opinion or "").strip():
        missing.append(IssueObstacle.NO_SUPERVISOR_OPINION)
    if guardian_consent not in (ConsentAnswer.AGREED, ConsentAnswer.REFUSED):
        missing.append(IssueObstacle.NO_GUARDIAN_CONSENT)
    return tuple(missing)


def completion(complete_by: datetime | None, missing: tuple[IssueObstacle, ...], now: datetime) -> CompletionState:
    """Return how the completion of an emergency referral stands at `now` (R-13)."""
    if complete_by is None or not missing:
        return CompletionState.NOTHING_LEFT
    return CompletionState.OVERDUE if now > complete_by else CompletionState.RUNNING


_NEXT: dict[ReferralState, frozenset[ReferralState]] = {
    ReferralState.ASSESSED: frozenset({ReferralState.CONSENTED, ReferralState.WAIVED, ReferralState.REFUSED}),
    ReferralState.CONSENTED: frozenset({ReferralState.ISSUED, ReferralState.REFUSED}),
    ReferralState.WAIVED: frozenset({ReferralState.ISSUED}),
    ReferralState.ISSUED: frozenset({ReferralState.ACCEPTED, ReferralState.FEEDBACK_RECEIVED, ReferralState.REFUSED}),
    ReferralState.ACCEPTED: frozenset({ReferralState.TREATED, ReferralState.FEEDBACK_RECEIVED}),
    ReferralState.TREATED: frozenset({ReferralState.FEEDBACK_RECEIVED}),
    ReferralState.FEEDBACK_RECEIVED: frozenset({ReferralState.FOLLOW_UP, ReferralState.CLOSED}),
    ReferralState.FOLLOW_UP: frozenset({ReferralState.CLOSED}),
    ReferralState.CLOSED: frozenset(),
    ReferralState.REFUSED: frozenset({ReferralState.CLOSED}),
}


def may_become(now: ReferralState, then: ReferralState) -> bool:
    """Return whether a referral in state `now` may go to state `then` (SYS-32)."""
    return then in _NEXT[now]


class Standing(StrEnum):
    """Where a referral stands, as the list says it."""

    DRAFT = "draft"
    WAITING = "waiting"
    """Issued; the visit and the reply are awaited."""
    NO_REPLY = "no_reply"
    """No reply within the time of the first reminder."""
    REPLIED = "replied"
    OVER = "over"


_REPLIED = frozenset({ReferralState.FEEDBACK_RECEIVED, ReferralState.FOLLOW_UP})
_OVER = frozenset({ReferralState.CLOSED, ReferralState.REFUSED})


def standing(state: ReferralState, waited_days: int, first_reminder_days: int) -> Standing:
    """Return where a referral stands that was issued `waited_days` ago (SYS-32: reminded in two steps)."""
    if state in _OVER:
        return Standing.OVER
    if state in _REPLIED:
        return Standing.REPLIED
    if state in (ReferralState.ISSUED, ReferralState.ACCEPTED, ReferralState.TREATED):
        return Standing.NO_REPLY if waited_days >= first_reminder_days else Standing.WAITING
    return Standing.DRAFT
