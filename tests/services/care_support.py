"""What tests of tiers and follow-up need: evidence, a confirmed tier, and the stored tasks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from counselroom.rules.access import Actor
from counselroom.rules.care_words import CareTier, FollowUpMode, TierSubtype
from counselroom.rules.tiers import Evidence, EvidenceKind
from counselroom.services import follow_ups
from counselroom.services.tiers import TierData, TierView, confirm_tier, propose_tier
from tests.services.world import World

TODAY = date(2026, 10, 12)
TALK = Evidence(EvidenceKind.INTERVIEW, "访谈：近两周睡不好")
SCALE = Evidence(EvidenceKind.SCALE, "量表分数偏高")
PAPER = Evidence(EvidenceKind.HOSPITAL, "医院诊疗手册第 3 页")


def tier_data(world: World, **changes: Any) -> TierData:
    fields: dict[str, Any] = {
        "student_id": world.students[0],
        "tier": CareTier.KEY_INTERVENTION,
        "subtype": TierSubtype.SCREEN2_MODERATE_MILD,
        "evidence": (TALK,),
        "contact_name": "陈老师",
    }
    return TierData(**(fields | changes))


def proposed(world: World, actor: Actor | None = None, **changes: Any) -> TierView:
    return propose_tier(actor or world.me, world.desk, tier_data(world, **changes)).value


def confirmed(world: World, **changes: Any) -> TierView:
    return confirm_tier(world.me, world.desk, proposed(world, **changes).id).value


def stored(world: World, where: str = "1", **values: Any) -> list[tuple[Any, ...]]:
    """Return rule, number, due day and state of the tasks that are not void."""
    return world.sql(
        f"SELECT rule, nth, due_on, state FROM follow_up_task WHERE voided_at IS NULL AND {where} ORDER BY rule, nth",
        **values,
    )


def care_records(world: World, long: str = "") -> dict[str, str]:
    """Return a record of each kind that a form of follow-up is filled from, with `long` behind every free text."""
    world.case(student=1)
    confirmed(world, student_id=world.students[1])
    task = follow_ups.tasks_of(world.me, world.desk, world.students[1])[0]
    texts = {name: f"{name}的情况{long}" for name in ("mood", "sleep", "study", "social", "family", "peers_say")}
    data = follow_ups.FollowUpData(
        TODAY, FollowUpMode.TALK, change=f"比上次好{long}", measures=f"继续{long}", next_on=TODAY, **texts
    )
    done = follow_ups.finish_task(world.me, world.desk, task.id, data).value
    return {
        "follow_up": done.record_id,
        "follow_up_plan": world.students[1],
        "statistics": "2026-09-01_2027-01-20",
    }


def planted_care(world: World, student_id: str, plant: Callable[[str], str]) -> dict[str, str]:
    """Return a record of each kind for one student whose free texts say their own paths."""
    confirmed(world, student_id=student_id)
    task = follow_ups.tasks_of(world.me, world.desk, student_id)[0]
    names = ("done_by", "mood", "sleep", "study", "social", "family", "peers_say", "change", "measures")
    texts = {name: plant(f"follow_up.{name}") for name in names}
    data = follow_ups.FollowUpData(TODAY, FollowUpMode.TALK, **texts)
    done = follow_ups.finish_task(world.me, world.desk, task.id, data).value
    return {"follow_up": done.record_id, "follow_up_plan": student_id, "statistics": "2026-09-01_2027-01-20"}


def pass_days(world: World, days: int) -> None:
    world.clock.moment += timedelta(days=days)
