"""What tests of tiers and follow-up need: evidence, a confirmed tier, and the stored tasks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from counselroom.rules.access import Actor
from counselroom.rules.care_words import CareTier, TierSubtype
from counselroom.rules.tiers import Evidence, EvidenceKind
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


def pass_days(world: World, days: int) -> None:
    world.clock.moment += timedelta(days=days)
