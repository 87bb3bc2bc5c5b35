"""What tests of 专案 do often."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from counselroom.rules.crisis_words import AssessmentSource, CrisisKind, CrisisLevel, Ideation, StepState
from counselroom.services import crisis, crisis_assessments, crisis_steps
from counselroom.services.crisis_rows import EventData
from counselroom.services.crisis_views import StepView
from tests.services.world import World


def event_data(world: World, **changes: Any) -> EventData:
    fields: dict[str, Any] = {
        "student_id": world.students[0],
        "found_at": world.clock.now(),
        "kind": CrisisKind.IDEATION,
        "level": CrisisLevel.SEVERE,
        "found_by": "班主任",
        "place": "教学楼三层",
        "facts": "课间同学告诉班主任",
        "measures": "已陪同到辅导室",
    }
    return EventData(**(fields | changes))


def begin(world: World, **changes: Any) -> str:
    return crisis.start_event(world.me, world.desk, event_data(world, **changes)).value


def assessment_data(world: World, **changes: Any) -> crisis_assessments.AssessmentData:
    fields: dict[str, Any] = {
        "student_id": world.students[0],
        "assessed_at": world.clock.now(),
        "source": AssessmentSource.TEACHER,
        "criteria": ("C01", "C18"),
        "ideation": Ideation.ACTIVE,
        "level": CrisisLevel.SEVERE,
        "opinion": "建议专业机构进一步评估，校内专人陪护",
        "emotion": "近两周明显低落",
        "protective": "与母亲关系好",
    }
    return crisis_assessments.AssessmentData(**(fields | changes))


def step_named(world: World, event_id: str, item: str) -> StepView:
    found = crisis.event(world.me, world.desk, event_id).steps
    return next(step for step in found if step.item == item)


def pass_time(world: World, hours: float) -> datetime:
    world.clock.moment += timedelta(hours=hours)
    return world.clock.moment


def settle_all(world: World, event_id: str, actor: Any = None) -> None:
    """Follow the band until nothing is open."""
    while (named := crisis.event(world.me, world.desk, event_id).next_step) is not None:
        crisis_steps.skip_step(actor or world.me, world.desk, named, "已并入其他事项")
    assert all(step.state is not StepState.OPEN for step in crisis.event(world.me, world.desk, event_id).steps)
