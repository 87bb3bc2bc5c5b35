"""Assessments: signed once, and what must follow follows at once (SYS-25, triggers §3.G); R-13 completed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from counselroom.errors import UserError
from counselroom.rules.crisis_criteria import AssessmentObstacle, Todo
from counselroom.rules.crisis_words import CrisisKind, CrisisLevel, Ideation
from counselroom.rules.referral import CompletionState, ConsentAnswer, IssueObstacle, ReferralUrgency
from counselroom.services import cases, crisis, crisis_assessments, crisis_lists, referrals
from counselroom.services.desk import AccessDenied
from counselroom.services.undo import take_back
from tests.services.crisis_support import assessment_data, pass_time
from tests.services.world import World


def draft(world: World, **changes: object) -> str:
    return crisis_assessments.draft_assessment(world.me, world.desk, assessment_data(world, **changes)).value.id


def test_a_signed_starred_criterion_begins_a_case(world: World) -> None:
    found_at = world.clock.moment - timedelta(hours=1)
    done = crisis_assessments.sign_assessment(world.me, world.desk, draft(world), found_at, "同学报告")
    assert done.value.event_id is not None
    view = crisis.event(world.me, world.desk, done.value.event_id)
    assert (view.data.found_at, view.data.facts, view.assessment_id) == (found_at, "同学报告", done.value.id)
    assert [entry["key"] for entry in view.plan] == ["CK-E", "CK-A"]
    assert done.value.consequence is not None
    assert done.value.consequence.todos[0] is Todo.GUARD
    assert done.changes.undo is not None
    take_back(world.me, world.desk, done.changes.undo)
    assert crisis_assessments.assessment(world.me, world.desk, done.value.id).event_id is None


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"ideation": Ideation.ATTEMPT}, CrisisKind.ATTEMPT),
        ({"target_of_harm": "同班同学"}, CrisisKind.HARM_OTHERS),
        ({"ideation": Ideation.NONE, "criteria": ("C16",)}, CrisisKind.STRESS),
        ({"ideation": Ideation.NONE}, CrisisKind.OTHER),
    ],
)
def test_the_kind_follows_from_what_was_found(world: World, changes: dict[str, object], kind: CrisisKind) -> None:
    view = crisis_assessments.sign_assessment(world.me, world.desk, draft(world, **changes)).value
    assert view.event_id is not None
    assert crisis.event(world.me, world.desk, view.event_id).data.kind is kind


def test_a_mild_one_begins_no_case(world: World) -> None:
    done = crisis_assessments.sign_assessment(
        world.me, world.desk, draft(world, level=CrisisLevel.MILD, criteria=("C01",))
    )
    assert (done.value.event_id, done.changes.undo) == (None, None)
    assert crisis_lists.event_list(world.me, world.desk).lines == ()


def test_a_second_assessment_belongs_to_the_running_case(world: World) -> None:
    crisis_assessments.sign_assessment(world.me, world.desk, draft(world))
    assert crisis_assessments.sign_assessment(world.me, world.desk, draft(world)).value.event_id is None
    assert len(crisis_lists.event_list(world.me, world.desk).lines) == 1


def test_what_is_missing_is_said(world: World) -> None:
    row = draft(world, level=None, opinion=" ", criteria=("C22",))
    with pytest.raises(crisis_assessments.NotReadyToSignAssessment) as refused:
        crisis_assessments.sign_assessment(world.me, world.desk, row)
    assert set(refused.value.obstacles) == {
        AssessmentObstacle.NO_LEVEL,
        AssessmentObstacle.NO_OPINION,
        AssessmentObstacle.NO_OWN_WORDS,
    }
    assert crisis_assessments.assessment(world.me, world.desk, row).signed_at is None


def test_signed_means_signed(world: World) -> None:
    row = draft(world)
    changed = assessment_data(world, emotion="平稳一些")
    assert crisis_assessments.save_assessment(world.me, world.desk, row, changed).value.data.emotion == "平稳一些"
    crisis_assessments.sign_assessment(world.me, world.desk, row)
    calls: tuple[Callable[[], object], ...] = (
        lambda: crisis_assessments.save_assessment(world.me, world.desk, row, changed),
        lambda: crisis_assessments.sign_assessment(world.me, world.desk, row),
    )
    for call in calls:
        with pytest.raises(UserError, match="已签名"):
            call()
    with pytest.raises(Exception, match="protected"), world.desk.vault.change() as session:
        session.execute(text("UPDATE crisis_assessment SET level = 'mild'"))
    (line,) = crisis_assessments.list_assessments(world.me, world.desk, world.students[0])
    assert line.signed_at is not None


def test_a_second_person_reviews_once(world: World) -> None:
    row = draft(world)
    director = world.director.because("复核")
    with pytest.raises(UserError):
        crisis_assessments.review_assessment(director, world.desk, row)
    crisis_assessments.sign_assessment(world.me, world.desk, row)
    with pytest.raises(AccessDenied):
        crisis_assessments.review_assessment(world.colleague, world.desk, row)
    assert crisis_assessments.review_assessment(director, world.desk, row).value.reviewed_at is not None
    with pytest.raises(UserError):
        crisis_assessments.review_assessment(director, world.desk, row)


def test_it_is_its_writers_alone(world: World) -> None:
    row = draft(world)
    for other in (world.colleague, world.archivist, world.director):
        with pytest.raises(AccessDenied):
            crisis_assessments.assessment(other, world.desk, row)
    case_id = world.case()
    restricted = draft(world, case_id=case_id)
    cases.restrict_case(world.me, world.desk, case_id, restricted=True)
    seen = crisis_assessments.list_assessments(world.colleague, world.desk, world.students[0])
    assert [line.id for line in seen] == [row]
    with pytest.raises(AccessDenied):
        crisis_assessments.assessment(world.director.because("督导"), world.desk, restricted)


@pytest.mark.parametrize("changes", [{"student_id": "x"}, {"assessed_at": None}, {"case_id": "other"}])
def test_what_cannot_be_is_refused(world: World, changes: dict[str, object]) -> None:
    if "assessed_at" in changes:
        changes = {"assessed_at": world.clock.moment + timedelta(hours=1)}
    if "case_id" in changes:
        changes = {"case_id": world.case(student=1)}
    with pytest.raises(UserError):
        draft(world, **changes)


# what an emergency referral leaves out is added within three days.

EMERGENCY = {
    "urgency": ReferralUrgency.EMERGENCY,
    "supervisor_opinion": None,
    "guardian_consent": ConsentAnswer.PENDING,
    "emergency_basis": "现场有危险，先送医",
}


def test_r13_an_emergency_goes_out_first_and_is_completed_afterwards(world: World) -> None:
    row = world.referral(**EMERGENCY)
    view = referrals.issue_referral(world.me, world.desk, row).value
    assert view.complete_by is not None
    assert view.missing == (IssueObstacle.NO_SUPERVISOR_OPINION, IssueObstacle.NO_GUARDIAN_CONSENT)
    assert view.completion is CompletionState.RUNNING
    with pytest.raises(UserError):
        referrals.complete_referral(world.me, world.desk, row)
    with pytest.raises(UserError):
        referrals.complete_referral(world.me, world.desk, row, guardian_consent=ConsentAnswer.PENDING)
    half = referrals.complete_referral(world.me, world.desk, row, supervisor_opinion="同意").value
    assert half.missing == (IssueObstacle.NO_GUARDIAN_CONSENT,)
    assert half.data.supervisor_opinion is None
    whole = referrals.complete_referral(world.me, world.desk, row, guardian_consent=ConsentAnswer.AGREED).value
    assert (whole.missing, whole.completion) == ((), CompletionState.NOTHING_LEFT)
    with pytest.raises(UserError):
        referrals.complete_referral(world.me, world.desk, row, supervisor_opinion="再来")


def test_r13_late_only_with_a_reason(world: World) -> None:
    row = world.referral(**EMERGENCY)
    referrals.issue_referral(world.me, world.desk, row)
    pass_time(world, 73)
    assert referrals.referral(world.me, world.desk, row).completion is CompletionState.OVERDUE
    with pytest.raises(UserError, match="超过"):
        referrals.complete_referral(world.me, world.desk, row, supervisor_opinion="同意")
    referrals.complete_referral(world.me, world.desk, row, supervisor_opinion="同意", late_reason="督导外出")
    with pytest.raises(UserError, match="将来"):
        referrals.complete_referral(
            world.me,
            world.desk,
            row,
            guardian_consent=ConsentAnswer.REFUSED,
            given_at=world.clock.moment + timedelta(hours=1),
        )


def test_r13_an_ordinary_referral_lacks_nothing(world: World) -> None:
    row = world.referral()
    view = referrals.issue_referral(world.me, world.desk, row).value
    assert (view.complete_by, view.missing) == (None, ())
    with pytest.raises(UserError):
        referrals.complete_referral(world.me, world.desk, row, supervisor_opinion="x")
