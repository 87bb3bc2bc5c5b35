"""Referrals: nothing leaves the room before it is issued, and what is issued never changes (R-13, R-17)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError, OperationalError

from counselroom.errors import UserError
from counselroom.model.crisis import Referral, ReferralFeedback
from counselroom.rules.access import Refusal
from counselroom.rules.counselling import RiskLevel
from counselroom.rules.referral import ConsentAnswer, IssueObstacle, ReferralState, ReferralTarget, ReferralUrgency
from counselroom.services import cases, parameters
from counselroom.services.desk import AccessDenied
from counselroom.services.referrals import (
    FeedbackData,
    NotReadyToIssue,
    ReferralData,
    approve_excerpt,
    draft_referral,
    edit_referral,
    issue_referral,
    list_referrals,
    record_feedback,
    referral,
)
from tests.services.world import World

EMERGENCY = ReferralUrgency.EMERGENCY
REPLY = FeedbackData(
    date(2026, 10, 20), "青禾市第三医院", "门诊随访", date(2026, 10, 15), "可正常在校", date(2026, 11, 1)
)


def full(world: World, **changes: Any) -> ReferralData:
    return world.referral_data(
        to_kind=ReferralTarget.CRISIS_CENTER,
        done_so_far="会谈三次",
        risk=RiskLevel.SEVERE,
        urgency=EMERGENCY,
        accompanied_by="班主任",
        client_consent=ConsentAnswer.AGREED,
        guardian_consent=ConsentAnswer.REFUSED,
        emergency_basis="有自伤计划",
        session_excerpt="摘录一句",
        case_id=world.case(),
        **changes,
    )


def test_every_field_of_a_draft_comes_back(world: World) -> None:
    data = full(world)
    done = draft_referral(world.me, world.desk, data)
    view = done.value
    assert view.data == data
    assert (view.number, view.state, view.issued_at, view.complete_by) == (
        "ZJ-2026-001",
        ReferralState.ASSESSED,
        None,
        None,
    )
    assert not view.excerpt_approved
    assert done.changes.changed == {("referral", view.id)}
    assert referral(world.me, world.desk, view.id) == view
    assert world.sql("SELECT counsellor_id, secrecy FROM referral") == [(world.me.person_id, "S3")]
    changed = world.referral_data(student_id=world.students[1])
    edited = edit_referral(world.me, world.desk, view.id, changed)
    assert edited.value.data == changed
    assert edited.changes.changed == {("referral", view.id)}


@pytest.mark.parametrize("field", ["to_name", "reason", "summary"])
def test_recipient_reason_and_summary_are_needed(world: World, field: str) -> None:
    referral_id = world.referral()
    wrong = replace(world.referral_data(), **{field: " "})
    for call in (
        lambda: draft_referral(world.me, world.desk, wrong),
        lambda: edit_referral(world.me, world.desk, referral_id, wrong),
    ):
        with pytest.raises(UserError):
            call()
    assert world.sql("SELECT count(*) FROM referral") == [(1,)]


@pytest.mark.parametrize("opinion", [None, " ", "同意转介"])
@pytest.mark.parametrize("guardian", list(ConsentAnswer))
@pytest.mark.parametrize("basis", [None, "有自伤计划"])
@pytest.mark.parametrize("urgency", list(ReferralUrgency))
def test_what_a_referral_lacks_is_named(
    shared: World, urgency: ReferralUrgency, basis: str | None, guardian: ConsentAnswer, opinion: str | None
) -> None:
    """R-13: opinion and consent, or in an emergency the basis, and then the rest within the school's days."""
    referral_id = shared.referral(
        urgency=urgency, emergency_basis=basis, guardian_consent=guardian, supervisor_opinion=opinion
    )
    missing = set()
    if opinion != "同意转介":
        missing.add(IssueObstacle.NO_SUPERVISOR_OPINION)
    if guardian is not ConsentAnswer.AGREED:
        missing.add(IssueObstacle.NO_GUARDIAN_CONSENT)
    hinders = missing
    if urgency is EMERGENCY:
        hinders = set() if basis else {IssueObstacle.NO_EMERGENCY_BASIS}
    if hinders:
        log = shared.audit()
        with pytest.raises(NotReadyToIssue) as caught:
            issue_referral(shared.me, shared.desk, referral_id)
        assert set(caught.value.obstacles) == hinders
        assert shared.audit() == log
        assert referral(shared.me, shared.desk, referral_id).state is ReferralState.ASSESSED
        return
    view = issue_referral(shared.me, shared.desk, referral_id).value
    assert view.state is ReferralState.ISSUED
    assert view.issued_at is not None
    expected = view.issued_at + timedelta(days=3) if missing else None
    assert view.complete_by == expected


def test_the_time_to_complete_is_the_schools_and_for_new_referrals_only(world: World) -> None:
    """R-17: what was issued under the old parameter keeps its date."""
    data = world.referral_data(urgency=EMERGENCY, emergency_basis="有自伤计划", guardian_consent=ConsentAnswer.PENDING)
    first = issue_referral(world.me, world.desk, draft_referral(world.me, world.desk, data).value.id).value
    parameters.set_parameter(world.me, world.desk, "referral_completion_days", 10)
    second = issue_referral(world.me, world.desk, draft_referral(world.me, world.desk, data).value.id).value
    assert first.issued_at is not None
    assert second.issued_at is not None
    assert referral(world.me, world.desk, first.id).complete_by == first.issued_at + timedelta(days=3)
    assert second.complete_by == second.issued_at + timedelta(days=10)


def test_issuing_says_who_when_and_what(world: World) -> None:
    referral_id = world.referral()
    done = issue_referral(world.me, world.desk, referral_id)
    assert done.changes.changed == {("referral", referral_id)}
    ((issued_by, digest),) = world.sql("SELECT issued_by, content_hash FROM referral")
    assert issued_by == world.me.account_id
    assert [row.digest for row in world.audit() if row.action == "sign"] == [
        world.desk.vault.audit.digest({"content_hash": digest})
    ]
    other = world.referral(reason="别的原因")
    issue_referral(world.me, world.desk, other)
    assert world.sql("SELECT content_hash FROM referral WHERE id = :id", id=other) != [(digest,)]


def test_what_is_issued_never_changes(world: World) -> None:
    referral_id = world.referral(session_excerpt="摘录一句")
    issue_referral(world.me, world.desk, referral_id)
    before = world.dump()
    for call in (
        lambda: edit_referral(world.me, world.desk, referral_id, world.referral_data(reason="别的原因")),
        lambda: issue_referral(world.me, world.desk, referral_id),
        lambda: approve_excerpt(world.me, world.desk, referral_id),
    ):
        with pytest.raises(UserError) as caught:
            call()
        assert caught.value.safe
    protected = (IntegrityError, OperationalError)
    with pytest.raises(protected), world.desk.vault.change() as opened:
        opened.execute(update(Referral).values(reason="换掉"))
    with pytest.raises(protected), world.desk.vault.change() as opened:
        opened.get_one(Referral, referral_id).summary = "换掉"
    with pytest.raises(protected), world.desk.vault.change() as opened:
        opened.execute(delete(Referral))
    assert world.dump() == before


# The excerpt.


def test_an_excerpt_goes_out_only_when_the_director_agreed(world: World) -> None:
    referral_id = world.referral(session_excerpt="摘录一句")
    done = approve_excerpt(world.director.because("家长要求"), world.desk, referral_id)
    assert done.value.excerpt_approved
    assert done.changes.changed == {("referral", referral_id)}
    assert [row.action for row in world.audit()][-2:] == ["read", "approve_excerpt"]
    same = edit_referral(world.me, world.desk, referral_id, replace(done.value.data, reason="别的原因"))
    assert same.value.excerpt_approved
    other = edit_referral(world.me, world.desk, referral_id, replace(done.value.data, session_excerpt="另一句"))
    assert not other.value.excerpt_approved


def test_nobody_but_the_director_agrees(world: World) -> None:
    counsellor_only = replace(world.me, roles=world.colleague.roles)
    referral_id = world.referral(session_excerpt="摘录一句")
    before, log = world.dump(), world.audit()
    with pytest.raises(AccessDenied) as caught:
        approve_excerpt(counsellor_only, world.desk, referral_id)
    assert caught.value.refusal is Refusal.ROLE
    with pytest.raises(AccessDenied):
        approve_excerpt(world.director, world.desk, referral_id)
    assert world.dump() == before
    assert [row.action for row in world.audit()[len(log) :]] == ["denied:approve_excerpt", "denied:read"]


def test_there_is_nothing_to_agree_to_without_an_excerpt(world: World) -> None:
    for excerpt in (None, ""):
        with pytest.raises(UserError) as caught:
            approve_excerpt(world.me, world.desk, world.referral(session_excerpt=excerpt))
        assert not isinstance(caught.value, AccessDenied)


# What comes back.


def test_the_reply_is_kept_once(world: World) -> None:
    referral_id = world.referral()
    with pytest.raises(UserError):
        record_feedback(world.me, world.desk, referral_id, REPLY)
    issue_referral(world.me, world.desk, referral_id)
    done = record_feedback(world.me, world.desk, referral_id, replace(REPLY, institution=" 青禾市第三医院 "))
    assert done.value.state is ReferralState.FEEDBACK_RECEIVED
    assert done.changes.changed == {("referral", referral_id)}
    stored = world.sql(
        "SELECT received_on, institution, recommendation, seen_on, may_attend_school, next_visit_on, term "
        "FROM referral_feedback WHERE referral_id = :id",
        id=referral_id,
    )
    assert stored == [
        ("2026-10-20", "青禾市第三医院", "门诊随访", "2026-10-15", "可正常在校", "2026-11-01", "2026-2027-1")
    ]
    with pytest.raises(UserError):
        record_feedback(world.me, world.desk, referral_id, REPLY)
    with pytest.raises((IntegrityError, OperationalError)), world.desk.vault.change() as opened:
        opened.execute(update(ReferralFeedback).values(recommendation="换掉"))


@pytest.mark.parametrize("field", ["institution", "recommendation"])
def test_a_reply_needs_who_and_what(world: World, field: str) -> None:
    referral_id = world.referral()
    issue_referral(world.me, world.desk, referral_id)
    with pytest.raises(UserError):
        record_feedback(world.me, world.desk, referral_id, replace(REPLY, **{field: " "}))
    assert world.sql("SELECT count(*) FROM referral_feedback") == [(0,)]


def test_the_list_tells_numbers_and_states_not_what_they_say(world: World) -> None:
    first, second = world.referral(), world.referral()
    issue_referral(world.me, world.desk, first)
    expected = ((second, "ZJ-2026-002", ReferralState.ASSESSED), (first, "ZJ-2026-001", ReferralState.ISSUED))
    assert list_referrals(world.colleague, world.desk, world.students[0]) == expected
    assert list_referrals(world.colleague, world.desk, world.students[1]) == ()
    with world.desk.vault.change() as opened:
        opened.execute(update(Referral).where(Referral.id == second).values(voided_at=world.clock.now()))
    assert list_referrals(world.me, world.desk, world.students[0]) == expected[1:]
    with pytest.raises(UserError):
        referral(world.me, world.desk, second)


def test_r01_a_referral_out_of_a_restricted_case_is_as_restricted(world: World) -> None:
    case_id = world.case()
    made = draft_referral(world.me, world.desk, world.referral_data(case_id=case_id)).value
    assert referral(world.director.because("督导"), world.desk, made.id).id == made.id
    cases.restrict_case(world.me, world.desk, case_id, restricted=True)
    with pytest.raises(AccessDenied) as denied:
        referral(world.director.because("督导"), world.desk, made.id)
    assert denied.value.refusal is Refusal.RESTRICTED


def test_a_referral_cannot_lie_in_the_case_of_another_student(world: World) -> None:
    of_another = world.case(student=1)
    with pytest.raises(UserError, match="另一名学生"):
        draft_referral(world.me, world.desk, world.referral_data(case_id=of_another))
    made = draft_referral(world.me, world.desk, world.referral_data()).value
    with pytest.raises(UserError, match="另一名学生"):
        edit_referral(world.me, world.desk, made.id, world.referral_data(case_id=of_another))


def test_a_referral_needs_a_student_who_exists(world: World) -> None:
    with pytest.raises(UserError, match="没有这名学生"):
        draft_referral(world.me, world.desk, world.referral_data(student_id="nobody"))
