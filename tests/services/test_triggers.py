"""The table of what one system sets off in another (requirements §3.G), each row of it."""

from __future__ import annotations

from datetime import date

import pytest

from counselroom.rules.care_words import FollowUpOrigin, TierSubtype
from counselroom.rules.people import StudentStatus
from counselroom.services import students, triggers
from counselroom.services.follow_up_plans import go_on
from counselroom.services.tiers import end_tier
from counselroom.services.triggers import TABLE, Event, Happened
from counselroom.services.undo import take_back
from tests.services.care_support import TODAY, confirmed, pass_days, proposed, stored
from tests.services.world import World

RULES_OF = {
    TierSubtype.SCREEN2_MODERATE_MILD: {"FR-07", "FR-08", "FR-09"},
    TierSubtype.SCREEN2_SEVERE: {"FR-06"},
    TierSubtype.ACUTE_STRESS: {"FR-10", "FR-11"},
}


def tell(world: World, what: Happened, record: str | None = "e1", on: date = TODAY) -> None:
    with world.desk.change() as work:
        triggers.fire(work, world.me, Event(what, world.students[0], record, world.me.person_id, on))


def rules(world: World, state: str = "open") -> set[str]:
    return {row[0] for row in stored(world, f"state = '{state}'")}


def crisis(world: World, kind: str, level: str) -> None:
    """Store a 专案 as the crisis services do, column by column."""
    names = [row[1] for row in world.sql("PRAGMA table_info(crisis_event)") if row[3]]
    values = dict.fromkeys(names, "")
    moment = "2026-10-12T01:00:00.000000Z+08:00"
    for name in names:
        if name.endswith("_at"):
            values[name] = moment
        elif name.endswith("_on"):
            values[name] = "2026-10-12"
    values |= {
        "id": "crisis-1",
        "code": "Z2026-001",
        "student_id": world.students[0],
        "counsellor_id": world.me.person_id,
        "kind": kind,
        "level": level,
        "state": "follow_up",
        "secrecy": "S3",
    }
    sql = f"INSERT INTO crisis_event ({', '.join(values)}) VALUES ({', '.join('?' for _ in values)})"
    with world.desk.vault.change() as session:
        session.connection().exec_driver_sql(sql, tuple(values.values()))


def test_the_table_answers_everything_that_can_happen() -> None:
    assert set(TABLE) == set(Happened)
    assert all(TABLE.values())


@pytest.mark.parametrize("subtype", list(RULES_OF))
def test_a_confirmed_tier_makes_the_tasks_of_its_kind(world: World, subtype: TierSubtype) -> None:
    confirmed(world, subtype=subtype)
    assert rules(world) == RULES_OF[subtype]


def test_a_changed_tier_replaces_tasks_and_closes_those_of_before(world: World) -> None:
    confirmed(world)
    confirmed(world, subtype=TierSubtype.ACUTE_STRESS)
    assert rules(world) == RULES_OF[TierSubtype.ACUTE_STRESS]
    assert rules(world, "ended") == RULES_OF[TierSubtype.SCREEN2_MODERATE_MILD]


def test_an_ended_tier_never_makes_tasks_again(world: World) -> None:
    tier = confirmed(world)
    end_tier(world.me, world.desk, tier.id, "已好转")
    pass_days(world, 60)
    assert go_on(world.me, world.desk).value.made == 0
    assert rules(world) == set()


def test_a_leave_pauses_what_needs_the_student_at_school_and_a_return_goes_on_with_it(world: World) -> None:
    confirmed(world)
    students.set_status(world.me, world.desk, world.students[0], StudentStatus.ON_LEAVE)
    assert rules(world) == {"FR-08"}
    assert world.sql("SELECT DISTINCT close_reason FROM follow_up_task WHERE state = 'ended'") == [
        ("休学，在校类任务暂停",)
    ]
    pass_days(world, 40)
    go_on(world.me, world.desk)
    assert rules(world) == {"FR-08"}
    students.set_status(world.me, world.desk, world.students[0], StudentStatus.ENROLLED)
    assert rules(world) == {"FR-07", "FR-08", "FR-09", "FR-20", "FR-22"}
    weekly = stored(world, "rule = 'FR-07'")
    assert [row[1] for row in weekly] == list(range(1, len(weekly) + 1))
    assert min(row[2] for row in weekly if row[3] == "open") > "2026-11-20"


def test_a_return_after_an_attempt_is_followed_for_a_year(world: World) -> None:
    crisis(world, "attempt", "severe")
    students.set_status(world.me, world.desk, world.students[0], StudentStatus.ON_LEAVE)
    pass_days(world, 30)
    students.set_status(world.me, world.desk, world.students[0], StudentStatus.ENROLLED)
    assert rules(world) == {"FR-20", "FR-22", "FR-23", "FR-24", "FR-25"}
    assert ("FR-22", 1, "2026-11-18", "open") in stored(world)
    for _month in range(30):
        pass_days(world, 14)
        go_on(world.me, world.desk)
    assert [len(stored(world, f"rule = '{key}'")) for key in ("FR-23", "FR-24", "FR-25")] == [26, 12, 26]


@pytest.mark.parametrize(
    ("kind", "level", "high"),
    [
        ("attempt", "moderate", True),
        ("ideation", "severe", True),
        ("ideation", "moderate", False),
        ("stress", "severe", False),
    ],
)
def test_which_return_is_one_of_high_risk(world: World, kind: str, level: str, high: bool) -> None:
    crisis(world, kind, level)
    with world.desk.look() as work:
        assert triggers.is_high_risk(work, world.students[0]) is high
        assert not triggers.is_high_risk(work, world.students[1])


def test_a_status_set_by_mistake_leaves_the_tasks_as_they_were(world: World) -> None:
    confirmed(world)
    before = stored(world)
    for status in (StudentStatus.ON_LEAVE, StudentStatus.GRADUATED):
        pass_days(world, 0)
        left = TODAY if status is StudentStatus.GRADUATED else None
        done = students.set_status(world.me, world.desk, world.students[0], status, left)
        assert stored(world) != before
        world.clock.moment = world.clock.moment.replace(minute=world.clock.moment.minute + 1)
        assert done.changes.undo is not None
        take_back(world.me, world.desk, done.changes.undo)
        assert stored(world) == before
        world.clock.moment = world.clock.moment.replace(minute=world.clock.moment.minute + 1)


def test_leaving_the_school_closes_everything(world: World) -> None:
    confirmed(world)
    students.set_status(world.me, world.desk, world.students[0], StudentStatus.GRADUATED, TODAY)
    assert rules(world) == set()
    pass_days(world, 60)
    assert go_on(world.me, world.desk).value.made == 0


def test_a_tier_confirmed_during_a_leave_begins_at_school_with_the_return(world: World) -> None:
    students.set_status(world.me, world.desk, world.students[0], StudentStatus.ON_LEAVE)
    confirmed(world)
    assert rules(world) == {"FR-08"}
    pass_days(world, 7)
    students.set_status(world.me, world.desk, world.students[0], StudentStatus.ENROLLED)
    assert {"FR-07", "FR-08", "FR-09"} <= rules(world)


def test_a_crisis_has_its_guard_and_then_its_follow_up(world: World) -> None:
    tell(world, Happened.CRISIS_RESPONSE)
    assert rules(world) == {"FR-12"}
    tell(world, Happened.CRISIS_RESPONSE)
    assert len({row[1] for row in stored(world)}) == len(stored(world))
    tell(world, Happened.CRISIS_RESPONSE_OVER)
    assert rules(world) == set()
    tell(world, Happened.CRISIS_OVER)
    assert rules(world) == {"FR-26"}
    assert world.sql("SELECT DISTINCT origin, origin_id FROM follow_up_task WHERE state = 'open'") == [
        (FollowUpOrigin.CRISIS.value, "e1")
    ]


def test_a_crisis_that_is_over_ends_its_guard(world: World) -> None:
    tell(world, Happened.CRISIS_RESPONSE)
    tell(world, Happened.CRISIS_OVER)
    assert rules(world) == {"FR-26"}


def test_a_closed_case_is_followed_by_the_term(world: World) -> None:
    tell(world, Happened.CASE_CLOSED, "case-1")
    assert stored(world) == [("FR-27", 1, "2027-01-08", "open")]


def test_a_proposal_alone_sets_nothing_off(world: World) -> None:
    proposed(world)
    assert stored(world) == []
