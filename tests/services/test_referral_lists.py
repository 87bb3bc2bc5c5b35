"""The list and the page of referrals, each in one read: what presses first, who may see what, the line of steps."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from counselroom.rules.counselling import ConsentKind, RiskLevel
from counselroom.rules.people import StudentStatus
from counselroom.rules.referral import (
    CompletionState,
    ConsentAnswer,
    ReferralState,
    ReferralUrgency,
    Standing,
    standing,
)
from counselroom.services import cases, referrals, students
from counselroom.services.desk import AccessDenied
from counselroom.services.referral_lists import referral_lines
from counselroom.services.referral_sheets import referral_sheet
from tests.services.crisis_support import begin
from tests.services.world import NAMES, World

REPLY = referrals.FeedbackData(
    date(2026, 10, 12), "青禾市第三医院", "门诊随访", date(2026, 10, 11), "可正常在校", date(2026, 10, 26)
)


def issued(world: World, **changes: object) -> str:
    return referrals.issue_referral(world.me, world.desk, world.referral(**changes)).value.id


@pytest.mark.parametrize(
    ("state", "days", "stands"),
    [
        (ReferralState.ASSESSED, 40, Standing.DRAFT),
        (ReferralState.ISSUED, 6, Standing.WAITING),
        (ReferralState.ISSUED, 7, Standing.NO_REPLY),
        (ReferralState.TREATED, 8, Standing.NO_REPLY),
        (ReferralState.FEEDBACK_RECEIVED, 40, Standing.REPLIED),
        (ReferralState.REFUSED, 1, Standing.OVER),
    ],
)
def test_where_a_referral_stands(state: ReferralState, days: int, stands: Standing) -> None:
    assert standing(state, days, 7) is stands


def test_what_presses_stands_first(world: World) -> None:
    old = issued(world)
    world.clock.moment += timedelta(days=31)
    middle = issued(world, student_id=world.students[1])
    world.clock.moment += timedelta(days=8)
    replied = issued(world, student_id=world.students[2])
    referrals.record_feedback(world.me, world.desk, replied, REPLY)
    draft = world.referral()
    emergency = issued(world, urgency=ReferralUrgency.EMERGENCY, emergency_basis="有自伤计划", supervisor_opinion=None)
    lines = referral_lines(world.me, world.desk)
    assert [line.id for line in lines] == [emergency, old, middle, draft, replied]
    by_id = {line.id: line for line in lines}
    assert (by_id[old].standing, by_id[old].waited_days, by_id[old].is_long) == (Standing.NO_REPLY, 39, True)
    assert (by_id[middle].standing, by_id[middle].is_long) == (Standing.NO_REPLY, False)
    assert by_id[replied].next_visit_on == date(2026, 10, 26)
    assert by_id[emergency].completion is CompletionState.RUNNING
    assert by_id[emergency].complete_by is not None
    assert by_id[old].student.name == NAMES[0]
    referrals.complete_referral(world.me, world.desk, emergency, supervisor_opinion="同意")
    line = next(line for line in referral_lines(world.me, world.desk) if line.id == emergency)
    assert (line.complete_by, line.completion) == (None, CompletionState.NOTHING_LEFT)


def test_anothers_has_no_recipient_and_a_restricted_one_is_not_there(world: World) -> None:
    issued(world)
    case = world.case()
    cases.restrict_case(world.me, world.desk, case, restricted=True)
    issued(world, case_id=case)
    (line,) = referral_lines(world.colleague, world.desk)
    assert (line.to_name, line.readable, line.is_mine, line.who) == ("", False, False, "林老师")
    assert len(referral_lines(world.me, world.desk)) == 2
    assert [row.entity_id for row in world.audit() if row.entity == "referral" and row.action == "read"] == ["list"]


def test_a_new_one_begins_with_the_facts_of_the_case_and_nothing_of_a_session(world: World) -> None:
    world.note("会谈里的话")
    event = begin(world)
    sheet = referral_sheet(world.me, world.desk, student_id=world.students[0], event_id=event)
    assert sheet.view is None
    assert sheet.proposed.reason == "课间同学告诉班主任"
    assert sheet.proposed.risk is RiskLevel.SEVERE
    assert sheet.proposed.session_excerpt is None
    assert "会谈里的话" not in str(sheet)
    other = referral_sheet(world.me, world.desk, student_id=world.students[1], event_id=event)
    assert other.proposed.reason == ""


def test_the_course_is_a_line_of_days(world: World) -> None:
    row = issued(world)
    steps = referral_sheet(world.me, world.desk, referral_id=row).steps
    assert (steps.issued_on, steps.seen_on, steps.replied_on) == (date(2026, 10, 12), None, None)
    referrals.record_feedback(world.me, world.desk, row, REPLY)
    students.set_status(world.me.because("就诊休养"), world.desk, world.students[0], StudentStatus.ON_LEAVE)
    students.set_status(world.me.because("复学"), world.desk, world.students[0], StudentStatus.ENROLLED)
    sheet = referral_sheet(world.me, world.desk, referral_id=row)
    assert sheet.steps.replied_on == date(2026, 10, 12)
    assert sheet.steps.seen_on == date(2026, 10, 11)
    assert sheet.steps.assess_by is not None
    assert sheet.steps.assessed_on is None
    assert not sheet.awaits_reply
    assert sheet.replies[0].recommendation == "门诊随访"


def test_consents_replies_and_what_was_added_come_along(world: World) -> None:
    assert referral_sheet(world.me, world.desk, student_id=world.students[0]).consented_on is None
    world.consent(kind=ConsentKind.GUARDIAN)
    row = issued(
        world,
        urgency=ReferralUrgency.EMERGENCY,
        emergency_basis="有自伤计划",
        guardian_consent=ConsentAnswer.PENDING,
    )
    referrals.complete_referral(world.me, world.desk, row, guardian_consent=ConsentAnswer.AGREED)
    sheet = referral_sheet(world.me, world.desk, referral_id=row)
    assert sheet.consented_on == date(2026, 10, 11)
    assert sheet.consented_by == "父亲"
    assert [added.consent for added in sheet.added] == [ConsentAnswer.AGREED]
    assert (sheet.issuer, sheet.counsellor, sheet.files) == ("林老师", "林老师", 0)
    assert sheet.awaits_reply


def test_anothers_referral_is_not_opened_without_a_reason(world: World) -> None:
    row = issued(world)
    with pytest.raises(AccessDenied):
        referral_sheet(world.colleague, world.desk, referral_id=row)
    assert referral_sheet(world.director.because("督导"), world.desk, referral_id=row).is_director
