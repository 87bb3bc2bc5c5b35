"""Tiers: who may confirm what on which evidence, and what becomes of a tier."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from counselroom.errors import UserError
from counselroom.rules.care_words import CareTier, TierChange, TierState, TierSubtype
from counselroom.rules.people import StudentStatus
from counselroom.rules.tiers import SUBTYPES, Evidence, EvidenceKind, TierObstacle, change_of, obstacles
from counselroom.services import parameters, students
from counselroom.services.desk import AccessDenied
from counselroom.services.tiers import (
    NotReadyToConfirm,
    confirm_tier,
    end_tier,
    hand_over_tier,
    list_tiers,
    propose_tier,
    reject_tier,
    review_tier,
    tiers_of,
)
from counselroom.services.undo import take_back
from tests.services.care_support import PAPER, SCALE, TALK, TODAY, confirmed, pass_days, proposed, stored, tier_data
from tests.services.world import NAMES, STAFF, World


def test_every_subtype_belongs_to_one_tier() -> None:
    assert sorted(each for kinds in SUBTYPES.values() for each in kinds) == sorted(TierSubtype)


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (None, CareTier.GROUP_SUPPORT, TierChange.NEW),
        (CareTier.GROUP_SUPPORT, CareTier.KEY_INTERVENTION, TierChange.UPGRADE),
        (CareTier.KEY_INTERVENTION, CareTier.KEY_CONCERN, TierChange.UPGRADE),
        (CareTier.KEY_CONCERN, CareTier.GROUP_SUPPORT, TierChange.DOWNGRADE),
        (CareTier.KEY_INTERVENTION, CareTier.KEY_INTERVENTION, TierChange.SAME),
    ],
)
def test_what_a_change_is(before: CareTier | None, after: CareTier, change: TierChange) -> None:
    assert change_of(before, after) is change


def test_r_12_a_scale_alone_never_sets_a_tier(world: World) -> None:
    proposal = proposed(world, evidence=(SCALE, Evidence(EvidenceKind.INTERVIEW, "  ")))
    assert not proposal.may_confirm
    with pytest.raises(NotReadyToConfirm) as caught:
        confirm_tier(world.me, world.desk, proposal.id)
    assert caught.value.obstacles == (TierObstacle.SCALE_ALONE,)
    assert stored(world) == []
    assert obstacles(CareTier.KEY_INTERVENTION, TierChange.NEW, (SCALE, TALK)) == ()


def test_the_first_tier_needs_the_paper_of_a_hospital_and_a_lower_one_an_interview() -> None:
    concern, group = CareTier.KEY_CONCERN, CareTier.GROUP_SUPPORT
    assert obstacles(concern, TierChange.NEW, (TALK,)) == (TierObstacle.NO_HOSPITAL_PAPER,)
    assert obstacles(concern, TierChange.NEW, (PAPER,)) == ()
    assert obstacles(group, TierChange.DOWNGRADE, (PAPER,)) == (TierObstacle.NO_ASSESSMENT,)
    assert obstacles(group, TierChange.DOWNGRADE, (TALK,)) == ()


def test_a_new_tier_is_proposed_by_the_counsellor_and_confirmed_by_the_director(world: World) -> None:
    proposal = proposed(world, world.colleague)
    assert (proposal.state, proposal.change, proposal.may_confirm) == (TierState.PROPOSED, TierChange.NEW, False)
    assert (proposal.student_name, proposal.counsellor_name) == (NAMES[0], STAFF[1])
    assert proposal.rules == ("FR-07", "FR-08", "FR-09")
    assert stored(world) == []
    with pytest.raises(AccessDenied):
        confirm_tier(world.colleague, world.desk, proposal.id)
    done = confirm_tier(world.me, world.desk, proposal.id)
    tier = done.value
    assert (tier.state, tier.effective_on, tier.decided_by) == (TierState.CONFIRMED, TODAY, STAFF[0])
    assert tier.review_due_on == TODAY + timedelta(days=30)
    assert ("tier_record", tier.id) in done.changes.changed
    assert {kind for kind, _ in done.changes.changed} == {"tier_record", "follow_up_task"}
    assert {row[0] for row in stored(world)} == {"FR-07", "FR-08", "FR-09"}
    owners = world.sql("SELECT DISTINCT owner_id FROM follow_up_task")
    assert owners == [(world.colleague.person_id,)]
    assert [row.action for row in world.audit()][-1] == "write"


def test_archivist_may_not_write_a_tier(world: World) -> None:
    with pytest.raises(AccessDenied):
        propose_tier(world.people.archivist, world.desk, tier_data(world))


def test_a_higher_tier_holds_at_once_and_a_lower_one_is_the_directors(world: World) -> None:
    first = confirmed(world)
    up = proposed(
        world, world.colleague, tier=CareTier.KEY_CONCERN, subtype=TierSubtype.STUDY_UNDER_TREATMENT, evidence=(PAPER,)
    )
    assert up.may_confirm
    higher = confirm_tier(world.colleague, world.desk, up.id).value
    assert (higher.change, higher.state) == (TierChange.UPGRADE, TierState.CONFIRMED)
    states = {view.id: view.state for view in tiers_of(world.me, world.desk, world.students[0])}
    assert states == {first.id: TierState.CHANGED, higher.id: TierState.CONFIRMED}
    down = proposed(world, tier=CareTier.GROUP_SUPPORT, subtype=TierSubtype.SCREEN3)
    with pytest.raises(AccessDenied):
        confirm_tier(world.colleague, world.desk, down.id)
    assert confirm_tier(world.me, world.desk, down.id).value.change is TierChange.DOWNGRADE


def test_a_change_ends_old_tasks_and_says_so(world: World) -> None:
    confirmed(world)
    confirmed(world, subtype=TierSubtype.ACUTE_STRESS)
    assert {row[0] for row in stored(world, "state = 'open'")} == {"FR-10", "FR-11"}
    assert {row[0] for row in stored(world, "state = 'ended'")} == {"FR-07", "FR-08", "FR-09"}
    assert world.sql("SELECT DISTINCT close_reason FROM follow_up_task WHERE state = 'ended'") == [("分级已变更",)]


@pytest.mark.parametrize("wrong", ["subtype", "twice", "same", "left", "nobody"])
def test_what_cannot_be_proposed(world: World, wrong: str) -> None:
    data = tier_data(world)
    if wrong == "subtype":
        data = tier_data(world, subtype=TierSubtype.SCREEN3)
    elif wrong == "twice":
        proposed(world)
    elif wrong == "same":
        confirmed(world)
    elif wrong == "left":
        students.set_status(world.me, world.desk, world.students[0], StudentStatus.GRADUATED, TODAY)
    else:
        data = tier_data(world, student_id="nobody")
    before = world.sql("SELECT count(*) FROM tier_record")
    with pytest.raises(UserError):
        propose_tier(world.me, world.desk, data)
    assert world.sql("SELECT count(*) FROM tier_record") == before


def test_a_proposal_is_rejected_or_taken_back(world: World) -> None:
    done = propose_tier(world.me, world.desk, tier_data(world))
    with pytest.raises(UserError):
        reject_tier(world.me, world.desk, done.value.id, " ")
    assert done.changes.undo is not None
    assert take_back(world.me, world.desk, done.changes.undo).value.state is TierState.REJECTED
    for step in (confirm_tier, lambda *args: reject_tier(*args, "理由")):
        with pytest.raises(UserError):
            step(world.me, world.desk, done.value.id)
    assert confirmed(world).state is TierState.CONFIRMED


def test_a_tier_may_have_begun_before_but_not_begin_later(world: World) -> None:
    proposal = proposed(world)
    with pytest.raises(UserError):
        confirm_tier(world.me, world.desk, proposal.id, TODAY + timedelta(days=1))
    tier = confirm_tier(world.me, world.desk, proposal.id, date(2026, 10, 5)).value
    assert tier.effective_on == date(2026, 10, 5)
    assert ("FR-07", 1, "2026-10-09", "open") in stored(world)


def test_ending_is_the_directors_needs_a_reason_and_closes_what_is_open(world: World) -> None:
    tier = confirmed(world)
    with pytest.raises(UserError):
        end_tier(world.me, world.desk, tier.id, "  ")
    with pytest.raises(AccessDenied):
        end_tier(world.colleague, world.desk, tier.id, "已好转")
    ended = end_tier(world.me, world.desk, tier.id, "评估书：已好转").value
    assert (ended.state, ended.end_reason) == (TierState.ENDED, "评估书：已好转")
    assert stored(world, "state = 'open'") == []
    for again in (
        lambda: end_tier(world.me, world.desk, tier.id, "x"),
        lambda: review_tier(world.me, world.desk, tier.id),
    ):
        with pytest.raises(UserError):
            again()
    assert confirmed(world).change is TierChange.NEW


def test_the_review_clock_starts_anew_with_each_review(world: World) -> None:
    tier = confirmed(world)
    pass_days(world, 30)
    (found,) = list_tiers(world.me, world.desk)
    assert found.is_review_due
    parameters.set_parameter(world.me, world.desk, "tier_review_days", 7)
    reviewed = review_tier(world.me, world.desk, tier.id, found.seen).value
    assert (reviewed.review_due_on, reviewed.is_review_due) == (TODAY + timedelta(days=37), False)
    with pytest.raises(UserError):
        review_tier(world.me, world.desk, tier.id, found.seen)


def test_handing_over_takes_open_tasks_along_and_can_be_undone(world: World) -> None:
    tier = confirmed(world)
    done = hand_over_tier(world.me, world.desk, tier.id, world.colleague.person_id, "王老师")
    assert (done.value.counsellor_name, done.value.data.contact_name) == (STAFF[1], "王老师")
    assert world.sql("SELECT DISTINCT owner_id FROM follow_up_task") == [(world.colleague.person_id,)]
    assert done.changes.undo is not None
    back = take_back(world.me, world.desk, done.changes.undo).value
    assert (back.counsellor_name, back.data.contact_name) == (STAFF[0], "陈老师")
    assert world.sql("SELECT DISTINCT owner_id FROM follow_up_task") == [(world.me.person_id,)]
    with pytest.raises(UserError):
        hand_over_tier(world.me, world.desk, tier.id, world.students[1])
