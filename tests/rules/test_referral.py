"""When a referral may be issued (R-13), and its states (SYS-32)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import product

import pytest

from counselroom.rules.referral import (
    ConsentAnswer,
    IssueDecision,
    IssueObstacle,
    ReferralState,
    ReferralUrgency,
    may_become,
    may_issue,
)
from tests.rules.tables import steps

CHINA = timezone(timedelta(hours=8))
ISSUED = datetime(2026, 11, 22, 16, 45, 12, 345, tzinfo=CHINA)
MISSING = (None, "", " \n\t ")
UNHURRIED = pytest.mark.parametrize("urgency", [ReferralUrgency.NORMAL, ReferralUrgency.SOON])
NO_OPINION = IssueObstacle.NO_SUPERVISOR_OPINION
NO_CONSENT = IssueObstacle.NO_GUARDIAN_CONSENT
NO_BASIS = IssueObstacle.NO_EMERGENCY_BASIS


def issue(
    urgency: ReferralUrgency = ReferralUrgency.NORMAL,
    opinion: str | None = "建议转介",
    consent: ConsentAnswer = ConsentAnswer.AGREED,
    basis: str | None = None,
    issued_at: datetime = ISSUED,
    days: int = 3,
) -> IssueDecision:
    return may_issue(
        urgency,
        supervisor_opinion=opinion,
        guardian_consent=consent,
        emergency_basis=basis,
        issued_at=issued_at,
        completion_days=days,
    )


@UNHURRIED
def test_R13_with_opinion_and_consent_it_may_be_issued_and_nothing_is_owed(urgency: ReferralUrgency) -> None:
    assert issue(urgency) == IssueDecision((), None)


@UNHURRIED
@pytest.mark.parametrize("opinion", MISSING)
def test_R13_without_the_supervisors_opinion_it_waits(urgency: ReferralUrgency, opinion: str | None) -> None:
    assert issue(urgency, opinion=opinion) == IssueDecision((NO_OPINION,), None)


@UNHURRIED
@pytest.mark.parametrize("consent", [ConsentAnswer.PENDING, ConsentAnswer.REFUSED])
def test_R13_without_the_guardians_consent_it_waits(urgency: ReferralUrgency, consent: ConsentAnswer) -> None:
    assert issue(urgency, consent=consent) == IssueDecision((NO_CONSENT,), None)


@pytest.mark.parametrize(("opinion", "consent"), list(product(MISSING, [ConsentAnswer.PENDING, ConsentAnswer.REFUSED])))
def test_R13_everything_missing_is_told_at_once(opinion: str | None, consent: ConsentAnswer) -> None:
    assert issue(opinion=opinion, consent=consent) == IssueDecision((NO_OPINION, NO_CONSENT), None)


@UNHURRIED
def test_R13_a_reason_for_an_emergency_does_not_replace_consent_where_there_is_none(urgency: ReferralUrgency) -> None:
    decision = issue(urgency, opinion=None, consent=ConsentAnswer.PENDING, basis="有自伤行为")
    assert decision == IssueDecision((NO_OPINION, NO_CONSENT), None)


@pytest.mark.parametrize("basis", MISSING)
@pytest.mark.parametrize("consent", ConsentAnswer)
@pytest.mark.parametrize("opinion", [None, "建议转介"])
def test_R13_an_emergency_without_its_reason_waits_for_that_alone(
    opinion: str | None, consent: ConsentAnswer, basis: str | None
) -> None:
    decision = issue(ReferralUrgency.EMERGENCY, opinion, consent, basis)
    assert decision == IssueDecision((NO_BASIS,), None)


@pytest.mark.parametrize(
    ("opinion", "consent", "owed"),
    [
        ("建议转介", ConsentAnswer.AGREED, False),
        ("建议转介", ConsentAnswer.PENDING, True),
        ("建议转介", ConsentAnswer.REFUSED, True),
        (None, ConsentAnswer.AGREED, True),
        ("  ", ConsentAnswer.AGREED, True),
        (None, ConsentAnswer.PENDING, True),
    ],
)
def test_R13_an_emergency_is_issued_first_and_completed_within_three_days(
    opinion: str | None, consent: ConsentAnswer, owed: bool
) -> None:
    decision = issue(ReferralUrgency.EMERGENCY, opinion, consent, "有自伤行为")
    assert decision.obstacles == ()
    assert decision.complete_by == (datetime(2026, 11, 25, 16, 45, 12, 345, tzinfo=CHINA) if owed else None)


def test_R13_the_days_to_complete_run_over_the_leap_day_and_the_new_year() -> None:
    leap = issue(ReferralUrgency.EMERGENCY, None, basis="x", issued_at=datetime(2028, 2, 27, 8, tzinfo=CHINA))
    assert leap.complete_by == datetime(2028, 3, 1, 8, tzinfo=CHINA)
    year = issue(ReferralUrgency.EMERGENCY, None, basis="x", issued_at=datetime(2026, 12, 30, 8, tzinfo=CHINA))
    assert year.complete_by == datetime(2027, 1, 2, 8, tzinfo=CHINA)


def test_R17_the_days_to_complete_come_from_the_school_and_hold_for_what_is_issued_afterwards() -> None:
    before = issue(ReferralUrgency.EMERGENCY, None, basis="x", days=3)
    after = issue(ReferralUrgency.EMERGENCY, None, basis="x", days=1)
    assert after.complete_by == ISSUED + timedelta(days=1)
    assert before.complete_by == ISSUED + timedelta(days=3)
    with pytest.raises(TypeError):
        may_issue(  # type: ignore[call-arg] # what the test forbids
            ReferralUrgency.EMERGENCY,
            supervisor_opinion=None,
            guardian_consent=ConsentAnswer.PENDING,
            emergency_basis="x",
            issued_at=ISSUED,
        )


STEPS = """
assessed            consented waived refused
consented           issued refused
waived              issued
issued              accepted feedback_received refused
accepted            treated feedback_received
treated             feedback_received
feedback_received   follow_up closed
follow_up           closed
closed
refused             closed
"""


@pytest.mark.parametrize("now", ReferralState)
@pytest.mark.parametrize("then", ReferralState)
def test_every_step_from_state_to_state(now: ReferralState, then: ReferralState) -> None:
    assert may_become(now, then) is (then in steps(STEPS, ReferralState)[now])


def test_R13_nothing_is_issued_without_consent_or_emergency() -> None:
    before_issue = {state for state in ReferralState if may_become(state, ReferralState.ISSUED)}
    assert before_issue == {ReferralState.CONSENTED, ReferralState.WAIVED}
