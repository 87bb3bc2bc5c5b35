"""What tests of 专案 do often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from counselroom.rules.crisis_words import (
    AssessmentSource,
    ContactOutcome,
    ContactPurpose,
    ContactRole,
    CrisisKind,
    CrisisLevel,
    Ideation,
    StepState,
)
from counselroom.services import crisis, crisis_assessments, crisis_log, crisis_papers, crisis_steps
from counselroom.services.crisis_rows import EventData
from counselroom.services.crisis_subjects import ASSESSMENT_TEXTS, REPORT_TEXTS
from counselroom.services.crisis_views import StepView
from tests.services.world import GUARDIAN, World


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


def crisis_records(world: World, long: str = "") -> dict[str, str]:
    """Return a record of each kind that a form of the crisis is filled from, with `long` behind every free text."""
    event_id = begin(world, facts=f"课间同学告诉班主任{long}", measures=f"已陪同到辅导室{long}")
    assessment = crisis_assessments.draft_assessment(
        world.me, world.desk, assessment_data(world, emotion=f"近两周明显低落{long}", advice=f"请家长到校{long}")
    ).value
    for purpose, role in (
        (ContactPurpose.REPORT, ContactRole.SCHOOL_LEADER),
        (ContactPurpose.NOTIFY, ContactRole.GUARDIAN),
    ):
        data = crisis_log.ContactData(role, GUARDIAN, ContactOutcome.REACHED, purpose, said=f"同意到校{long}")
        crisis_log.attempt_contact(world.me, world.desk, event_id, data)
    step = step_named(world, event_id, "CK-E-01")
    crisis_steps.complete_step(world.me, world.desk, step.id, note=f"学生在辅导室，安全{long}")
    notice = crisis_papers.write_notice(
        world.me,
        world.desk,
        event_id,
        crisis_papers.NoticeData(GUARDIAN, f"孩子今天情绪低落{long}", f"请今天四点前到校{long}", "林老师"),
    ).value
    crisis_papers.issue_notice(world.me, world.desk, notice.id)
    report = crisis_papers.write_report(
        world.me,
        world.desk,
        event_id,
        crisis_papers.ReportData(f"学生本人{long}", f"上午发现{long}", f"陪护并通知{long}", cause=f"待了解{long}"),
    ).value
    crisis_papers.issue_report(world.me, world.desk, report.id)
    return {
        "crisis_assessment": assessment.id,
        "crisis_event": event_id,
        "guardian_notice": notice.id,
        "crisis_report": report.id,
    }


def planted_crisis(world: World, student_id: str, plant: Callable[[str], str]) -> dict[str, str]:
    """Return records of the crisis in which every text says its own path."""
    texts = {name: plant(f"assessment.{name}") for name in ASSESSMENT_TEXTS}
    data = assessment_data(world, student_id=student_id, **texts)
    assessment = crisis_assessments.draft_assessment(world.me, world.desk, data).value
    facts = {name: plant(f"event.{name}") for name in ("found_by", "place", "facts", "measures", "commander")}
    event_id = begin(world, student_id=student_id, **facts)
    told = crisis_papers.NoticeData(
        plant("notice.addressee"), plant("notice.facts"), plant("notice.request"), plant("notice.contact_person")
    )
    notice = crisis_papers.write_notice(world.me, world.desk, event_id, told).value
    crisis_papers.issue_notice(world.me, world.desk, notice.id)
    report_data = crisis_papers.ReportData(**{name: plant(f"report.{name}") for name in REPORT_TEXTS})
    report = crisis_papers.write_report(world.me, world.desk, event_id, report_data).value
    crisis_papers.issue_report(world.me, world.desk, report.id)
    return {
        "crisis_assessment": assessment.id,
        "crisis_event": event_id,
        "guardian_notice": notice.id,
        "crisis_report": report.id,
    }
